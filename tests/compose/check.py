"""What an operator gets from docker-compose.yml, tried with a real Docker: `make compose`.

Builds the images, brings the stack up under a name and on ports of its own, walks through it as a
visitor and as an operator, and removes everything again. One line for each promise; the exit status
says whether all are kept. Needs Docker with Compose 2 and this Python, nothing else.
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
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what has been started is removed
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        sys.exit("This needs Docker with Compose 2 (`docker compose version` must work).")
    broken = 0
    stack = Stack()
    try:
        for promise in PROMISES:
            start = time.monotonic()
            try:
                said = promise(stack)
                fault = None
            except Exception as error:
                fault = str(error) or repr(error)
            took = f"{time.monotonic() - start:.0f} s"
            name = promise.__doc__
            if fault is None:
                print(f"ok      {name} ({', '.join(filter(None, [said, took]))})", flush=True)
                continue
            broken += 1
            print(f"BROKEN  {name} ({took})\n        {fault}", flush=True)
            if promise in (builds, comes_up):
                break
        if broken:
            print(stack.logs()[-4000:])
    finally:
        stack.remove()
    print(f"{broken} promises broken." if broken else "All promises kept.")
    return 1 if broken else 0


class Failed(Exception):
    """A program that did not succeed, with the end of what it said."""


class Stack:
    """The containers of one project, and a visitor who trusts the certificate that they made."""

    def __init__(self):
        doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.http, self.https = (door.getsockname()[1] for door in doors)
        for door in doors:
            door.close()
        self.host = f"localhost:{self.https}"
        self.environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": PROJECT,
            "SECRET_KEY": secrets.token_urlsafe(60),
            "POSTGRES_PASSWORD": secrets.token_urlsafe(30),
            "SITE_URL": f"https://{self.host}",
            # Nobody takes letters there: they wait.
            "SMTP_URL": "smtp://nobody:secret@localhost:1",
            "MAIL_FROM": "Careers <careers@example.com>",
            "BIND_ADDRESS": "127.0.0.1",
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
            "TLS_DIR": "",
            "WEB_REPLICAS": "",
        }
        self.film = None

    def docker(self, *words, timeout=600):
        ran = subprocess.run(
            ["docker", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if ran.returncode:
            raise Failed(f"docker {' '.join(words)}: {(ran.stderr or ran.stdout)[-1500:]}")
        # What a container has said may be in both.
        return ran.stdout + ran.stderr if words[0] == "logs" else ran.stdout

    def compose(self, *words, **options):
        # Without .env: nothing of this machine's own site takes part.
        return self.docker("compose", "--env-file", os.devnull, *words, **options)

    def follow(self, heading, folder):
        """Do in that folder what the operator's page says under a heading."""
        page = (ROOT / "docs/operating.md").read_text("utf-8")
        _, _, section = page.partition(f"\n## {heading}\n")
        commands = re.findall(r"```sh\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
        assert commands, f"docs/operating.md says nothing under {heading}"
        compose = f"docker compose --project-directory {ROOT} --env-file {os.devnull}"
        script = "\n".join(commands).replace("docker compose", compose)
        ran = subprocess.run(
            ["sh", "-euc", script],
            cwd=folder,
            env={**self.environment, "COMPOSE_FILE": str(ROOT / "docker-compose.yml")},
            capture_output=True,
            text=True,
            timeout=300,
        )
        if ran.returncode:
            raise Failed(f"{heading}: {ran.stderr[-1500:]}")

    def manage(self, *words):
        return self.compose("exec", "-T", "web", "python", "manage.py", *words)

    def containers(self):
        names = self.compose("ps", "--all", "--quiet").split()
        return json.loads(self.docker("inspect", *names))

    def of(self, service):
        label = "com.docker.compose.service"
        return [each for each in self.containers() if each["Config"]["Labels"][label] == service]

    def logs(self):
        with contextlib.suppress(Failed):
            return self.compose("logs", "--no-color", "--tail", "40")
        return ""

    def remove(self):
        """Everything of this project: containers, data, and the images that it built."""
        with contextlib.suppress(Failed):
            self.docker("rm", "--force", f"{PROJECT}-other")
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")
        with contextlib.suppress(Failed):
            self.docker("image", "rm", f"{PROJECT}-web", f"{PROJECT}-proxy")

    @functools.cached_property
    def trust(self):
        certificate = self.compose("exec", "-T", "proxy", "cat", "/srv/tls/fullchain.pem")
        return ssl.create_default_context(cadata=certificate)

    def ask(self, path, method="GET", body=None, plain=False, **headers):
        """Status, headers (names in lower case) and body of one answer."""
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
        status, headers, body = self.ask(path)
        assert status == 200, f"{path} answers {status}"
        return headers, body.decode()

    def wait_until(self, true, what):
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            if true():
                return
            time.sleep(0.5)
        raise AssertionError(f"waited in vain until {what}")


def has(headers, expected):
    for name, value in expected.items():
        assert headers.get_all(name) is not None, f"no {name}"
        assert len(headers.get_all(name)) == 1, f"{name} twice"
        assert value in headers[name], f"{name}: {headers[name]}"


# --- The promises ------------------------------------------------------------------------------


def names_what_is_missing(stack):
    """without its variables it does not start, and names them"""
    for name in ("SECRET_KEY", "SMTP_URL", "MAIL_FROM"):
        environment = {**stack.environment, name: ""}
        command = ["docker", "compose", "--env-file", os.devnull, "config", "--quiet"]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert ran.returncode and f"{name} is missing" in ran.stderr, ran.stderr


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
    left = stack.docker("run", "--rm", f"{PROJECT}-web", "ls", "-A").split()
    assert not {".env", ".git", "var", ".venv", "tests"} & set(left), left
    return ", ".join(sizes)


def comes_up(stack):
    """one command brings everything up, healthy"""
    stack.compose("up", *WAIT)
    setup = stack.of("setup")
    assert [each["State"]["ExitCode"] for each in setup] == [0]


def leads_to_https(stack):
    """plain http leads to https"""
    status, headers, _ = stack.ask("/en/roles/?q=a", plain=True)
    assert (status, headers["location"]) == (301, f"https://{stack.host}/en/roles/?q=a")


def holds_the_demo(stack):
    """the demo company can be loaded"""
    assert "Loaded the demo company" in stack.manage("load_demo")


def shows_pages(stack):
    """pages in both languages carry every security header and set no cookie"""
    for path in ("/en/", "/ja/", "/en/roles/", "/ja/roles/"):
        headers, text = stack.page(path)
        has(headers, PAGE_HEADERS)
        assert f'<html lang="{path[1:3]}"' in text
        assert "set-cookie" not in headers
        assert not re.search(r"nginx/|gunicorn", headers["server"]), headers["server"]


def shows_static_files(stack):
    """static files carry them too, and may be kept for ever"""
    addresses = set(re.findall(r'"(/static/[^"]+)"', stack.page("/en/")[1]))
    assert addresses
    for address in addresses:
        status, headers, _ = stack.ask(address)
        assert status == 200, f"{address} answers {status}"
        has(headers, {**PAGE_HEADERS, "cache-control": "immutable"})
    return f"{len(addresses)} files"


def lets_recruiters_in(stack):
    """the sign-in page sets only __Host- cookies, and they work over https"""
    address = "/admin/account/login/"
    assert stack.ask("/admin/login/")[1]["location"] == address
    status, headers, body = stack.ask(address)
    assert status == 200
    cookies = headers.get_all("set-cookie")
    assert cookies and all(re.match(r"__Host-.*; ?Secure", cookie) for cookie in cookies), cookies
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())[1]
    status, _, body = stack.ask(
        address,
        "POST",
        f"csrfmiddlewaretoken={token}&login=nobody%40example.com&password=wrong",
        Cookie="; ".join(cookie.partition(";")[0] for cookie in cookies),
        Origin=f"https://{stack.host}",
        Content_Type="application/x-www-form-urlencoded",
    )
    # The form again. 403 would mean that the site takes the visit for plain http.
    assert status == 200, f"signing in answers {status}"


