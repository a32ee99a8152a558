"""Policy numbers in the settings: a changed number appears on the page or in the email that names it."""

import html
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.utils import timezone, translation

from careers.applications.models import Application, Confirmation
from careers.datetimes.durations import duration, span
from careers.outbox.models import Email
from careers.staff.models import User
from tests import make
from tests.applications.conftest import apply
from tests.conftest import PASSWORD
from tests.staff.test_sign_in import RESET

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def company():
    return make.company()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            **settings.STORAGES["documents"],
            "OPTIONS": {"location": tmp_path / "documents"},
        },
    }


def text(response):
    """The visible text of a page, without the U+200B between Japanese phrases."""
    return html.unescape(re.sub(r"<[^>]+>", "", response.text)).replace("\u200b", "")


# --- Durations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "english", "japanese", "japanese_span"),
    [
        (timedelta(days=365), "12 months", "12か月", "12か月間"),
        (timedelta(days=730), "24 months", "24か月", "24か月間"),
        (timedelta(days=30), "30 days", "30日", "30日間"),
        (timedelta(days=7), "7 days", "7日", "7日間"),
        (timedelta(hours=24), "1 day", "1日", "1日間"),
        (timedelta(hours=36), "36 hours", "36時間", "36時間"),
        (12 * 60 * 60, "12 hours", "12時間", "12時間"),
        (timedelta(hours=1), "1 hour", "1時間", "1時間"),
        (timedelta(minutes=90), "90 minutes", "90分", "90分間"),
        (timedelta(minutes=1), "1 minute", "1分", "1分間"),
        (timedelta(seconds=3), "3 seconds", "3秒", "3秒間"),
        (0, "0 seconds", "0秒", "0秒間"),
    ],
)
def test_durations_in_both_languages(value, english, japanese, japanese_span):
    with translation.override("en"):
        assert (duration(value), span(value)) == (english, english)
    with translation.override("ja"):
        assert (duration(value), span(value)) == (japanese, japanese_span)


def test_duration_tag_of_unknown_setting():
    template = Template('{% load durations %}{% duration "NO_SUCH_SETTING" %}')
    with pytest.raises(AttributeError, match="NO_SUCH_SETTING"):
        template.render(Context())


# --- Public pages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "It closed more than 10 days ago."), ("ja", "募集の終了から10日以上が過ぎています。")],
)
def test_closed_page_lifetime(client, settings, language, expected):
    settings.CLOSED_PAGE_LIFETIME = timedelta(days=10)
    today = timezone.localdate()
    closed = make.role(closes_on=today - timedelta(days=10))
    gone = make.role(closes_on=today - timedelta(days=11))
    assert client.get(closed.get_absolute_url(language)).status_code == 200
    response = client.get(gone.get_absolute_url(language))
    assert response.status_code == 410
    assert expected in text(response)


def test_stale_if_error(client, settings):
    settings.STALE_IF_ERROR = timedelta(hours=2)
    assert "stale-if-error=7200" in client.get("/en/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "consent"),
    [
        ("en", "You may keep my data for 24 months and consider me for other roles."),
        ("ja", "別の求人の候補として検討するために、情報を24か月間保管することに同意します"),
    ],
)
def test_retention_consent_on_the_form_and_in_the_api(client, settings, language, consent):
    settings.RETENTION_CONSENT_LIFETIME = timedelta(days=730)
    role = make.role()
    assert consent in text(client.get(f"/{language}/roles/{role.pk}-{role.slug}/apply/"))
    apply(client, role, language, keep="on")
    until = Application.objects.get().retention_consent_until
    assert until == timezone.localdate() + timedelta(days=730)
    post = client.get(f"/v1/boards/kumo/jobs/{role.pk}1").json()
    assert post["data_compliance"][0]["retention_period"] == 730


