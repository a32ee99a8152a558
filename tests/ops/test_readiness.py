"""Readiness: what /readyz, the start page, the command and the email to ADMINS say about each subsystem."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from careers import urls
from careers.documents.config import parse_clamd_url, parse_documents_url
from careers.documents.models import Document
from careers.env import PRIVATE_NETWORKS
from careers.ops import readiness
from careers.ops.management.commands import worker
from careers.ops.models import LastRun
from careers.outbox.models import Email
from tests import make
from tests.components import clamd
from tests.components.site import free_port
from tests.conftest import HOST, Visitor, queries
from tools.catalogues import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ready_site(settings, tmp_path):
    """A site in which everything is in order, whatever the disk of this machine."""
    settings.DISK_FREE_WARNING = settings.DISK_FREE_ERROR = 0
    use_documents(settings, tmp_path / "documents")
    worker.Command().beat()
    LastRun.objects.record(LastRun.Task.BACKUP)


def use_documents(settings, folder, url=""):
    documents = parse_documents_url(url, folder)
    settings.STORAGES = {**settings.STORAGES, "documents": documents}


def subsystems(client):
    """{subsystem: {"state": …, "message": …}}, examined now; the status of the response fits."""
    readiness.recent.clear()
    response = client.get("/readyz")
    content = response.json()
    has_errors = any(check["state"] == "error" for check in content["checks"].values())
    assert content["status"] == ("error" if has_errors else "ok")
    assert response.status_code == (503 if has_errors else 200)
    return content["checks"]


def states(client):
    """{subsystem: state} of those that are not in order."""
    return {
        name: check["state"] for name, check in subsystems(client).items() if check["state"] != "ok"
    }


def later(**duration):
    return time_machine.travel(timezone.now() + timedelta(**duration), tick=False)


# --- Subsystems --------------------------------------------------------------------------------


def test_readyz_of_a_working_site(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    names = ["database", "worker", "email", "disk", "documents", "backup"]
    assert response.json() == {
        "status": "ok",
        "checks": {name: {"state": "ok", "message": ""} for name in names},
    }


def test_readiness_of_the_worker(client):
    with later(minutes=4):
        assert states(client) == {}
    with later(minutes=6):
        assert states(client) == {"worker": "error"}
        assert "restart it" in subsystems(client)["worker"]["message"]
        worker.Command().beat()
        assert states(client) == {}
    LastRun.objects.filter(task="worker").delete()
    assert states(client) == {"worker": "error"}
    assert "has never run" in subsystems(client)["worker"]["message"]


def test_readiness_of_the_worker_after_a_wrong_clock(client):
    """A heartbeat two hours ahead does not hide for two hours that the worker is dead."""
    with later(hours=2):
        worker.Command().beat()
    assert states(client) == {"worker": "error"}


def waiting_email(minutes, failure="", recipient="hana@example.org"):
    email = make.email(recipient=recipient)
    queued_at = timezone.now() - timedelta(minutes=minutes)
    Email.objects.filter(pk=email.pk).update(queued_at=queued_at, failure=failure)
    return email


@pytest.mark.parametrize(
    ("minutes", "failure", "expected"),
    [
        (29, "", {}),
        (31, "", {"email": "warning"}),
        (119, "unreachable", {"email": "warning"}),
        (121, "unreachable", {"email": "error"}),
        (121, "", {"email": "error"}),  # never tried: the worker does not get to it
        (121, "sender", {"email": "error"}),
        (60 * 60, "later", {"email": "warning"}),  # the server of one recipient defers
    ],
)
def test_readiness_of_email(client, minutes, failure, expected):
    waiting_email(minutes, failure)
    assert states(client) == expected


def test_readiness_of_email_that_the_mail_server_defers(client):
    """An error if emails to several recipients wait and none has been sent since."""
    waiting_email(180, "later")
    waiting_email(180, "later", "ken@example.org")
    assert states(client) == {"email": "error"}
    sent = make.email()
    for minutes, state in ((200, "error"), (60, "warning")):
        sent_at = timezone.now() - timedelta(minutes=minutes)
        Email.objects.filter(pk=sent.pk).update(state="sent", sent_at=sent_at)
        assert states(client) == {"email": state}


def test_readiness_of_email_ignores_sent_and_failed(client):
    for state in ("sent", "failed"):
        Email.objects.filter(pk=waiting_email(9_999).pk).update(state=state)
    assert Email.objects.count() == 2
    assert states(client) == {}


def test_readiness_of_the_disk(client, settings, tmp_path):
    settings.DISK_FREE_WARNING = 2**60
    assert states(client) == {"disk": "warning"}
    settings.DISK_FREE_ERROR = 2**60
    assert states(client) == {"disk": "error"}
    assert "of disk space is free. Applications will soon" in subsystems(client)["disk"]["message"]


def test_readiness_of_the_document_folder(client, settings, tmp_path):
    (tmp_path / "file").write_text("")
    use_documents(settings, tmp_path / "file" / "documents")
    assert states(client) == {"disk": "error"}


def test_readiness_of_the_document_bucket(client, settings, tmp_path):
    url = f"s3+plain://KEY:SECRET@127.0.0.1:{free_port()}/bucket"
    use_documents(settings, tmp_path, url)
    assert states(client) == {"documents": "error"}


def test_readiness_of_the_scanner(client, settings):
    assert "scanner" not in subsystems(client)
    with clamd.running() as scanner:
        settings.CLAMD = parse_clamd_url(scanner.url)
        assert subsystems(client)["scanner"]["state"] == "ok"
        scanner.hangs.set()
        assert states(client) == {"scanner": "warning"}
    assert states(client) == {"scanner": "warning"}
    Document.objects.create(key="0" * 32, name="cv.pdf", type="pdf", size=1, scan="unscanned")
    assert states(client) == {"scanner": "warning"}
    with later(minutes=61):
        worker.Command().beat()
        assert states(client) == {"scanner": "error"}


@pytest.mark.parametrize(("hours", "expected"), [(35, None), (37, "warning"), (85, "error")])
def test_readiness_of_the_backup(client, hours, expected):
    with later(hours=hours):
        worker.Command().beat()
        assert states(client) == ({"backup": expected} if expected else {})


def test_readiness_without_any_backup(client, settings):
    LastRun.objects.filter(task="backup").delete()
    assert states(client) == {"backup": "warning"}
    settings.DEV = True  # a trial needs none
    assert "backup" not in subsystems(client)


def test_readiness_of_a_read_only_database(client):
    """As on a full disk: pages are shown, but no application can be stored."""
    read_only = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
    }
    start, end = read_only[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(start)
        try:
            assert states(client) == {"database": "error"}
        finally:
            cursor.execute(end)
    assert states(client) == {}


def test_readiness_without_database(client):
    def fail(*args):
        raise DatabaseError

    with connection.execute_wrapper(fail):
        assert states(client) == {"database": "error"}
        assert subsystems(client).keys() == {"database", "disk", "documents"}


def test_readiness_without_database_after_a_write(client):
    """It went away while the site was being examined."""
    statements = []

    def fail_later(execute, sql, params, many, context):
        statements.append(sql)
        if "last" in sql and "max(" in sql.lower():
            raise DatabaseError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_later):
        assert states(client) == {"database": "error"}
    assert any(sql.startswith(("INSERT", "UPDATE")) for sql in statements)


# --- /readyz -----------------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.18.0.5", "192.168.1.9", "::1", "::ffff:10.0.0.1", "fd00::1"],
)
def test_readyz_for_operators(client, address):
    assert client.get("/readyz", REMOTE_ADDR=address).status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address", ["203.0.113.9", "172.32.0.1", "2001:db8::1", "::ffff:203.0.113.9", "", "unix:"]
)
def test_readyz_not_for_other_networks(client, address):
    assert client.get("/readyz", REMOTE_ADDR=address).status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
@pytest.mark.parametrize("trusted_proxies", [0, 1])
def test_readyz_not_through_a_proxy(client, settings, name, trusted_proxies):
    """Behind a proxy on the same machine, every visitor has an address of this machine."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted_proxies
    assert client.get("/readyz", headers={name: "10.0.0.1"}).status_code == 404