def plays_films(stack):
    """a film is sent in parts"""
    for path in ("/en/", "/en/working-here/", "/en/hiring/"):
        found = re.search(r'"(/media/\w+\.mp4)"', stack.page(path)[1])
        stack.film = found[1] if found else stack.film
    assert stack.film, "no page shows a film"
    status, headers, body = stack.ask(stack.film, Range="bytes=0-99")
    assert (status, len(body)) == (206, 100)
    assert headers["content-range"].startswith("bytes 0-99/")


def believes_no_visitor(stack):
    """what visitors claim about themselves is not believed"""
    for claim in ("X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Forwarded-Protocol"):
        status, _, _ = stack.ask("/en/", **{claim: "http"})
        assert status == 200, f"{claim} answers {status}"
    assert stack.ask("/en/", Host="evil.example.org")[0] == 400
    status, headers, _ = stack.ask("/en/", plain=True, Host="evil.example.org")
    assert headers["location"] == f"https://{stack.host}/en/"


def refuses_what_is_too_large(stack):
    """requests above 52 MB are refused in both languages, those below reach the site"""
    assert stack.ask("/en/", "POST", b"a" * 51_000_000)[0] in (403, 405)
    status, headers, body = stack.ask("/en/", "POST", Content_Length="60000000")
    assert status == 413
    assert "ファイル" in body.decode()
    has(headers, {"strict-transport-security": "max-age"})