@pytest.mark.parametrize(
    ("language", "first", "more"),
    [
        ("en", "Keep my data for 180 days and consider me", "Keep my data for another 180 days"),
        ("ja", "検討するため、180日間の保管に同意する", "さらに180日間の保管に同意する"),
    ],
)
def test_retention_consent_on_the_status_page(client, settings, language, first, more):
    settings.RETENTION_CONSENT_LIFETIME = timedelta(days=180)
    settings.RETENTION_RENEWAL_NOTICE = timedelta(days=5)
    application = make.application(language=language)
    path = f"/{language}/application/{application.status_token()}/"
    page = text(client.get(path))
    assert first in page and more not in page
    for days, is_asked in ((6, False), (5, True)):
        day = timezone.localdate() + timedelta(days=days)
        Application.objects.update(retention_consent_until=day)
        assert (more in text(client.get(path))) is is_asked


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "The link is valid for 2 days."),
        ("ja", "リンクは2日間有効です。"),
    ],
)
def test_confirmation_link_lifetime(client, settings, language, expected):
    settings.CONFIRMATION_LINK_LIFETIME = timedelta(days=2)
    answer = apply(client, make.role(), language, solution=None)
    assert expected in text(client.get(answer.url))
    left = Confirmation.objects.get().expires_at - timezone.now()
    assert timedelta(days=1, hours=23) < left <= timedelta(days=2)


@pytest.mark.parametrize(
    ("language", "size", "many"),
    [("en", "up to 3 MB", "larger than 6 MB"), ("ja", "1ファイル3MBまで", "合計が6MB")],
)
def test_document_limits(client, settings, language, size, many):
    settings.DOCUMENT_MAX_BYTES, settings.DOCUMENTS_MAX_FILES = 3 * 1024**2, 2
    response = client.get(f"/{language}/apply/")
    assert size in text(response)
    assert many in response.text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "It changes after 25 minutes; until then you can undo this."),
        ("ja", "25分後に変わり"),
    ],
)
def test_candidate_status_delay(signed_in, settings, language, expected):
    settings.CANDIDATE_STATUS_DELAY = timedelta(minutes=25)
    application = make.application()
    path = f"/admin/applications/application/{application.pk}/tell/"
    recruiter = signed_in("Recruiters", language)
    assert expected in text(recruiter.get(path))
    recruiter.post(path, {"status": "offer", "batch": "12345678-1234-4234-9234-123456789abc"})
    update = application.status_updates.get()
    assert update.visible_from - update.created_at == timedelta(minutes=25)


# --- Emails ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "and is deleted after 5 days."), ("ja", "5日後に削除します。")],
)
def test_quarantine_lifetime(client, settings, language, expected):
    settings.QUARANTINE_LIFETIME = timedelta(days=5)
    apply(client, make.role(), language, solution=None)
    assert expected in Email.objects.get().body
    old = timezone.now() - timedelta(days=5, minutes=1)
    Application.objects.update(received_at=old)
    call_command("prune_quarantine")
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "extend this by another 90 days"), ("ja", "引き続き90日間の保管に同意")],
)
def test_retention_renewal_notice(settings, language, expected):
    settings.RETENTION_CONSENT_LIFETIME = timedelta(days=90)
    settings.RETENTION_RENEWAL_NOTICE = timedelta(days=3)
    for days in (3, 4):
        day = timezone.localdate() + timedelta(days=days)
        make.application(language=language, retention_consent_until=day)
    call_command("renew_retention_consent")
    assert expected in Email.objects.get().body  # for the first one only


@pytest.mark.parametrize(
    ("language", "message", "body"),
    [
        ("en", "Its link works once, for 2 days.", "The link works once, for 2 days."),
        ("ja", "リンクは2日間有効で", "リンクの有効期間は2日間で"),
    ],
)
def test_invitation_lifetime(signed_in, settings, language, message, body):
    settings.PASSWORD_RESET_TIMEOUT = 2 * 24 * 60 * 60
    form = {"email": "hana@example.com", "language": language}
    visitor = signed_in(None, language)
    response = visitor.post("/admin/staff/user/add/", form, follow=True)
    assert message in text(response)
    assert body in Email.objects.get().body


def test_invitation_lifetime_of_the_command(settings, capsys):
    settings.PASSWORD_RESET_TIMEOUT = 5 * 60 * 60
    call_command("invite", "hana@example.com")
    assert "Choose a password here, once, within 5 hours:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "page", "body"),
    [
        ("en", "The link works once, for 20 minutes.", "The link works once, for 20 minutes."),
        ("ja", "リンクは20分間有効で", "リンクの有効期間は20分間で"),
    ],
)
def test_password_reset_link_lifetime(client, settings, language, page, body):
    settings.PASSWORD_RESET_LINK_LIFETIME = timedelta(minutes=20)
    User.objects.create_user("rin@example.com", PASSWORD, language=language)
    headers = {"accept-language": language}
    response = client.post(RESET, {"email": "rin@example.com"}, headers=headers, follow=True)
    assert page in text(response)
    assert body in Email.objects.get().body