@pytest.mark.one_database
def test_readyz_networks_of_the_settings(client, settings):
    settings.OPERATOR_NETWORKS = ()
    assert client.get("/readyz").status_code == 404


@pytest.mark.one_database
def test_readyz_is_read_only(client):
    assert client.post("/readyz").status_code == 404
    assert client.head("/readyz").status_code == 200
    assert client.get("/readyz/").status_code == 404


@pytest.mark.one_database
def test_readyz_over_plain_http(client):
    """Inside the network there is no TLS."""
    response = client.request(SERVER_NAME=HOST, PATH_INFO="/readyz", REMOTE_ADDR="10.0.0.1")
    assert response.status_code == 200


@pytest.mark.one_database
def test_readyz_in_english_for_every_language(client):
    LastRun.objects.all().delete()
    response = client.get("/readyz", headers={"accept-language": "ja"})
    assert response.json()["checks"]["worker"]["message"].startswith("The worker has never run")


def test_readyz_examines_once_in_a_few_seconds(client):
    assert client.get("/readyz").status_code == 200
    LastRun.objects.all().delete()
    assert client.get("/readyz").status_code == 200
    assert queries(client, "/readyz") == 0
    readiness.recent.clear()
    assert client.get("/readyz").status_code == 503


@pytest.mark.one_database
def test_readyz_examines_in_one_thread_at_a_time(client, settings):
    """While the scanner lets one request wait, others get the results of a moment ago."""

    def scanner_state():
        try:
            return Visitor().get("/readyz").json()["checks"]["scanner"]["state"]
        finally:
            connection.close()

    with clamd.running() as scanner, ThreadPoolExecutor() as threads:
        settings.CLAMD = parse_clamd_url(scanner.url)
        assert scanner_state() == "ok"
        examined_at, results = readiness.recent["en"]
        readiness.recent["en"] = examined_at - readiness.CACHE_SECONDS, results
        scanner.hangs.set()
        waiting = threads.submit(scanner_state)
        while scanner.pings < 2:
            time.sleep(0.01)
        assert scanner_state() == "ok"
        assert not waiting.done()
        assert waiting.result() == "warning"


