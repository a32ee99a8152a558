"""Recruiters write the application forms: fields, questions, sets, and a warning that blocks nothing."""

import re

import pytest

from careers.application_forms.enums import QuestionKind, Requirement
from careers.application_forms.models import ApplicationForm, Question, QuestionSet
from careers.revisions.models import Revision
from careers.roles.models import Role
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.conftest import queries

pytestmark = pytest.mark.django_db

LIST = "/admin/application_forms/applicationform/"
ADD = f"{LIST}add/"
ADD_ROLE = "/admin/roles/role/add/"
ADD_SET = "/admin/application_forms/questionset/add/"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def rows(*questions, start=0):
    """What a browser sends of new questions, in this order."""
    sent = {"own_questions-TOTAL_FORMS": start + len(questions)}
    for number, question in enumerate(questions, start):
        said = {"kind": "line", "visible_to_hiring_managers": "on", **question}
        sent |= {f"own_questions-{number}-{name}": value for name, value in said.items()}
    return sent


def texts(form):
    return [question.text_en for question in form.questions()]


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


# --- From the role to its form ---


def test_the_form_goes_along_with_a_copy_of_its_role(recruiter):
    role = make.role(title_en="Rain engineer")
    original = make.form(role, phone="required", note_en="Bring an umbrella.", minutes=9)
    shared = make.question_set()
    make.question(shared, text_en="Shared?")
    original.question_set_uses.create(question_set=shared)
    for text in ("Second?", "Third?"):
        make.question(original, text_en=text, help_ja="一言で。", is_required=True)
    page = recruiter.get(f"{ADD_ROLE}?from={role.pk}")
    assert ApplicationForm.objects.count() == 1
    typed = fields_of(page) | {"reference_id": "R-1"}
    saved = recruiter.post(f"{ADD_ROLE}?from={role.pk}", typed, follow=True)
    said = [str(message) for message in saved.context["messages"]]
    assert said[1:] == ["Its application form was duplicated too."]
    copy = ApplicationForm.objects.get(role__reference_id="R-1")
    assert (copy.requirement("phone"), copy.note_en, copy.minutes) == (
        Requirement.REQUIRED,
        "Bring an umbrella.",
        9,
    )
    assert texts(copy) == texts(original) == ["Shared?", "Second?", "Third?"]
    assert {question.help_ja for question in copy.own_questions.all()} == {"一言で。"}
    assert Revision.objects.for_instance(copy).count() == 1
    copy.own_questions.first().delete()
    assert texts(original) == ["Shared?", "Second?", "Third?"]


def test_a_role_that_asks_what_every_role_asks_is_copied_without_a_form(recruiter):
    role = make.role()
    typed = fields_of(recruiter.get(f"{ADD_ROLE}?from={role.pk}")) | {"reference_id": "R-1"}
    saved = recruiter.post(f"{ADD_ROLE}?from={role.pk}", typed, follow=True)
    assert "duplicated too" not in saved.text
    assert Role.objects.count() == 2 and not ApplicationForm.objects.exists()


def test_the_role_leads_to_its_form_which_is_made_by_saving_it(recruiter):
    role = make.role(title_en="Rain engineer")
    other = make.role(title_en="Wind engineer")
    [address] = re.findall(r'href="([^"]+)">Application form<', recruiter.page(path_of(role)))
    page = recruiter.get(address)
    assert not ApplicationForm.objects.exists()
    typed = fields_of(page)
    assert typed["role"] == str(role.pk)
    saved = recruiter.post(ADD, typed | {"note_en": "Bring an umbrella.", "phone": "required"})
    assert saved.status_code == 302, saved.context["errors"]
    form = ApplicationForm.objects.get()
    assert (form.role, form.note_en, form.requirement("phone")) == (
        role,
        "Bring an umbrella.",
        Requirement.REQUIRED,
    )
    assert recruiter.get(address).headers["Location"] == path_of(form)
    edit(recruiter, path_of(form), role=other.pk, resume="optional")
    form.refresh_from_db()
    assert (form.role, form.requirement("resume")) == (role, Requirement.OPTIONAL)