def bears_slow_visitors(stack):
    """thirty visitors who send a form very slowly keep nobody waiting"""
    with contextlib.ExitStack() as doors:
        for _ in range(30):
            door = doors.enter_context(socket.create_connection(("127.0.0.1", stack.https), 30))
            door = doors.enter_context(stack.trust.wrap_socket(door, server_hostname="localhost"))
            head = f"POST /en/ HTTP/1.1\r\nHost: {stack.host}\r\nContent-Length: 9000\r\n\r\n"
            door.sendall(head.encode() + b"a")
        start = time.monotonic()
        stack.page("/en/")
        took = time.monotonic() - start
    assert took < 1, f"a page took {took:.1f} s"


def is_locked_down(stack):
    """containers are plain users on a read-only file system; only the proxy has ports outside"""
    for each in stack.containers():
        name, limits = each["Name"], each["HostConfig"]
        service = each["Config"]["Labels"]["com.docker.compose.service"]
        published = [port for port in (each["NetworkSettings"]["Ports"] or {}).values() if port]
        assert bool(published) == (service == "proxy"), f"{name} publishes {published}"
        assert limits["CapDrop"] == ["ALL"], name
        assert "no-new-privileges:true" in limits["SecurityOpt"], name
        if service != "db":
            assert each["Config"]["User"].split(":")[0] not in ("", "0", "root"), name
            assert limits["ReadonlyRootfs"] and not limits["CapAdd"], name
    assert stack.compose("exec", "-T", "web", "id", "-u").strip() == "10001"


def logs_lines_of_json(stack):
    """the logs are lines of JSON without queries, addresses or programs of visitors"""
    stack.ask("/en/roles/?q=taro%40example.org", User_Agent="Hanako/1.0", Cookie="a=Hanako")
    said = "".join(
        stack.docker("logs", each["Id"])
        for service in ("web", "worker", "proxy")
        for each in stack.of(service)
    )
    lines = [json.loads(line) for line in said.splitlines() if line.strip()]
    requests = [line for line in lines if "route" in line]
    assert any((line["route"], line["status"]) == ("/en/roles/", 200) for line in requests)
    for secret in ("taro", "Hanako", "?q=", "127.0.0.1", "Mozilla", "User-Agent"):
        assert secret not in said, secret
    return f"{len(requests)} requests"