@pytest.mark.one_database
def test_default_operator_networks_in_compose_and_example():
    for name in ("docker-compose.yml", ".env.example"):
        assert ",".join(PRIVATE_NETWORKS) in (ROOT / name).read_text("utf-8"), name


# --- The command and the start page -------------------------------------------------------------


def test_readiness_command():
    output = io.StringIO()
    call_command("readiness", stdout=output)
    assert output.getvalue().splitlines()[:2] == ["ok       database", "ok       worker"]
    with later(minutes=6), pytest.raises(CommandError, match="not ready"):
        call_command("readiness", stdout=output)
    assert "\nerror    worker     The worker has not responded since" in output.getvalue()


@pytest.mark.parametrize(
    ("language", "heading", "error", "warning"),
    [
        ("en", "Site status", "The worker has never run", "There has been no backup yet."),
        (
            "ja",
            "サイトの稼働状況",
            "ワーカーがまだ一度も起動していない",
            "まだ一度も作成されていません",
        ),
    ],
)
def test_start_page_problems_for_superusers(signed_in, language, heading, error, warning):
    superuser = signed_in(None, language)
    assert heading not in superuser.page("/admin/")
    readiness.recent.clear()
    LastRun.objects.all().delete()
    page = superuser.page("/admin/")
    assert heading in page and page.index(error) < page.index(warning)
    for group in ("Recruiters", "Editors", "Hiring managers", "Viewers"):
        assert heading not in signed_in(group, language).page("/admin/"), group


