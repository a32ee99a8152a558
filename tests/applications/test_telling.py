"""Telling candidates a status: the stage never leaks, previews, several at once, undoing, races."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from careers.applications.enums import CandidateStatus, Stage
from careers.applications.models import Application, CandidateStatusUpdate
from careers.applications.status import PROPOSED_STATUS, TELLABLE, TEXTS
from careers.outbox.models import Email
from tests import make
from tests.html import parse

from .conftest import cv
from .test_list import LIST, run_action

pytestmark = pytest.mark.django_db

NOON = "2026-11-21T12:00:00+09:00"
DELAY = timedelta(minutes=10)
TELL = f"{LIST}tell/"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def path(application, suffix="change/"):
    return f"{LIST}{application.pk}/{suffix}"


def status_path(application, end=""):
    return f"/{application.language}/application/{application.status_token()}/{end}"


def candidate_page(client, application):
    return client.page(status_path(application)).replace("\u200b", "")


def form_values(page):
    """The hidden fields of the last form of a page: what a browser sends with its button."""
    return {field["name"]: field["value"] for field in parse(page).all("form [type=hidden][name]")}


def tell(visitor, application, status):
    """Open the page that tells one candidate, choose a status, and send it; the page that follows."""
    form = form_values(visitor.page(path(application, "tell/"))) | {"status": status}
    return html.unescape(visitor.post(path(application, "tell/"), form, follow=True).text)


def tell_selected(visitor, page, **changes):
    """Press the button of a preview page; the page that follows."""
    form = {"form": form_values(page)["form"], "tell": "yes", **changes}
    return html.unescape(visitor.post(TELL, form, follow=True).text)


def undo(visitor, application):
    update = parse(visitor.page(path(application))).one("[name=update]")["value"]
    address = path(application, "undo-status/")
    return html.unescape(visitor.post(address, {"update": update}, follow=True).text)


# --- The stage is internal ---------------------------------------------------------------------


def behaviour(client, application):
    """Everything that the candidate of an application can see and do: pages, answers, emails.

    The token and the reference, in which two applications differ, are replaced.
    """
    names = {application.status_token(): "TOKEN", application.display_reference: "REFERENCE"}

    def neutral(text):
        for name, replacement in names.items():
            text = text.replace(name, replacement)
        return text

    def answer(response):
        headers = [f"{name}: {value}" for name, value in response.headers.items()]
        return response.status_code, neutral(response.text), neutral("\n".join(headers))

    def read(*ends):
        return [answer(client.get(status_path(application, end))) for end in ends]

    requests = [
        ("", {"keep": "yes"}),
        ("", {"keep": "no"}),
        ("", {"kind": "cover_letter", "document": ""}),
        ("", {"kind": "cover_letter", "document": cv("why.txt", b"Clouds.")}),
        ("withdraw/", {}),
        ("erasure/", {}),
    ]
    seen = read("", "withdraw/", "erasure/")
    for end, form in requests:
        seen += [answer(client.post(status_path(application, end), form)), *read("", end)]
    emails = Email.objects.to_address(application.email).order_by("pk")
    return seen + [(neutral(email.subject), neutral(email.body)) for email in emails]


@pytest.mark.one_database
@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("status", [None, "interviews", "not_selected"])
@pytest.mark.parametrize("stage", Stage.values)
def test_stage_never_changes_candidate_page(client, recruiter, stage, status):
    """Whatever stage a recruiter sets, the candidate's pages, buttons and emails stay the same."""
    role = make.role()
    untouched, moved = make.application(role), make.application(role)
    for application in (untouched, moved):
        if status:
            make.status_update(application, status)
    recruiter.post(path(moved, "move/"), {"stage": stage})
    assert Application.objects.get(pk=moved.pk).stage == stage
    recruiter.post(path(untouched, "resend/"))
    recruiter.post(path(moved, "resend/"))
    expected = behaviour(client, untouched)
    assert len(expected) > 20
    assert behaviour(client, moved) == expected


