"""`make compose`: docker-compose.yml tried with a real Docker.

Builds the images, starts the stack with a project name and ports of its own, checks it as a visitor and
as an operator, and removes everything. Prints one line per check; the exit status says whether all
passed. Needs Docker with Compose 2 and this Python, nothing else.
"""

import contextlib
import functools
import http.client
import json
import os
import re
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = f"careers-check-{os.getpid()}"
# Headings of docs/operating.md
UPDATE, BACKUP, RESTORE = "Zero-downtime updates", "Backups", "Restoring a backup"
WAIT = ("--detach", "--wait", "--wait-timeout", "180")
PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the stack is removed
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        sys.exit("This needs Docker with Compose 2 (`docker compose version` must work).")
    failures = 0
    stack = Stack()
    try:
        for check in CHECKS:
            start = time.monotonic()
            try:
                output = check(stack)
                error = None
            except Exception as exception:
                error = str(exception) or repr(exception)
            elapsed = f"{time.monotonic() - start:.0f} s"
            name = check.__doc__
            if error is None:
                print(f"ok      {name} ({', '.join(filter(None, [output, elapsed]))})", flush=True)
                continue
            failures += 1
            print(f"FAILED  {name} ({elapsed})\n        {error}", flush=True)
            if check in (builds, starts):
                break
        if failures:
            print(stack.logs()[-4000:])
    finally:
        stack.remove()
    print(f"{failures} checks failed." if failures else "All checks passed.")
    return 1 if failures else 0


class Failed(Exception):
    """A command that failed, with the end of its output."""