@pytest.mark.parametrize("number", ["x", "", "0", "99999999999999999999999"])
def test_a_role_that_is_not_there_is_an_empty_form(recruiter, number):
    assert recruiter.get(f"{ADD}?role={number}").status_code == 200


def test_only_roles_without_a_form_can_be_chosen(recruiter):
    done, open_ = make.role(title_en="Done"), make.role(title_en="Open")
    make.form(done)
    page = recruiter.page(ADD)
    assert f'<option value="{open_.pk}">Open' in page and ">Done<" not in page
    refused = recruiter.post(ADD, fields_of(recruiter.get(ADD)) | {"role": done.pk})
    assert refused.status_code == 200
    assert ApplicationForm.objects.count() == 1


def test_whoever_may_not_look_is_not_led_there(signed_in):
    role = make.role()
    viewer, manager = signed_in("Viewers"), signed_in("Hiring managers")
    assert "Application form<" not in viewer.page(path_of(role))
    form = make.form(role)
    assert f"{ADD}?role={role.pk}" in viewer.page(path_of(role))
    assert viewer.get(f"{ADD}?role={role.pk}").headers["Location"] == path_of(form)
    assert "Application form<" not in manager.page(path_of(role))


def test_the_general_application_has_one_form(recruiter):
    edit(recruiter, ADD, minutes=3)
    form = ApplicationForm.objects.get()
    assert (form.role, form.minutes) == (None, 3)
    assert "General application" in recruiter.page(LIST)
    again = recruiter.post(ADD, fields_of(recruiter.get(ADD)))
    assert "There is already a form of the general application." in again.text
    assert ApplicationForm.objects.count() == 1


def test_nobody_can_be_made_to_tell_what_they_need(recruiter):
    refused = recruiter.post(ADD, fields_of(recruiter.get(ADD)) | {"accommodation": "required"})
    assert refused.status_code == 200
    assert not ApplicationForm.objects.exists()


# --- The list ---


def test_the_list_says_whose_form_it_is_and_what_it_asks_for(recruiter):
    form = make.form(make.role(title_en="Rain engineer", reference_id="R-77"), phone="required")
    shared = make.question_set()
    form.question_set_uses.create(question_set=shared)
    for owner in (form, form, shared):
        make.question(owner)
    make.question(make.form())
    table = recruiter.page(LIST).partition('id="result_list"')[2]
    _head, general, rain = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    assert words(rain).startswith("Rain engineer R-77 3 Résumé, Telephone number")
    assert words(general).startswith("General application - 1 Résumé")
    assert 'number_of_questions">1<' in recruiter.page("/admin/application_forms/questionset/")


def test_a_form_is_found_by_its_role(recruiter):
    make.form(make.role(title_ja="雨のエンジニア"))
    make.form(make.role(title_ja="風の技師"))
    page = recruiter.page(f"{LIST}?q=ｴﾝｼﾞﾆｱ")
    assert page.count('class="action-select"') == 1


# --- Questions ---


def test_questions_get_their_places_by_themselves_and_keep_them(recruiter):
    form = make.form(make.role())
    edit(
        recruiter,
        path_of(form),
        changes=rows({"text_en": "One?"}, {"text_en": "Two?"}, {"text_en": "Three?"}),
    )
    assert texts(form) == ["One?", "Two?", "Three?"]
    edit(recruiter, path_of(form), changes={"own_questions-2-position": 1})
    assert texts(form) == ["One?", "Three?", "Two?"]  # the elder comes first
    edit(recruiter, path_of(form), changes={"own_questions-0-position": 9})
    assert texts(form) == ["Three?", "Two?", "One?"]
    edit(recruiter, path_of(form), changes=rows({"text_en": "Four?"}, start=3))
    assert texts(form) == ["Three?", "Two?", "One?", "Four?"]
    edit(recruiter, path_of(form), changes={"own_questions-1-position": ""})
    assert texts(form) == ["Three?", "One?", "Four?", "Two?"]
    shown = fields_of(recruiter.get(path_of(form)))
    assert [shown[f"own_questions-{n}-text_en"] for n in range(4)] == texts(form)