@pytest.mark.one_database
@pytest.mark.parametrize("stage", Stage.values)
def test_stage_never_says_that_candidate_withdrew(client, recruiter, stage):
    """The status proposed for a stage never says that the candidate withdrew, in either language."""
    application = make.application(stage=stage, language="en")
    if PROPOSED_STATUS[stage] != CandidateStatus.IN_REVIEW:
        tell(recruiter, application, PROPOSED_STATUS[stage])
        assert CandidateStatusUpdate.objects.get().status == PROPOSED_STATUS[stage]
        CandidateStatusUpdate.objects.update(visible_from=timezone.now())
    for language, word in (("en", "withdrawn"), ("ja", "取り下げを承りました")):
        address = f"/{language}/application/{application.status_token()}/"
        page = client.page(address).replace("\u200b", "")
        assert word not in parse(page).one("h1").text
    assert not {CandidateStatus.WITHDRAWN, CandidateStatus.ERASURE_REQUESTED} & set(TELLABLE)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("stage", Stage.values)
def test_withdrawal_after_internal_decision(client, recruiter, stage):
    """If a candidate withdraws after an internal decision, both sides see the withdrawal."""
    application = make.application(language="en")
    recruiter.post(path(application, "move/"), {"stage": stage})
    assert client.post(status_path(application, "withdraw/")).status_code == 302
    application.refresh_from_db()
    assert (application.stage, application.withdrawn_at) == ("withdrawn", timezone.now())
    change = application.stage_changes.last()
    assert (change.old_stage, change.new_stage, change.by_candidate) == (stage, "withdrawn", True)
    assert "You’ve withdrawn your application" in candidate_page(client, application)
    page = html.unescape(recruiter.page(path(application)))
    assert re.search(r'withdrawn\s*<span class="note">the candidate<', page)
    assert "You’ve withdrawn your application" in page
    assert "Tell the candidate …" not in page


def test_stage_change_of_deleted_user_is_not_the_candidates(recruiter, signed_in):
    """Once the account of a recruiter is deleted, the history does not name the candidate instead."""
    application = make.application()
    other = signed_in("Recruiters")
    other.post(path(application, "move/"), {"stage": "withdrawn"})
    other.user.delete()
    page = recruiter.page(path(application))
    assert re.search(r'new → withdrawn\s*<span class="note">a former colleague<', page)


# --- One candidate -----------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(("language", "reader"), [("ja", "en"), ("en", "ja"), ("ja", "ja")])
def test_preview_of_each_status(signed_in, client, language, reader):
    """The page shows each status in the words of the candidate's page, and in the reader's language."""
    application = make.application(language=language, stage="offer")
    page = parse(signed_in("Recruiters", reader).page(path(application, "tell/")))
    previews = page.all("blockquote.status-words")
    assert len(previews) == len(TELLABLE) == 6
    assert {preview["lang"] for preview in previews} == {language}
    shown = [preview.text.replace("\u200b", "") for preview in previews]
    for status, words in zip(TELLABLE, shown, strict=True):
        CandidateStatusUpdate.objects.all().delete()
        make.status_update(application, status)
        heading = parse(candidate_page(client, application)).one("h1").text
        assert heading in words, status
    assert len(page.all(".status-option .note")) == (0 if language == reader else 6)
    assert page.one("[name=status][checked]")["value"] == "offer"
    assert page.one("[name=status][disabled]")["value"] == "in_review"


def test_told_status_is_visible_after_delay(client, recruiter):
    application = make.application(language="en", stage="interview")
    with time_machine.travel(NOON, tick=False) as clock:
        before = candidate_page(client, application)
        page = tell(recruiter, application, "interviews")
        assert "山田 太郎’s page changes at 12:10. You can undo this until then." in page
        assert "From 2026-11-21 12:10 it will say: <strong>You’re interviewing with us<" in page
        clock.shift(DELAY - timedelta(seconds=1))
        assert candidate_page(client, application) == before
        clock.shift(timedelta(seconds=1))
        assert "You’re interviewing with us" in candidate_page(client, application)
        page = html.unescape(recruiter.page(path(application)))
        assert "<strong>You’re interviewing with us</strong>" in page
        assert re.search(rf"since 2026-11-21 12:10 · {recruiter.user}\s*<", page)
        assert "Told: “You’re interviewing with us”" in page and "Undo" not in page
    assert not Email.objects.exists()