class Stack:
    """The containers of one Compose project, and a client that trusts their certificate."""

    def __init__(self):
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.http, self.https = (socket_.getsockname()[1] for socket_ in sockets)
        for socket_ in sockets:
            socket_.close()
        self.host = f"localhost:{self.https}"
        self.environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": PROJECT,
            "SECRET_KEY": secrets.token_urlsafe(60),
            "POSTGRES_PASSWORD": secrets.token_urlsafe(30),
            "DATABASE_PASSWORD": secrets.token_urlsafe(30),
            "SITE_URL": f"https://{self.host}",
            # No mail server is there: emails stay in the queue.
            "SMTP_URL": "smtp://nobody:secret@localhost:1",
            "MAIL_FROM": "Careers <careers@example.com>",
            # Without .env: settings of this machine's own site are ignored.
            "COMPOSE_ENV_FILES": os.devnull,
            "BIND_ADDRESS": "127.0.0.1",
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
            "TLS_DIR": "",
            "TRUSTED_NETWORKS": "",
            "WEB_REPLICAS": "",
        }
        self.video = None

    def docker(self, *arguments, timeout=600):
        result = subprocess.run(
            ["docker", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if result.returncode:
            raise Failed(
                f"docker {' '.join(arguments)}: {(result.stderr or result.stdout)[-1500:]}"
            )
        # The logs of a container are in both.
        return result.stdout + result.stderr if arguments[0] == "logs" else result.stdout

    def compose(self, *arguments, **options):
        return self.docker("compose", *arguments, **options)

    def follow(self, heading, home):
        """Run the commands under a heading of docs/operating.md, as a user with this home folder."""
        page = (ROOT / "docs/operating.md").read_text("utf-8")
        _, _, section = page.partition(f"\n## {heading}\n")
        commands = re.findall(r"```sh\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
        assert commands, f"docs/operating.md has no commands under {heading}"
        status, error = self.shell("\n".join(commands), home)
        if status:
            raise Failed(f"{heading}: {error[-1500:]}")

    def shell(self, script, home):
        """Run a shell script in the folder of the source; its exit status and its messages."""
        docker_config = os.environ.get("DOCKER_CONFIG") or str(Path.home() / ".docker")
        result = subprocess.run(
            ["sh", "-euc", script],
            cwd=ROOT,
            env={**self.environment, "HOME": str(home), "DOCKER_CONFIG": docker_config},
            capture_output=True,
            text=True,
            timeout=300,
        )
        return result.returncode, result.stderr

    def manage(self, *arguments):
        return self.compose("exec", "-T", "web", "python", "manage.py", *arguments)

    def containers(self):
        names = self.compose("ps", "--all", "--quiet").split()
        return json.loads(self.docker("inspect", *names))

    def of(self, service):
        label = "com.docker.compose.service"
        return [
            container
            for container in self.containers()
            if container["Config"]["Labels"][label] == service
        ]

    def logs(self):
        with contextlib.suppress(Failed):
            return self.compose("logs", "--no-color", "--tail", "40")
        return ""

    def remove(self):
        """Remove containers, volumes and images of this project."""
        with contextlib.suppress(Failed):
            self.docker("rm", "--force", f"{PROJECT}-other")
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")
        with contextlib.suppress(Failed):
            self.docker("image", "rm", f"{PROJECT}-web", f"{PROJECT}-proxy")

    @functools.cached_property
    def trust(self):
        path = "/srv/tls/self-signed-by-proxy.pem"
        certificate = self.compose("exec", "-T", "proxy", "openssl", "x509", "-in", path)
        return ssl.create_default_context(cadata=certificate)

    def request(self, path, method="GET", body=None, plain=False, **headers):
        """Status, headers (names in lower case) and body of a response."""
        if plain:
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=30)
        else:
            connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=30)
            raw = socket.create_connection(("127.0.0.1", self.https), 30)
            connection.sock = self.trust.wrap_socket(raw, server_hostname="localhost")
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Host": self.host, **headers})
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def page(self, path):
        status, headers, body = self.request(path)
        assert status == 200, f"{path} has status {status}"
        return headers, body.decode()

    def wait_until(self, condition, description):
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            if condition():
                return
            time.sleep(0.5)
        raise AssertionError(f"timed out waiting until {description}")


def has(headers, expected):
    for name, value in expected.items():
        assert headers.get_all(name) is not None, f"no {name}"
        assert len(headers.get_all(name)) == 1, f"{name} twice"
        assert value in headers[name], f"{name}: {headers[name]}"


# --- The checks --------------------------------------------------------------------------------


def missing_variables(stack):
    """without required variables it does not start, and names them"""
    for name in ("SECRET_KEY", "DATABASE_PASSWORD", "POSTGRES_PASSWORD", "SMTP_URL", "MAIL_FROM"):
        environment = {**stack.environment, name: ""}
        command = ["docker", "compose", "config", "--quiet"]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert result.returncode and f"{name} is missing" in result.stderr, result.stderr


def builds(stack):
    """the images can be built"""
    stack.compose("build", timeout=1800)
    sizes = []
    for name in ("web", "proxy"):
        image = json.loads(stack.docker("image", "inspect", f"{PROJECT}-{name}"))[0]
        sizes.append(f"{name} {image['Size'] / 1e6:.0f} MB")
    for word in ("gcc", "pip", "git"):
        stack.docker(
            "run", "--rm", f"{PROJECT}-web", "sh", "-c", f"! command -v /srv/packages/bin/{word}"
        )
    files = stack.docker("run", "--rm", f"{PROJECT}-web", "ls", "-A").split()
    assert not {".env", ".git", "var", ".venv", "tests"} & set(files), files
    return ", ".join(sizes)


def starts(stack):
    """one command starts everything, healthy"""
    stack.compose("up", *WAIT)
    setup_containers = stack.of("setup")
    assert [container["State"]["ExitCode"] for container in setup_containers] == [0]


def redirects_to_https(stack):
    """http redirects to https"""
    status, headers, _ = stack.request("/en/roles/?q=a", plain=True)
    assert (status, headers["location"]) == (301, f"https://{stack.host}/en/roles/?q=a")


def loads_demo(stack):
    """the demo company can be loaded"""
    assert "Loaded the demo company" in stack.manage("load_demo")


def shows_pages(stack):
    """pages in both languages have all security headers and set no cookie"""
    for path in ("/en/", "/ja/", "/en/roles/", "/ja/roles/"):
        headers, text = stack.page(path)
        has(headers, PAGE_HEADERS)
        assert f'<html lang="{path[1:3]}"' in text
        assert "set-cookie" not in headers
        assert not re.search(r"nginx/|gunicorn", headers["server"]), headers["server"]


def shows_static_files(stack):
    """static files have them too, and are cached forever"""
    addresses = set(re.findall(r'"(/static/[^"]+)"', stack.page("/en/")[1]))
    assert addresses
    for address in addresses:
        status, headers, _ = stack.request(address)
        assert status == 200, f"{address} has status {status}"
        has(headers, {**PAGE_HEADERS, "cache-control": "immutable"})
    return f"{len(addresses)} files"


def shows_sign_in(stack):
    """the sign-in page sets only __Host- cookies, and they work over https"""
    address = "/admin/account/login/"
    assert stack.request("/admin/login/")[1]["location"] == address
    status, headers, body = stack.request(address)
    assert status == 200
    cookies = headers.get_all("set-cookie")
    assert cookies and all(re.match(r"__Host-.*; ?Secure", cookie) for cookie in cookies), cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())[1]
    status, _, body = stack.request(
        address,
        "POST",
        f"csrfmiddlewaretoken={token}&login=nobody%40example.com&password=wrong",
        Cookie="; ".join(cookie.partition(";")[0] for cookie in cookies),
        Origin=f"https://{stack.host}",
        Content_Type="application/x-www-form-urlencoded",
    )
    # The form again. 403 would mean that the site believes the request came over http.
    assert status == 200, f"signing in has status {status}"