def test_a_question_has_all_that_it_needs_in_both_languages(recruiter):
    form = make.form()
    question = {
        "text_en": "Which cloud?",
        "text_ja": "好きな雲は何ですか。",
        "help_ja": "ひとつ選んでください。",
        "kind": "single_select",
        "choices_en": "Cirrus\r\nCumulus",
        "choices_ja": "巻雲\r\n積雲",
        "is_required": "on",
        "visible_to_hiring_managers": "",
    }
    edit(recruiter, path_of(form), changes=rows(question))
    [asked] = form.questions()
    assert (asked.kind, asked.is_required, asked.visible_to_hiring_managers) == (
        QuestionKind.SINGLE_SELECT,
        True,
        False,
    )
    assert asked.choices_for("ja") == ["巻雲", "積雲"] and asked.choices_for("en") == [
        "Cirrus",
        "Cumulus",
    ]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({}, "Please write the choices, one in each line."),
        (
            {"choices_en": "Cirrus\r\nCumulus", "choices_ja": "巻雲"},
            "Please write as many choices in Japanese as in English.",
        ),
    ],
)
def test_choices_that_are_missing_are_asked_for_and_nothing_is_lost(recruiter, choices, said):
    form = make.form()
    typed = fields_of(recruiter.get(path_of(form)))
    typed |= rows({"text_en": "Which cloud?", "kind": "multi_select", **choices})
    refused = recruiter.post(path_of(form), typed)
    assert refused.status_code == 200
    assert said in refused.text and "Which cloud?" in refused.text
    assert form.questions() == []


def test_a_set_is_asked_before_the_form_s_own_questions(recruiter):
    added = {"name_en": "Basics", "questions-TOTAL_FORMS": 1, "questions-0-kind": "text"}
    edit(recruiter, ADD_SET, changes=added | {"questions-0-text_en": "Why clouds?"})
    shared = QuestionSet.objects.get()
    form = make.form()
    make.question(form, text_en="Why us?")
    use = {"question_set_uses-TOTAL_FORMS": 1, "question_set_uses-0-question_set": shared.pk}
    edit(recruiter, path_of(form), changes=use)
    assert texts(form) == ["Why clouds?", "Why us?"]
    used = recruiter.post(path_of(shared, "delete"), {"post": "yes"})
    assert "Cannot delete" in used.text or QuestionSet.objects.exists()
    edit(recruiter, path_of(form), changes={"question_set_uses-0-DELETE": "on"})
    assert texts(form) == ["Why us?"]
    recruiter.post(path_of(shared, "delete"), {"post": "yes"})
    assert not QuestionSet.objects.exists()


def test_a_copy_has_the_same_questions_and_another_role(recruiter):
    form = make.form(make.role(), phone="required", note_ja="履歴書をご用意ください。")
    make.question(form, text_en="Two?", position=2)
    make.question(form, text_en="One?", position=1, is_required=True)
    form.question_set_uses.create(question_set=make.question_set())
    role = make.role()
    copied = fields_of(recruiter.get(f"{ADD}?from={form.pk}"))
    assert copied["role"] == ""
    saved = recruiter.post(ADD, copied | {"role": role.pk})
    assert saved.status_code == 302, saved.context["errors"]
    copy = ApplicationForm.objects.get(role=role)
    assert (copy.phone, copy.note_ja, copy.question_sets.count()) == (
        "required",
        "履歴書をご用意ください。",
        1,
    )
    assert texts(copy) == ["One?", "Two?"] == texts(form)
    assert Question.objects.count() == 4


def test_questions_are_kept_in_versions_and_known_to_be_out_of_date(recruiter):
    form = make.form(make.role())
    question = make.question(form)
    edit(recruiter, path_of(form), changes={"own_questions-0-text_en": "Which rain?"})
    assert question.text_states.get(field="text").stale == "ja"
    assert Revision.objects.for_instance(form).count() == 2
    assert "Which rain?" in recruiter.page(path_of(form)).replace("<ins>", "").replace("</ins>", "")
    assert recruiter.page(path_of(form, "history"))