def test_email_retention(settings):
    settings.EMAIL_RETENTION_DAYS = 7
    for days in (6, 8):
        queued_at = timezone.now() - timedelta(days=days)
        rows = Email.objects.filter(pk=make.email().pk)
        rows.update(state=Email.State.SENT, queued_at=queued_at)
    call_command("prune_emails")
    assert Email.objects.count() == 1


# --- The admin ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "A session ends after 20 minutes without activity, and after 5 hours in any case."),
        ("ja", "操作がないまま20分たつと、自動的にログアウトします。操作中でも5時間で終了します。"),
    ],
)
def test_session_timeouts(signed_in, settings, language, expected):
    settings.SESSION_IDLE_TIMEOUT = timedelta(minutes=20)
    settings.SESSION_COOKIE_AGE = 5 * 60 * 60
    visitor = signed_in("Recruiters", language)
    assert expected in text(visitor.get("/admin/account/sessions/"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Please wait 15 minutes, then try again."), ("ja", "15分ほど待ってから")],
)
def test_login_attempts_window(client, settings, language, expected):
    settings.LOGIN_ATTEMPTS_WINDOW = timedelta(minutes=15)
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/15m/ip", "reset_password": "1/15m/ip"}
    headers = {"accept-language": language}
    for _ in range(2):
        response = client.post(RESET, {"email": "rin@example.com"}, headers=headers)
    assert response.status_code == 429
    assert expected in text(response)


@pytest.mark.parametrize(
    ("language", "closing", "review"),
    [
        ("en", "closes within the next 3 days.", "confirmed within the last 21 days."),
        ("ja", "今後3日以内に締め切られるものはありません。", "過去21日以内に内容を確認済みです。"),
    ],
)
def test_closing_soon_and_review_after(signed_in, settings, language, closing, review):
    settings.CLOSING_SOON, settings.REVIEW_AFTER = timedelta(days=3), timedelta(days=21)
    visitor = signed_in("Recruiters", language)
    page = text(visitor.get("/admin/"))
    assert closing in page and review in page
    role = make.role(closes_on=timezone.localdate() + timedelta(days=3))
    type(role).objects.update(reviewed_at=timezone.now() - timedelta(days=22))
    page = text(visitor.get("/admin/"))
    assert closing not in page and review not in page
    expected = {"en": "For 21 days nobody has said", "ja": "この求人は21日以上、"}[language]
    assert expected in text(visitor.get(f"/admin/roles/role/{role.pk}/change/"))


@pytest.mark.parametrize(("language", "expected"), [("en", "for 3 days."), ("ja", "3日間、")])
def test_share_link_lifetime(signed_in, settings, language, expected):
    settings.SHARE_LINK_LIFETIME = timedelta(days=3)
    visitor = signed_in("Recruiters", language)
    role = make.role()
    assert expected in text(visitor.get(f"/admin/roles/role/{role.pk}/change/"))


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "Sent within 8 seconds"), ("ja", "8秒以内の送信")]
)
def test_minimum_form_time(signed_in, settings, language, expected):
    settings.MINIMUM_FORM_TIME = timedelta(seconds=8)
    application = make.application(confirmed_at=None, spam_signals=["fast"])
    visitor = signed_in("Recruiters", language)
    path = f"/admin/applications/application/{application.pk}/change/"
    assert expected in text(visitor.get(path))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "less than 2 hours ago. Please wait 2 hours before"), ("ja", "2時間以内に")],
)
def test_email_resend_interval(signed_in, settings, language, expected):
    settings.EMAIL_RESEND_INTERVAL = timedelta(hours=2)
    application = make.application()
    visitor = signed_in("Recruiters", language)
    path = f"/admin/applications/application/{application.pk}/resend/"
    visitor.post(path)
    assert expected in text(visitor.post(path, follow=True))
    assert Email.objects.count() == 1