def serves_video_ranges(stack):
    """byte ranges of a video are served"""
    for path in ("/en/", "/en/working-here/", "/en/hiring/"):
        match = re.search(r'"(/media/\w+\.mp4)"', stack.page(path)[1])
        stack.video = match[1] if match else stack.video
    assert stack.video, "no page shows a video"
    status, headers, body = stack.request(stack.video, Range="bytes=0-99")
    assert (status, len(body)) == (206, 100)
    assert headers["content-range"].startswith("bytes 0-99/")


def ignores_forwarded_headers(stack):
    """forwarded headers of visitors are ignored"""
    for claim in ("X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Forwarded-Protocol"):
        status, _, _ = stack.request("/en/", **{claim: "http"})
        assert status == 200, f"{claim} has status {status}"
    assert stack.request("/en/", Host="evil.example.org")[0] == 400
    status, headers, _ = stack.request("/en/", plain=True, Host="evil.example.org")
    assert headers["location"] == f"https://{stack.host}/en/"


def reports_readiness(stack):
    """the site says inside that it is ready; the worker is healthy; the proxy refuses to tell"""
    lines = stack.manage("readiness").splitlines()
    for name in ("database", "worker", "email", "documents"):
        assert f"ok       {name}" in lines, lines
    assert stack.request("/readyz")[0] == 404
    assert [container["State"]["Health"]["Status"] for container in stack.of("worker")] == [
        "healthy"
    ]


def limits_request_size(stack):
    """requests above 52 MB are refused in both languages, those below reach the site"""
    assert stack.request("/en/", "POST", b"a" * 51_000_000)[0] in (403, 405)
    status, headers, body = stack.request("/en/", "POST", Content_Length="60000000")
    assert status == 413
    assert "ファイル" in body.decode()
    has(headers, {"strict-transport-security": "max-age"})


def tolerates_slow_clients(stack):
    """thirty clients that send a form very slowly delay no one"""
    with contextlib.ExitStack() as sockets:
        for _ in range(30):
            socket_ = sockets.enter_context(
                socket.create_connection(("127.0.0.1", stack.https), 30)
            )
            socket_ = sockets.enter_context(
                stack.trust.wrap_socket(socket_, server_hostname="localhost")
            )
            head = f"POST /en/ HTTP/1.1\r\nHost: {stack.host}\r\nContent-Length: 9000\r\n\r\n"
            socket_.sendall(head.encode() + b"a")
        start = time.monotonic()
        stack.page("/en/")
        elapsed = time.monotonic() - start
    assert elapsed < 1, f"a page took {elapsed:.1f} s"