# --- On the translation board ---


def test_the_board_names_each_question_by_what_it_belongs_to(recruiter):
    role = make.role(title_en="Rain engineer")
    form, shared = make.form(role), make.question_set(name_en="Basics")
    for owner in (form, shared, make.form()):
        make.question(owner, text_en="Which cloud?", text_ja="")
    page = recruiter.page("/admin/translations/")
    for name, owner in (("Rain engineer", form), ("Basics", shared), ("General application", None)):
        assert f"{name}: Which cloud?</a>" in page
        assert owner is None or f'href="{path_of(owner)}">{name}: Which' in page


def test_the_board_asks_for_all_of_them_at_once(recruiter):
    def a_form():
        make.question(make.form(make.role(), note_en="Hello."), text_ja="")
        make.question(make.question_set(), text_ja="")

    a_form()
    one = queries(recruiter, "/admin/translations/")
    for _ in range(5):
        a_form()
    assert queries(recruiter, "/admin/translations/") == one


# --- What should not be asked ---


@pytest.mark.parametrize(
    ("language", "topic", "advice"),
    [
        ("en", "religion", "Please delete the question, or ask only for what the work requires."),
        ("ja", "宗教", "業務に必要な内容だけを尋ねる表現に改めてください。"),
    ],
)
def test_a_question_that_should_not_be_asked_is_saved_with_a_warning(
    signed_in, language, topic, advice
):
    recruiter = signed_in("Recruiters", language)
    form = make.form(make.role())
    asked = {"text_en": "What is your religion?", "text_ja": "宗教を教えてください。"}
    added = rows({"text_en": "Which cloud?", "text_ja": "好きな雲は？"}, asked)
    answer = recruiter.post(path_of(form), fields_of(recruiter.get(path_of(form))) | added)
    assert answer.status_code == 302 and form.own_questions.count() == 2
    after = recruiter.page(answer.headers["Location"])
    [said] = re.findall(r'<li class="warning">(.*?)</li>', after, re.DOTALL)
    assert asked[f"text_{language}"] in said and topic in said and advice in said
    page = recruiter.page(path_of(form))  # as long as it stands, in each language
    beside = re.findall(r'<strong class="warning">(.*?)</strong>', page)
    assert len(beside) == 2 and all(topic in text and advice in text for text in beside)
    gone = {"own_questions-1-DELETE": "on"}
    answer = recruiter.post(path_of(form), fields_of(recruiter.get(path_of(form))) | gone)
    after = recruiter.page(answer.headers["Location"])
    assert 'class="warning"' not in after + recruiter.page(path_of(form))


@pytest.mark.parametrize(
    "said",
    [
        {"text_ja": "性別"},
        {"text_en": "About you", "help_en": "Your age, please."},
        {"text_ja": "当てはまるもの", "kind": "single_select", "choices_ja": "既婚\r\n未婚"},
    ],
)
def test_it_is_seen_wherever_it_is_asked(recruiter, said):
    edit(recruiter, ADD, changes=rows(said))
    assert "Japanese guidance on fair hiring" in recruiter.page(LIST)
    form = ApplicationForm.objects.get()
    assert recruiter.page(path_of(form)).count('<strong class="warning">') == 1


def test_a_set_warns_too_and_so_does_a_form_that_uses_it(recruiter):
    shared = make.question_set()
    make.question(shared, text_en="How old are you?")
    edit(recruiter, path_of(shared))
    assert "“How old are you?”: This may ask about: age." in words(recruiter.page(LIST))
    form = make.form()
    use = {"question_set_uses-TOTAL_FORMS": 1, "question_set_uses-0-question_set": shared.pk}
    edit(recruiter, path_of(form), changes=use)
    assert "This may ask about: age." in words(recruiter.page(LIST))


def test_a_warning_trusts_no_question(recruiter):
    form = make.form()
    make.question(form, text_en="<b>Your age</b>?")
    edit(recruiter, path_of(form))
    page = recruiter.page(LIST)
    assert "&lt;b&gt;Your age&lt;/b&gt;" in page and "<b>Your" not in page