def test_start_page_of_superusers_has_constant_queries(signed_in):
    superuser = signed_in(None)
    waiting_email(500)

    def count():
        readiness.recent.clear()
        return queries(superuser, "/admin/")

    before = count()
    for _ in range(49):
        waiting_email(500)
    assert count() == before


# --- The email to ADMINS -----------------------------------------------------------------------


@pytest.fixture
def admins(settings):
    settings.ADMINS = [("Hana", "hana@example.com"), ("", "ken@example.com")]
    return settings.ADMINS


def reports():
    """The emails to ADMINS, the oldest first."""
    return list(Email.objects.filter(recipient__endswith="@example.com").order_by("pk"))


def test_problem_report_once_a_day(admins, caplog):
    make.company()
    call_command("report_problems")
    assert not reports() and not caplog.records
    with later(minutes=6):
        call_command("report_problems")
        english, other = reports()
    assert (english.recipient, other.recipient) == ("hana@example.com", "ken@example.com")
    assert english.subject == "Problems with running the careers site | Kumo"
    assert "- The worker has not responded since" in english.body
    assert f"https://{HOST}/admin/" in english.body
    with later(hours=23):
        call_command("report_problems")
    assert len(reports()) == 2
    with later(hours=25):
        Email.objects.all().delete()
        call_command("report_problems")
    assert len(reports()) == 2
    messages = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert messages[0] == ("ERROR", "Not ready: worker")


def test_problem_report_in_the_language_of_the_account(admins, signed_in):
    make.company()
    superuser = signed_in(None, "ja").user
    type(superuser).objects.filter(pk=superuser.pk).update(email="Hana@example.com")
    LastRun.objects.all().delete()
    call_command("report_problems")
    japanese, english = reports()
    assert "ワーカーがまだ一度も起動していないため" in japanese.body
    assert "まだ一度も作成されていません" in japanese.body  # warnings are in it too
    assert "The worker has never run" in english.body


def test_problem_report_not_for_warnings(admins):
    LastRun.objects.filter(task="backup").delete()
    call_command("report_problems")
    assert not reports()


def test_problem_report_without_email_while_mail_is_broken(admins, caplog):
    """It would arrive after the repair, so there is only the line in the log."""
    broken = waiting_email(180, "unreachable")
    call_command("report_problems")
    assert not reports()
    assert "Not ready: email" in caplog.text
    with later(minutes=6):
        broken.delete()
        call_command("report_problems")
    assert len(reports()) == 2


def test_problem_report_without_personal_data(admins, caplog):
    waiting_email(60, "later", "taro.secret@example.org")
    with later(minutes=6):
        call_command("report_problems")
    texts = [caplog.text, *(email.body + email.subject for email in reports())]
    assert len(texts) == 3
    assert not [text for text in texts if "taro" in text or "example.org" in text]


def test_problem_report_after_a_wrong_clock(admins):
    with later(days=300):
        call_command("report_problems")
        assert len(reports()) == 2
        Email.objects.all().delete()
    LastRun.objects.filter(task="worker").delete()
    call_command("report_problems")
    assert len(reports()) == 2


def fail(request):
    raise ZeroDivisionError


class FailingUrlconf:
    """The URLs of the site, and one view that fails."""

    urlpatterns = [*urls.urlpatterns, path("explode", fail)]
    handler500 = urls.handler500


@override_settings(ROOT_URLCONF=FailingUrlconf)
def test_unhandled_errors_are_not_emailed(admins):
    """Django would send ADMINS the request, with personal data."""
    visitor = Visitor(raise_request_exception=False)
    assert visitor.get("/explode?name=Hana").status_code == 500
    assert not Email.objects.exists()


# --- The heartbeat -----------------------------------------------------------------------------


def test_worker_check_of_its_own_host():
    call_command("worker", "--check")
    with later(minutes=6), pytest.raises(CommandError, match="no recent heartbeat"):
        call_command("worker", "--check")
    LastRun.objects.filter(task="worker").update(host="another-container")
    with pytest.raises(CommandError, match="no recent heartbeat"):
        call_command("worker", "--check")
