"""Switching the language of an application form keeps its values, choices and files."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from careers.applications.models import Application, PendingUpload, Submission
from careers.applications.tokens import read_token
from careers.documents.models import Document
from careers.languages import other_language
from tests import make
from tests.html import form_data, parse

from .conftest import cv, form_values, path, retry_values, token

pytestmark = pytest.mark.one_database

SWITCH = "header button[name=switch_language]"
CLOUDS = {"choices_en": "Cirrus\nStratus\nCumulus", "choices_ja": "巻雲\n層雲\n積雲"}

each_language = pytest.mark.parametrize("language", ["en", "ja"])


def switch(client, page, **values):
    """Press the language switcher of a page, with these changes to its form; the response."""
    root = parse(page)
    button = root.one(SWITCH)
    form = root.one(f"form#{button['form']}")
    data = {**form_data(form), **values, button["name"]: button["value"]}
    return client.post(button["formaction"], data)


def typed(page):
    """{name: [values]} of the form of a page, without its token and challenge."""
    data = form_data(parse(page).one("form#application"))
    return {
        name: values
        for name, values in data.items()
        if values != [""] and name not in ("token", "solution")
    }


def errors(response):
    """The error list of a page and its marks at fields."""
    return parse(response.text).all("#error-summary, .error, .invalid")


@pytest.fixture(params=["role", "general"])
def role(request):
    return make.role() if request.param == "role" else None


@each_language
def test_switch_language_keeps_values_and_files(client, role, language):
    """There and back: values, choices, boxes, files, token; no error, no application, no limit used."""
    form = make.form(role, phone="required", career_history="optional")
    one = make.question(form, "single_select", text_en="Which cloud?", **CLOUDS)
    several = make.question(form, "multi_select", text_en="Which clouds?", position=9, **CLOUDS)
    line = make.question(form, position=11)
    lines = {code: CLOUDS[f"choices_{code}"].split() for code in ("en", "ja")}
    person = {
        "en": {"given_name": "Taro", "family_name": "Yamada", "preferred_name": "T"},
        "ja": {"family_name": "山田", "given_name": "太郎", "family_kana": "やまだ"},
    }[language]
    values = {
        **person,
        "email": "ｘ",  # an invalid address
        "phone": "０９０",
        "eligibility": "support",
        "message": "雨が\r\n好きです。<b>",
        "source": "event",
        "agree": "on",
        "keep": "on",
        f"question_{one.pk}": lines[language][1],
        f"question_{several.pk}": [lines[language][0], lines[language][2]],
        f"question_{line.pk}": "Cirrus",
    }
    if role is None:  # the form of a role is not public with a question in one language
        only_ja = make.question(form, "single_select", text_en="", position=10, choices_ja="雨\n雪")
        values[f"question_{only_ja.pk}"] = "雪"
    page = client.page(path(role, language))
    form_token = token(page)
    other = other_language(language)
    response = switch(client, page, **values, resume=cv("履歴書.txt"))
    assert response.status_code == 200
    assert not errors(response) and parse(response.text).one("html")["lang"] == other
    expected = {
        name: value if isinstance(value, list) else [value] for name, value in values.items()
    }
    expected[f"question_{one.pk}"] = [lines[other][1]]
    expected[f"question_{several.pk}"] = [lines[other][0], lines[other][2]]
    expected["pending_upload"] = ["resume"]
    assert typed(response.text) == expected
    assert parse(response.text).one(".pending-upload span").text == "履歴書.txt"
    (only_here,) = person.keys() - {"given_name", "family_name"}
    assert parse(response.text).one(f"[name={only_here}]")["type"] == "hidden"
    back = switch(client, response.text)
    assert back.status_code == 200 and not errors(back)
    assert typed(back.text) == {
        **expected,
        f"question_{one.pk}": [lines[language][1]],
        f"question_{several.pk}": values[f"question_{several.pk}"],
    }
    assert read_token(token(back.text), role) == read_token(form_token, role)
    assert (Application.objects.count(), Submission.objects.count()) == (0, 0)
    assert (PendingUpload.objects.count(), Document.objects.count()) == (1, 1)


@each_language
def test_switched_form_can_be_sent(client, role, language):
    """It becomes one confirmed application in the other language, with the file; its challenge stays solved."""
    form = form_values(client, role, language, message="Rain")
    other = other_language(language)
    switched = client.post(path(role, other), {**form, "switch_language": other})
    assert switched.status_code == 200
    retry = retry_values(
        switched, form, solution=parse(switched.text).one("[name=solution]")["value"]
    )
    retry |= {"family_kana": "ヤマダ", "given_kana": "タロウ"}
    assert retry["solution"] == form["solution"]
    assert client.post(path(role, other), retry).status_code == 302
    application = Application.objects.get()
    assert (application.language, application.is_confirmed) == (other, True)
    assert application.attachments.get().document.name == "cv.txt"


def test_sent_twice_after_switch_is_one_application(client, role):
    form = form_values(client, role)
    switched = client.post(path(role, "ja"), {**form, "switch_language": "ja"})
    retry = retry_values(switched, form, family_kana="ヤマダ", given_kana="タロウ")
    responses = [client.post(path(role, "ja"), retry) for _time in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert Application.objects.count() == 1


def test_switch_after_form_error_and_unavailable_storage(client, role, folder):
    """The switcher also keeps the values of a rejected form, and of one with files that were not stored."""
    form = form_values(client, role, email="x", message="Rain")
    response = client.post(path(role), form)
    assert response.status_code == 422
    switched = switch(client, response.text)
    assert switched.status_code == 200 and 'id="error-summary"' not in switched.text
    assert typed(switched.text)["message"] == ["Rain"]
    assert parse(switched.text).texts(".pending-upload span") == ["cv.txt"]
    other_form = form_values(client, role, message="Snow")
    folder.rename(folder.with_name("moved"))
    folder.write_text("not a folder")
    response = client.post(path(role), other_form)
    assert response.status_code == 503
    switched = switch(client, response.text)
    assert switched.status_code == 200 and typed(switched.text)["message"] == ["Snow"]
    switched = switch(client, response.text, resume=cv())  # a file that cannot be stored now
    assert switched.status_code == 503 and typed(switched.text)["message"] == ["Snow"]


def test_switch_reports_file_that_was_not_kept(client, role):
    """If a file is rejected, the page says so and keeps the other values."""
    page = client.page(path(role))
    response = switch(client, page, message="Rain", resume=cv("cv.pdf", b""))
    assert response.status_code == 422
    assert parse(response.text).texts("#error-summary li") == [
        "履歴書：このファイルは空です。保存し直してから、もう一度選択してください。"
    ]
    assert typed(response.text)["message"] == ["Rain"]


def test_switch_obeys_quota(client, role, settings):
    settings.PENDING_UPLOAD_QUOTA = 10
    response = switch(client, client.page(path(role)), resume=cv(), message="Rain")
    assert response.status_code == 200
    assert (
        parse(response.text).one("#error-summary h2").text == "ファイルをもう一度選択してください"
    )
    assert typed(response.text)["message"] == ["Rain"]
    assert (PendingUpload.objects.count(), Document.objects.count()) == (0, 0)


def test_switch_on_page_of_closed_role_keeps_values(client):
    """The page of a closed role shows the same values in the other language."""
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        role = make.role(closes_on=date(2026, 11, 21))
        question = make.question(make.form(role), "multi_select", **CLOUDS)
        values = {f"question_{question.pk}": ["Cirrus", "Cumulus"], "preferred_name": "T"}
        form = form_values(client, role, message="Long\nthought about.", source="board", **values)
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        page = client.post(path(role), form)
        assert page.status_code == 410
        japanese = switch(client, page.text)
        english = switch(client, japanese.text)
    assert japanese.status_code == english.status_code == 410
    assert "この求人の募集は終了しました" in parse(japanese.text).one("h1").text
    assert parse(japanese.text).texts(".facts dd")[-4:] == [
        "巻雲積雲",
        "Longthought about.",
        "求人サイト",
        "T",
    ]
    assert sorted(parse(english.text).texts(".facts dd")) == sorted(
        parse(page.text).texts(".facts dd")
    )
    assert Application.objects.count() == 0


def test_switch_is_a_link_without_page_in_other_language(client):
    """A role in one language links to the list, and says so; a form of an unpublished role says nothing."""
    role = make.role(published_at_ja=None)
    form = form_values(client, role)
    header = parse(client.page(path(role))).one("header")
    assert header.one(".language-switcher a")["href"] == "/ja/roles/"
    assert header.all("button") == [] and "英語のみ" in header.text
    role.unpublish("en")
    role.save()
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        response = client.post(path(role), form)
    assert response.status_code == 410
    header = parse(response.text).one("header")
    assert header.one(".language-switcher a")["href"] == "/ja/roles/"
    assert header.all("button, .language-note") == []


def test_switch_needs_token_for_draft_role(client):
    draft = make.role(published_at_en=None, published_at_ja=None, title_ja="秘密")
    response = client.post(path(draft, "ja"), {"switch_language": "ja", "email": "x"})
    assert response.status_code == 404 and "秘密" not in response.text


def test_switch_button_reads_like_the_link(client, role):
    """It is named by the language, with its `lang`, and Enter in a field does not press it."""
    root = parse(client.page(path(role)))
    button = root.one(SWITCH)
    assert (button.text, button["lang"], button["formaction"]) == ("日本語", "ja", path(role, "ja"))
    first = next(
        button for button in root.all("button") if button.attributes.get("form") == "application"
    )
    assert "name" not in first and first["tabindex"] == "-1"  # the default button of the form
    assert root.all("header .language-switcher a") == []
    # Other pages keep the link.
    assert parse(client.page("/en/roles/")).one(".language-switcher a")["hreflang"] == "ja"