def limits_uploads(stack):
    """ten uploads of one network may be in progress; then others of it get the page of the proxy"""
    with contextlib.ExitStack() as sockets:
        for _ in range(10):
            raw = socket.create_connection(("127.0.0.1", stack.https), 30)
            socket_ = sockets.enter_context(
                stack.trust.wrap_socket(raw, server_hostname="localhost")
            )
            head = f"POST /en/ HTTP/1.1\r\nHost: {stack.host}\r\nContent-Length: 2000000\r\n\r\n"
            socket_.sendall(head.encode() + b"a")
        responses = []

        def is_limited():
            responses.append(stack.request("/en/", "POST", b"a" * 1_500_000))
            return responses[-1][0] == 429

        stack.wait_until(is_limited, "an upload is rejected")
        _, headers, body = responses[-1]
        assert headers["retry-after"] == "60"
        assert "cannot arrive twice" in body.decode() and "アクセス" in body.decode()
        assert stack.request("/en/", "POST", b"a" * 9000)[0] in (403, 405)

    def is_accepted():
        return stack.request("/en/", "POST", b"a" * 1_500_000)[0] in (403, 405)

    stack.wait_until(is_accepted, "uploads are accepted again")


def restricts_containers(stack):
    """containers are plain users on a read-only file system; only the proxy has ports outside"""
    for container in stack.containers():
        name, limits = container["Name"], container["HostConfig"]
        service = container["Config"]["Labels"]["com.docker.compose.service"]
        published = [
            port for port in (container["NetworkSettings"]["Ports"] or {}).values() if port
        ]
        assert bool(published) == (service == "proxy"), f"{name} publishes {published}"
        assert limits["CapDrop"] == ["ALL"], name
        assert "no-new-privileges:true" in limits["SecurityOpt"], name
        if service != "db":
            assert container["Config"]["User"].split(":")[0] not in ("", "0", "root"), name
            assert limits["ReadonlyRootfs"] and not limits["CapAdd"], name
    assert stack.compose("exec", "-T", "web", "id", "-u").strip() == "10001"


# Tries statements in the database as the site's user, and signing in as others. Prints what was allowed.
TRY_STATEMENTS = """
import os, psycopg
from urllib.parse import urlsplit
url = urlsplit(os.environ["DATABASE_URL"])
for statement in (
    "SELECT count(*) FROM roles_role",
    "CREATE TABLE intruder (id int)",
    "DROP TABLE applications_application",
    "TRUNCATE applications_application",
    "ALTER TABLE roles_role DISABLE TRIGGER ALL",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY roles_role TO PROGRAM 'id'",
    "SELECT rolpassword FROM pg_authid",
):
    try:
        with psycopg.connect(url.geturl()) as connection:
            connection.execute(statement)
        print(statement)
    except psycopg.errors.InsufficientPrivilege:
        pass
for user in ("postgres", "careers"):
    for password in ("", url.password):
        try:
            psycopg.connect(host="db", dbname="careers", user=user, password=password)
            print(user)
        except psycopg.OperationalError:
            pass
"""


def limits_database_user(stack):
    """the site's database user can only read and write rows, and its containers have no other password"""
    output = stack.compose("exec", "-T", "web", "python", "-c", TRY_STATEMENTS)
    assert output.split("\n") == ["SELECT count(*) FROM roles_role", ""], output
    for container in stack.containers():
        service = container["Config"]["Labels"]["com.docker.compose.service"]
        variables = " ".join(container["Config"]["Env"])
        names = {
            name
            for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "DATABASE_PASSWORD")
            if stack.environment[name] in variables
        }
        assert (
            names
            == {
                "proxy": set(),
                "web": {"SECRET_KEY", "DATABASE_PASSWORD"},
                "worker": {"SECRET_KEY", "DATABASE_PASSWORD"},
                "setup": {"SECRET_KEY", "POSTGRES_PASSWORD"},
                "db": {"POSTGRES_PASSWORD", "DATABASE_PASSWORD"},
            }[service]
        ), (service, names)