def test_undo_leaves_no_trace(client, recruiter, signed_in):
    """Within ten minutes any recruiter can undo it; neither the page nor the history shows it."""
    application = make.application(language="en")
    with time_machine.travel(NOON, tick=False) as clock:
        before = client.get(status_path(application)).content
        tell(recruiter, application, "not_selected")
        clock.shift(DELAY - timedelta(seconds=10))
        page = undo(signed_in("Recruiters"), application)
        assert "Undone. 山田 太郎’s page never showed it." in page
        assert "not to continue" not in page
        clock.shift(timedelta(hours=1))
        assert client.get(status_path(application)).content == before
    assert not CandidateStatusUpdate.objects.exists()


def test_undo_is_refused_once_visible(client, recruiter):
    application = make.application(language="en")
    with time_machine.travel(NOON, tick=False) as clock:
        tell(recruiter, application, "offer")
        form = {"update": CandidateStatusUpdate.objects.get().pk}
        clock.shift(DELAY)
        assert "We’d like to make you an offer" in candidate_page(client, application)
        page = recruiter.post(path(application, "undo-status/"), form, follow=True).text
        assert "It’s too late to undo this" in html.unescape(page)
        assert "We’d like to make you an offer" in candidate_page(client, application)
        for value in ("0", "x", "9" * 30, ""):
            page = recruiter.post(path(application, "undo-status/"), {"update": value}, follow=True)
            assert "This had been undone already." in page.text
    assert CandidateStatusUpdate.objects.count() == 1


def test_undo_of_another_application_changes_nothing(recruiter):
    first, second = make.application(), make.application()
    tell(recruiter, first, "offer")
    form = {"update": CandidateStatusUpdate.objects.get().pk}
    recruiter.post(path(second, "undo-status/"), form)
    assert CandidateStatusUpdate.objects.count() == 1


def test_telling_twice_by_double_click(recruiter):
    application = make.application()
    form = form_values(recruiter.page(path(application, "tell/"))) | {"status": "offer"}
    for _attempt in range(2):
        response = recruiter.post(path(application, "tell/"), form)
        assert (response.status_code, response.url) == (302, path(application))
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        make.status_update(application, "not_selected")
        recruiter.post(path(application, "tell/"), form)
    assert [update.status for update in application.status_updates.all()] == [
        "offer",
        "not_selected",
    ]


@pytest.mark.parametrize("status", ["withdrawn", "erasure", "nonsense", ""])
def test_telling_unknown_status(recruiter, status):
    application = make.application()
    assert "Select what to tell." in tell(recruiter, application, status)
    assert not CandidateStatusUpdate.objects.exists()


REFUSALS = {
    "unconfirmed": "The application is still waiting for confirmation.",
    "withdrawn": "The candidate withdrew the application.",
    "erasure": "The candidate asked for their data to be deleted.",
    "waiting": "Another status is waiting to be shown. Undo it first.",
    "unchanged": "The page already says this.",
}


def application_with_refusal(client, recruiter, reason):
    """An application whose candidate cannot be told “Offer” for `reason`."""
    application = make.application(
        stage="offer", **({"confirmed_at": None} if reason == "unconfirmed" else {})
    )
    match reason:
        case "withdrawn":
            client.post(status_path(application, "withdraw/"))
            recruiter.post(path(application, "move/"), {"stage": "offer"})
        case "erasure":
            client.post(status_path(application, "erasure/"))
            recruiter.post(path(application, "move/"), {"stage": "offer"})
        case "waiting":
            tell(recruiter, application, "interviews")
        case "unchanged":
            make.status_update(application, "offer")
    return application