def scales(stack):
    """replicas come, share films, and go; nobody notices"""
    stack.compose("up", *WAIT, "--no-recreate", "--scale", "web=2")
    assert len(stack.of("web")) == 2
    setup = stack.of("setup")
    assert len(setup) == 1
    for _ in range(20):
        stack.page("/en/apply/")  # the proxy keeps no form
        assert stack.ask(stack.film, Range="bytes=0-9")[0] == 206
    for each in stack.of("web"):
        assert '"route": "/en/apply/"' in stack.docker("logs", each["Id"]), (
            "a replica was never asked"
        )
    stack.compose("up", *WAIT, "--no-recreate", "--scale", "web=1")
    assert len(stack.of("web")) == 1
    for _ in range(5):
        stack.page("/en/")


def finds_new_files(stack):
    """a static file that only one replica has is found"""
    address = re.search(r'"(/static/[^"]+\.css)"', stack.page("/en/")[1])[1]
    other = (
        "--name",
        f"{PROJECT}-other",
        "--network",
        f"{PROJECT}_front",
        "--network-alias",
        "web",
    )
    serve = ("python", "-m", "http.server", "8000", "--directory", "/tmp")
    stack.docker("run", "--detach", "--rm", *other, f"{PROJECT}-web", *serve)
    try:

        def asked_in_vain():
            # As addresses that the proxy has not kept; the query means nothing to a file.
            assert stack.ask(f"{address}?{time.monotonic_ns()}")[0] == 200
            return stack.docker("logs", f"{PROJECT}-other").count(f"{address}?") >= 3

        stack.wait_until(asked_in_vain, "the other replica was asked three times")
    finally:
        stack.docker("rm", "--force", f"{PROJECT}-other")
    stack.wait_until(lambda: stack.ask("/en/apply/")[0] == 200, "the other replica is forgotten")


def updates_without_a_pause(stack):
    """an update made as docs/operating.md says is noticed by nobody"""
    before = {each["Id"] for each in stack.of("web")}
    answers, done = [], threading.Event()

    def visit():
        while not done.wait(0.2):
            try:
                answers.append(stack.ask("/en/")[0])
            except Exception as error:
                answers.append(repr(error))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        stack.follow(UPDATE, ROOT)
    finally:
        done.set()
        visitor.join()
    after = {each["Id"] for each in stack.of("web")}
    assert len(after) == 1 and not after & before, "the replica has not been replaced"
    assert len(answers) > 20 and set(answers) == {200}, answers
    return f"{len(answers)} visits"


def says_that_it_is_away(stack):
    """while no replica is there, kept pages are shown, and of others visitors read so in both languages"""
    kept = stack.page("/en/")[1]
    stack.compose("stop", "web")
    assert stack.page("/en/")[1] == kept, "a page that was kept is not shown"
    status, headers, body = stack.ask("/en/apply/")
    assert (status, headers["retry-after"]) == (503, "10")
    assert "being updated" in body.decode() and "更新" in body.decode()
    stack.compose("up", *WAIT)


def keeps_its_data(stack):
    """after the whole stack was taken down and up again, pages and films are still there"""
    before = stack.page("/ja/roles/")[1]
    stack.compose("down")
    stack.compose("up", *WAIT)
    assert stack.page("/ja/roles/")[1] == before
    assert stack.ask(stack.film)[0] == 200


def restores_a_backup(stack):
    """a backup made as docs/operating.md says brings everything back on an empty machine"""
    before = stack.page("/ja/roles/")[1]
    with tempfile.TemporaryDirectory() as folder:
        stack.follow(BACKUP, folder)
        assert Path(folder, "careers.tar").stat().st_size
        stack.compose("down", "--volumes")
        stack.follow(RESTORE, folder)
    del stack.trust  # it has made another certificate
    assert stack.page("/ja/roles/")[1] == before
    assert stack.ask(stack.film)[0] == 200


PROMISES = (
    names_what_is_missing,
    builds,
    comes_up,
    leads_to_https,
    holds_the_demo,
    shows_pages,
    shows_static_files,
    lets_recruiters_in,
    plays_films,
    believes_no_visitor,
    refuses_what_is_too_large,
    bears_slow_visitors,
    is_locked_down,
    logs_lines_of_json,
    scales,
    finds_new_files,
    updates_without_a_pause,
    says_that_it_is_away,
    keeps_its_data,
    restores_a_backup,
)

if __name__ == "__main__":
    sys.exit(main())