def logs_json(stack):
    """the logs are lines of JSON without queries, addresses or programs of visitors"""
    stack.request("/en/roles/?q=taro%40example.org", User_Agent="Hanako/1.0", Cookie="a=Hanako")
    output = "".join(
        stack.docker("logs", container["Id"])
        for service in ("web", "worker", "proxy")
        for container in stack.of(service)
    )
    lines = [json.loads(line) for line in output.splitlines() if line.strip()]
    requests = [line for line in lines if "route" in line]
    assert any((line["route"], line["status"]) == ("/en/roles/", 200) for line in requests)
    for secret in ("taro", "Hanako", "?q=", "127.0.0.1", "Mozilla", "User-Agent"):
        assert secret not in output, secret
    return f"{len(requests)} requests"


def scales(stack):
    """replicas can be added and removed without errors, and share videos"""
    stack.compose("up", *WAIT, "--no-recreate", "--scale", "web=2")
    assert len(stack.of("web")) == 2
    setup_containers = stack.of("setup")
    assert len(setup_containers) == 1
    for _ in range(20):
        stack.page("/en/apply/")  # the proxy does not cache forms
        assert stack.request(stack.video, Range="bytes=0-9")[0] == 206
    for container in stack.of("web"):
        assert '"route": "/en/apply/"' in stack.docker("logs", container["Id"]), (
            "a replica got no request"
        )
    stack.compose("up", *WAIT, "--no-recreate", "--scale", "web=1")
    assert len(stack.of("web")) == 1
    for _ in range(5):
        stack.page("/en/")


def serves_files_of_one_replica(stack):
    """a static file that only one replica has is served"""
    address = re.search(r'"(/static/[^"]+\.css)"', stack.page("/en/")[1])[1]
    options = (
        "--name",
        f"{PROJECT}-other",
        "--network",
        f"{PROJECT}_front",
        "--network-alias",
        "web",
    )
    serve = ("python", "-m", "http.server", "8000", "--directory", "/tmp")
    stack.docker("run", "--detach", "--rm", *options, f"{PROJECT}-web", *serve)
    try:

        def is_ignored():
            # The query makes the URL one that the proxy has not cached.
            assert stack.request(f"{address}?{time.monotonic_ns()}")[0] == 200
            return stack.docker("logs", f"{PROJECT}-other").count(f"{address}?") >= 3

        stack.wait_until(is_ignored, "the other replica got three requests")
    finally:
        stack.docker("rm", "--force", f"{PROJECT}-other")
    stack.wait_until(
        lambda: stack.request("/en/apply/")[0] == 200, "the proxy has dropped the other replica"
    )


def updates_without_downtime(stack):
    """an update as described in docs/operating.md causes no failed request"""
    before = {container["Id"] for container in stack.of("web")}
    statuses, stopped = [], threading.Event()

    def visit():
        while not stopped.wait(0.2):
            try:
                statuses.append(stack.request("/en/")[0])
            except Exception as error:
                statuses.append(repr(error))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        stack.follow(UPDATE, Path.home())
    finally:
        stopped.set()
        visitor.join()
    after = {container["Id"] for container in stack.of("web")}
    assert len(after) == 1 and not after & before, "the replica was not replaced"
    assert len(statuses) > 20 and set(statuses) == {200}, statuses
    return f"{len(statuses)} visits"


def shows_maintenance_page(stack):
    """without a replica, cached pages are served, and a bilingual maintenance page for all others"""
    cached = stack.page("/en/")[1]
    stack.compose("stop", "web")
    for seconds in (0, 1, 3, 60):
        time.sleep(seconds)
        assert stack.page("/en/")[1] == cached, f"after {seconds} s, a cached page is not served"
    status, headers, body = stack.request("/en/apply/")
    assert (status, headers["retry-after"]) == (503, "10")
    assert "being updated" in body.decode() and "更新" in body.decode()
    stack.compose("up", *WAIT)