@pytest.mark.parametrize("reason", REFUSALS)
def test_telling_is_refused(client, recruiter, reason):
    """Candidates who cannot be told are skipped with the reason, one by one and together."""
    application, other = (
        application_with_refusal(client, recruiter, reason),
        make.application(stage="offer"),
    )
    before = CandidateStatusUpdate.objects.count()
    form = {"status": "offer", "batch": "12345678-1234-4234-9234-123456789abc"}
    page = recruiter.post(path(application, "tell/"), form, follow=True).text
    assert REFUSALS[reason] in html.unescape(page)
    assert CandidateStatusUpdate.objects.count() == before
    if reason == "unconfirmed":
        return  # it is not in the list
    page = run_action(recruiter, "tell", application, other)
    (skipped,) = parse(page).all("[aria-labelledby=skipped] li")
    assert REFUSALS[reason] in skipped.text
    tell_selected(recruiter, page)
    assert CandidateStatusUpdate.objects.count() == before + 1
    assert CandidateStatusUpdate.objects.latest("pk").application == other


def test_withdrawal_deletes_waiting_update(client, recruiter):
    application = make.application(language="en")
    tell(recruiter, application, "not_selected")
    client.post(status_path(application, "withdraw/"))
    assert not CandidateStatusUpdate.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert "You’ve withdrawn your application" in candidate_page(client, application)


# --- Several candidates ------------------------------------------------------------------------


def test_bulk_preview_groups_by_status_and_language(recruiter):
    """Each candidate is told what suits their stage, in groups with a preview in their language."""
    rejected = [
        make.application(stage="rejected", language=language, family_name=name)
        for language, name in (("ja", "青木"), ("ja", "森"), ("en", "Smith"))
    ]
    interview = make.application(stage="interview", family_name="林")
    new = make.application(family_name="岡")
    page = parse(run_action(recruiter, "tell", *rejected, interview, new))
    groups = page.all("section[aria-labelledby^=group]")
    assert [re.sub(r"\s+", " ", group.one("h2").text).strip() for group in groups] == [
        "Interviews · Japanese 1",
        "Not selected · English 1",
        "Not selected · Japanese 2",
    ]
    assert [len(group.all("li")) for group in groups] == [1, 1, 2]
    assert [group.one("blockquote")["lang"] for group in groups] == ["ja", "en", "ja"]
    assert "今回は採用を見送ることとなりました" in groups[2].text
    (skipped,) = page.all("[aria-labelledby=skipped] li")
    assert "岡" in skipped.text and "The page already says this." in skipped.text
    assert not CandidateStatusUpdate.objects.exists()


def test_bulk_telling_acts_on_shown_candidates_only(recruiter, client):
    """Neither applications that came later nor stages changed later have an effect."""
    first, second = (make.application(stage="rejected", language="en") for _ in range(2))
    page = run_action(recruiter, "tell", first, second)
    make.application(stage="rejected")
    recruiter.post(path(second, "move/"), {"stage": "offer"})
    page = tell_selected(recruiter, page)
    assert "The pages of 2 candidates change at" in page
    updates = CandidateStatusUpdate.objects.all()
    assert {update.application for update in updates} == {first, second}
    assert {update.status for update in updates} == {"not_selected"}
    assert {update.created_by for update in updates} == {recruiter.user}
    assert len({update.batch for update in updates}) == 1
    assert "Told together with 1 other candidate" in recruiter.page(path(first))


def test_bulk_telling_another_status(recruiter):
    applications = [make.application(stage=stage) for stage in ("rejected", "interview")]
    page = run_action(recruiter, "tell", *applications)
    form = {"form": form_values(page)["form"], "status": "closed", "preview": "yes"}
    page = recruiter.post(TELL, form).text
    assert "この応募の手続きは終了しました" in page and not CandidateStatusUpdate.objects.exists()
    tell_selected(recruiter, page)
    assert [row.status for row in CandidateStatusUpdate.objects.all()] == ["closed", "closed"]


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [("3", True), (" ３ ", True), ("2", False), ("", False), ("three", False), ("3.0", False)],
)
def test_bulk_number_is_typed_above_limit(recruiter, settings, typed, is_told):
    settings.BATCH_CONFIRMATION_SIZE = 2
    applications = [make.application(stage="rejected") for _ in range(3)]
    page = run_action(recruiter, "tell", *applications)
    assert "Enter the number of candidates (3) to confirm" in page
    form = {"form": form_values(page)["form"], "tell": "yes", "number": typed}
    response = recruiter.post(TELL, form)
    assert response.status_code == (302 if is_told else 422)
    assert CandidateStatusUpdate.objects.count() == (3 if is_told else 0)
    if not is_told:
        assert "Enter the number of candidates: 3." in response.text
        tell_selected(recruiter, response.text, number="3")
        assert CandidateStatusUpdate.objects.count() == 3


def test_bulk_number_is_not_asked_up_to_limit(recruiter, settings):
    assert settings.BATCH_CONFIRMATION_SIZE == 30
    settings.BATCH_CONFIRMATION_SIZE = 2
    page = run_action(recruiter, "tell", *(make.application(stage="offer") for _ in range(2)))
    assert 'name="number"' not in page
    tell_selected(recruiter, page)
    assert CandidateStatusUpdate.objects.count() == 2


def test_bulk_double_post_tells_once(recruiter):
    page = run_action(recruiter, "tell", *(make.application(stage="offer") for _ in range(2)))
    form = {"form": form_values(page)["form"], "tell": "yes"}
    first, second = recruiter.post(TELL, form), recruiter.post(TELL, form)
    assert first.url == second.url and CandidateStatusUpdate.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        for application in Application.objects.all():
            make.status_update(application, "closed")
        recruiter.post(TELL, form)
    assert CandidateStatusUpdate.objects.count() == 4


def test_bulk_candidate_withdraws_meanwhile(recruiter, client):
    first, second = (make.application(stage="rejected") for _ in range(2))
    page = run_action(recruiter, "tell", first, second)
    client.post(status_path(first, "withdraw/"))
    text = tell_selected(recruiter, page)
    assert "1 candidate was skipped. The candidate withdrew the application." in text
    assert CandidateStatusUpdate.objects.get().application == second


def test_bulk_form_is_signed_for_its_user(recruiter, signed_in):
    """A form that was changed, is too old, or belongs to another user is rejected."""
    application = make.application(stage="offer")
    form = form_values(run_action(recruiter, "tell", application))["form"]
    attempts = [(recruiter, form[:-1]), (recruiter, ""), (signed_in("Recruiters"), form)]
    for visitor, text in attempts:
        page = visitor.post(TELL, {"form": text, "tell": "yes"}, follow=True).text
        assert "This page was open for too long." in page
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1), tick=False):
        recruiter.post(TELL, {"form": form, "tell": "yes"})
    assert not CandidateStatusUpdate.objects.exists()


def test_bulk_undo_of_whole_batch(recruiter, client):
    applications = [make.application(stage="rejected", language="en") for _ in range(3)]
    with time_machine.travel(NOON, tick=False) as clock:
        before = [candidate_page(client, application) for application in applications]
        page = run_action(recruiter, "tell", *applications)
        response = recruiter.post(TELL, {"form": form_values(page)["form"], "tell": "yes"})
        assert re.fullmatch(rf"{LIST}status-updates/[0-9a-f-]{{36}}/", response.url)
        assert "Undo for all" in recruiter.page(response.url)
        clock.shift(DELAY - timedelta(seconds=10))
        page = html.unescape(recruiter.post(response.url, follow=True).text)
        assert "Undone for 3 candidates, whose pages never showed it." in page
        assert recruiter.get(response.url).status_code == 404
        clock.shift(timedelta(hours=1))
        after = [candidate_page(client, application) for application in applications]
        assert after == before
        page = recruiter.post(response.url, follow=True).text
        assert "This had been undone already." in page