def keeps_data(stack):
    """pages and videos survive a restart of the whole stack"""
    before = stack.page("/ja/roles/")[1]
    stack.compose("down")
    stack.compose("up", *WAIT)
    assert stack.page("/ja/roles/")[1] == before
    assert stack.request(stack.video)[0] == 200


def backs_up_without_lost_files(stack):
    """the nightly script backs up the rest of a site that has lost a file, every night, and keeps two"""
    lost = Path(stack.video).name
    script = "mkdir -p ~/backups && tools/nightly_backup.sh ~/backups 2"
    stack.compose("exec", "-T", "worker", "mv", f"/srv/var/media/{lost}", f"/tmp/{lost}")
    with tempfile.TemporaryDirectory() as home:
        for _night in range(2):
            status, message = stack.shell(script, home)
            assert (status, lost in message) == (3, True), message
            with tarfile.open(*Path(home, "backups").iterdir()) as archive:
                names = archive.getnames()
            assert "careers/manifest.json" in names and f"careers/media/{lost}" not in names
        stack.compose("exec", "-T", "worker", "cp", f"/tmp/{lost}", f"/srv/var/media/{lost}")
        for day in (1, 2, 3):
            Path(home, "backups", f"careers-2026-01-0{day}.tar").touch()
        assert stack.shell(script, home)[0] == 0
        names = sorted(path.name for path in Path(home, "backups").iterdir())
        assert len(names) == 2 and names[0] == "careers-2026-01-03.tar", names
        with tarfile.open(Path(home, "backups", names[1])) as archive:
            assert f"careers/media/{lost}" in archive.getnames()
    assert stack.compose("exec", "-T", "worker", "ls", "/srv/backups") == ""


def encrypts_backups(stack):
    """with ENCRYPT, no file of the backup is readable without the key, and a failure leaves no backup"""
    with tempfile.TemporaryDirectory() as home:
        Path(home, "key").write_text(secrets.token_hex())
        cipher = "openssl enc -aes-256-cbc -pbkdf2 -pass file:$HOME/key"
        status, message = stack.shell(f"ENCRYPT='{cipher}' tools/nightly_backup.sh ~", home)
        assert status == 0, message
        [backup] = Path(home).glob("careers-*")
        assert backup.name.endswith(".tar.enc") and b"manifest.json" not in backup.read_bytes()
        status, message = stack.shell(f"{cipher} -d <{backup} >{backup}.tar", home)
        assert status == 0, message
        with tarfile.open(f"{backup}.tar") as archive:
            assert "careers/manifest.json" in archive.getnames()
        backup.unlink()
        status, message = stack.shell("ENCRYPT=false tools/nightly_backup.sh ~", home)
        assert status not in (0, 3) and not backup.exists(), message
        assert not list(Path(home).glob("*.part"))


def restores_a_backup(stack):
    """a backup as described in docs/operating.md restores everything to an empty machine"""
    before = stack.page("/ja/roles/")[1]
    with tempfile.TemporaryDirectory() as home:
        stack.follow(BACKUP, home)
        [backup] = Path(home, "careers-backups").iterdir()
        assert (backup.stat().st_size > 0, backup.stat().st_mode & 0o077) == (True, 0)
        stack.compose("down", "--volumes")
        stack.follow(RESTORE, home)
    del stack.trust  # the new stack has another certificate
    assert stack.page("/ja/roles/")[1] == before
    assert stack.request(stack.video)[0] == 200


CHECKS = (
    missing_variables,
    builds,
    starts,
    redirects_to_https,
    loads_demo,
    shows_pages,
    shows_static_files,
    shows_sign_in,
    serves_video_ranges,
    ignores_forwarded_headers,
    reports_readiness,
    limits_request_size,
    tolerates_slow_clients,
    limits_uploads,
    restricts_containers,
    limits_database_user,
    logs_json,
    scales,
    serves_files_of_one_replica,
    updates_without_downtime,
    shows_maintenance_page,
    keeps_data,
    backs_up_without_lost_files,
    encrypts_backups,
    restores_a_backup,
)

if __name__ == "__main__":
    sys.exit(main())