def test_bulk_undo_refused_once_visible(recruiter):
    page = run_action(recruiter, "tell", make.application(stage="offer"))
    address = recruiter.post(TELL, {"form": form_values(page)["form"], "tell": "yes"}).url
    with time_machine.travel(timezone.now() + DELAY):
        page = recruiter.page(address)
        assert "The page of 1 candidate has said this since" in page and "Undo" not in page
        page = recruiter.post(address, follow=True).text
        assert "It’s too late to undo this" in html.unescape(page)
    assert CandidateStatusUpdate.objects.count() == 1


def test_bulk_query_count_is_constant(recruiter):
    """Previewing, telling and the batch page ask as many queries for 50 candidates as for one."""

    def count(number):
        roles = [make.role() for _ in range(number)]
        applications = [make.application(role, stage="rejected") for role in roles]
        counts = []
        with CaptureQueriesContext(connection) as queries:
            page = run_action(recruiter, "tell", *applications)
        counts.append(len(queries))
        form = {"form": form_values(page)["form"], "tell": "yes", "number": str(number)}
        with CaptureQueriesContext(connection) as queries:
            address = recruiter.post(TELL, form).url
        counts.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            recruiter.page(address)
        return [*counts, len(queries)]

    count(1)
    one = count(1)
    assert count(50) == one
    assert CandidateStatusUpdate.objects.count() == 52


def test_bulk_action_is_for_recruiters(signed_in):
    manager = signed_in("Hiring managers")
    role = make.role()
    role.department.managers.add(manager.user)
    application = make.application(role, stage="offer")
    assert 'value="tell"' not in manager.page(LIST)
    run_action(manager, "tell", application)
    make.status_update(application, "interviews")
    page = html.unescape(manager.page(path(application)))
    assert "You’re interviewing with us" in page and "Tell the candidate" not in page
    batch = CandidateStatusUpdate.objects.get().batch
    assert manager.get(f"{LIST}status-updates/{batch}/").status_code == 403
    assert manager.post(f"{LIST}status-updates/{batch}/").status_code == 403
    assert manager.post(TELL).status_code == 403


# --- Races -------------------------------------------------------------------------------------


def at_once(*functions):
    """Call the functions in threads of their own, at the same time."""

    def call(function):
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(call, functions))


@pytest.mark.django_db(transaction=True)
def test_telling_by_several_recruiters_at_once(signed_in):
    """One recruiter tells the candidates; for the others, they are skipped."""
    applications = [make.application(stage="rejected") for _ in range(3)]
    visitors = [signed_in("Recruiters") for _ in range(4)]
    forms = [form_values(run_action(visitor, "tell", *applications)) for visitor in visitors]

    def send(visitor, form):
        return visitor.post(TELL, {"form": form["form"], "tell": "yes"}).status_code

    calls = [
        lambda visitor=visitor, form=form: send(visitor, form)
        for visitor, form in zip(visitors, forms, strict=True)
    ]
    assert at_once(*calls) == [302] * 4
    assert CandidateStatusUpdate.objects.count() == 3
    assert CandidateStatusUpdate.objects.values("batch").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_telling_while_candidate_withdraws(signed_in, client):
    """In either order, the candidate has withdrawn and nothing else is waiting."""
    recruiter = signed_in("Recruiters")
    for _round in range(5):
        application = make.application(stage="rejected")
        form = form_values(recruiter.page(path(application, "tell/"))) | {"status": "closed"}
        address = status_path(application, "withdraw/")
        statuses = at_once(
            lambda application=application, form=form: (
                recruiter.post(path(application, "tell/"), form).status_code
            ),
            lambda address=address: client.post(address).status_code,
        )
        assert statuses == [302, 302]
        application.refresh_from_db()
        assert application.withdrawn_at and application.stage == "withdrawn"
        assert not application.status_updates.exists()


def test_status_texts_exist_for_every_status():
    assert set(TEXTS) == set(CandidateStatus) - {CandidateStatus.ERASURE_REQUESTED}
    assert set(PROPOSED_STATUS) == set(Stage)
