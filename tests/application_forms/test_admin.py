"""Application forms in the admin: fields, questions, question sets, and warnings about sensitive questions."""

import re

import pytest

from careers.application_forms.enums import QuestionKind, Requirement
from careers.application_forms.models import ApplicationForm, Question, QuestionSet
from careers.revisions.models import Revision
from careers.roles.models import Role
from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

LIST = "/admin/application_forms/applicationform/"
ADD = f"{LIST}add/"
ADD_ROLE = "/admin/roles/role/add/"
ADD_SET = "/admin/application_forms/questionset/add/"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def rows(*questions, start=0):
    """The form data of new questions, in this order."""
    data = {"own_questions-TOTAL_FORMS": start + len(questions)}
    for number, question in enumerate(questions, start):
        fields = {"kind": "line", "visible_to_hiring_managers": "on", **question}
        data |= {f"own_questions-{number}-{name}": value for name, value in fields.items()}
    return data


def texts(form):
    return [question.text_en for question in form.questions()]


def visible_text(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


# --- From the role to its form ---


def test_form_duplicated_with_role(recruiter):
    role = make.role(title_en="Rain engineer")
    original = make.form(role, phone="required", note_en="Bring an umbrella.", minutes=9)
    shared = make.question_set()
    make.question(shared, text_en="Shared?")
    original.question_set_uses.create(question_set=shared)
    for text in ("Second?", "Third?"):
        make.question(original, text_en=text, help_ja="一言で。", is_required=True)
    page = recruiter.get(f"{ADD_ROLE}?from={role.pk}")
    assert ApplicationForm.objects.count() == 1
    values = fields_of(page) | {"reference_id": "R-1"}
    saved = recruiter.post(f"{ADD_ROLE}?from={role.pk}", values, follow=True)
    messages = parse(saved.text).texts(".message-text")
    assert messages[1:] == ["Its application form was duplicated too."]
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


def test_form_not_created_for_duplicate_of_role_without_form(recruiter):
    role = make.role()
    values = fields_of(recruiter.get(f"{ADD_ROLE}?from={role.pk}")) | {"reference_id": "R-1"}
    saved = recruiter.post(f"{ADD_ROLE}?from={role.pk}", values, follow=True)
    assert "duplicated too" not in saved.text
    assert Role.objects.count() == 2 and not ApplicationForm.objects.exists()


def test_form_opened_from_role_and_created_on_save(recruiter):
    role = make.role(title_en="Rain engineer")
    other = make.role(title_en="Wind engineer")
    links = parse(recruiter.page(path_of(role))).all("a[href]")
    [address] = [link["href"] for link in links if link.text == "Application form"]
    page = recruiter.get(address)
    assert not ApplicationForm.objects.exists()
    values = fields_of(page)
    assert values["role"] == str(role.pk)
    saved = recruiter.post(ADD, values | {"note_en": "Bring an umbrella.", "phone": "required"})
    assert saved.status_code == 302, errors_of(saved)
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
def test_form_of_unknown_role_is_an_empty_form(recruiter, number):
    assert recruiter.get(f"{ADD}?role={number}").status_code == 200


def test_form_role_choices_exclude_roles_with_a_form(recruiter):
    with_form, without_form = make.role(title_en="Done"), make.role(title_en="Open")
    make.form(with_form)
    page = recruiter.page(ADD)
    assert f'<option value="{without_form.pk}">Open' in page and ">Done<" not in page
    response = recruiter.post(ADD, fields_of(recruiter.get(ADD)) | {"role": with_form.pk})
    assert response.status_code == 200
    assert ApplicationForm.objects.count() == 1


def test_form_link_respects_permissions(signed_in):
    role = make.role()
    viewer, manager = signed_in("Viewers"), signed_in("Hiring managers")
    assert "Application form<" not in viewer.page(path_of(role))
    form = make.form(role)
    assert f"{ADD}?role={role.pk}" in viewer.page(path_of(role))
    assert viewer.get(f"{ADD}?role={role.pk}").headers["Location"] == path_of(form)
    assert "Application form<" not in manager.page(path_of(role))


def test_form_of_general_application_is_unique(recruiter):
    edit(recruiter, ADD, minutes=3)
    form = ApplicationForm.objects.get()
    assert (form.role, form.minutes) == (None, 3)
    assert "General application" in recruiter.page(LIST)
    response = recruiter.post(ADD, fields_of(recruiter.get(ADD)))
    assert "There is already a form of the general application." in response.text
    assert ApplicationForm.objects.count() == 1


@pytest.mark.one_database
def test_form_accommodation_cannot_be_required(recruiter):
    response = recruiter.post(ADD, fields_of(recruiter.get(ADD)) | {"accommodation": "required"})
    assert response.status_code == 200
    assert not ApplicationForm.objects.exists()


# --- The list ---


def test_form_list_columns(recruiter):
    form = make.form(make.role(title_en="Rain engineer", reference_id="R-77"), phone="required")
    shared = make.question_set()
    form.question_set_uses.create(question_set=shared)
    for owner in (form, form, shared):
        make.question(owner)
    make.question(make.form())
    rows = parse(recruiter.page(LIST)).all("#result_list tbody tr")
    general, rain = (row.texts("th, td") for row in rows)
    assert rain[1:4] == ["Rain engineer", "R-77", "3"]
    assert rain[4].startswith("Résumé, Telephone number")
    assert general[1:4] == ["General application", "-", "1"]
    assert general[4].startswith("Résumé")
    sets = parse(recruiter.page("/admin/application_forms/questionset/"))
    assert sets.texts("td.field-number_of_questions") == ["1"]


def test_form_list_search_by_role(recruiter):
    make.form(make.role(title_ja="雨のエンジニア"))
    make.form(make.role(title_ja="風の技師"))
    page = recruiter.page(f"{LIST}?q=ｴﾝｼﾞﾆｱ")
    assert page.count('class="action-select"') == 1


# --- Questions ---


def test_question_positions(recruiter):
    form = make.form(make.role())
    edit(
        recruiter,
        path_of(form),
        changes=rows({"text_en": "One?"}, {"text_en": "Two?"}, {"text_en": "Three?"}),
    )
    assert texts(form) == ["One?", "Two?", "Three?"]
    edit(recruiter, path_of(form), changes={"own_questions-2-position": 1})
    assert texts(form) == ["One?", "Three?", "Two?"]  # the older one comes first
    edit(recruiter, path_of(form), changes={"own_questions-0-position": 9})
    assert texts(form) == ["Three?", "Two?", "One?"]
    edit(recruiter, path_of(form), changes=rows({"text_en": "Four?"}, start=3))
    assert texts(form) == ["Three?", "Two?", "One?", "Four?"]
    edit(recruiter, path_of(form), changes={"own_questions-1-position": ""})
    assert texts(form) == ["Three?", "One?", "Four?", "Two?"]
    fields = fields_of(recruiter.get(path_of(form)))
    assert [fields[f"own_questions-{n}-text_en"] for n in range(4)] == texts(form)


def test_question_fields_in_both_languages(recruiter):
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
    [saved] = form.questions()
    assert (saved.kind, saved.is_required, saved.visible_to_hiring_managers) == (
        QuestionKind.SINGLE_SELECT,
        True,
        False,
    )
    assert saved.choices_for("ja") == ["巻雲", "積雲"] and saved.choices_for("en") == [
        "Cirrus",
        "Cumulus",
    ]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ({}, "Please write the choices, one in each line."),
        (
            {"choices_en": "Cirrus\r\nCumulus", "choices_ja": "巻雲"},
            "Please write as many choices in Japanese as in English.",
        ),
    ],
)
def test_question_choices_are_validated(recruiter, choices, error):
    form = make.form()
    values = fields_of(recruiter.get(path_of(form)))
    values |= rows({"text_en": "Which cloud?", "kind": "multi_select", **choices})
    response = recruiter.post(path_of(form), values)
    assert response.status_code == 200
    assert error in response.text and "Which cloud?" in response.text
    assert form.questions() == []


def test_question_set_precedes_own_questions(recruiter):
    added = {"name_en": "Basics", "questions-TOTAL_FORMS": 1, "questions-0-kind": "text"}
    edit(recruiter, ADD_SET, changes=added | {"questions-0-text_en": "Why clouds?"})
    shared = QuestionSet.objects.get()
    form = make.form()
    make.question(form, text_en="Why us?")
    use = {"question_set_uses-TOTAL_FORMS": 1, "question_set_uses-0-question_set": shared.pk}
    edit(recruiter, path_of(form), changes=use)
    assert texts(form) == ["Why clouds?", "Why us?"]
    response = recruiter.post(path_of(shared, "delete"), {"post": "yes"})
    assert "Cannot delete" in response.text or QuestionSet.objects.exists()
    edit(recruiter, path_of(form), changes={"question_set_uses-0-DELETE": "on"})
    assert texts(form) == ["Why us?"]
    recruiter.post(path_of(shared, "delete"), {"post": "yes"})
    assert not QuestionSet.objects.exists()


def test_form_duplicated_for_another_role(recruiter):
    form = make.form(make.role(), phone="required", note_ja="履歴書をご用意ください。")
    make.question(form, text_en="Two?", position=2)
    make.question(form, text_en="One?", position=1, is_required=True)
    form.question_set_uses.create(question_set=make.question_set())
    role = make.role()
    values = fields_of(recruiter.get(f"{ADD}?from={form.pk}"))
    assert values["role"] == ""
    saved = recruiter.post(ADD, values | {"role": role.pk})
    assert saved.status_code == 302, errors_of(saved)
    copy = ApplicationForm.objects.get(role=role)
    assert (copy.phone, copy.note_ja, copy.question_sets.count()) == (
        "required",
        "履歴書をご用意ください。",
        1,
    )
    assert texts(copy) == ["One?", "Two?"] == texts(form)
    assert Question.objects.count() == 4


def test_questions_have_versions_and_stale_states(recruiter):
    form = make.form(make.role())
    question = make.question(form)
    edit(recruiter, path_of(form), changes={"own_questions-0-text_en": "Which rain?"})
    assert question.text_states.get(field="text").stale == "ja"
    assert Revision.objects.for_instance(form).count() == 2
    assert "Which rain?" in recruiter.page(path_of(form)).replace("<ins>", "").replace("</ins>", "")
    assert recruiter.page(path_of(form, "history"))


# --- On the translation board ---


def test_status_board_lists_questions_under_their_form_or_set(recruiter):
    role = make.role(title_en="Rain engineer")
    form, shared = make.form(role), make.question_set(name_en="Basics")
    for owner in (form, shared, make.form()):
        make.question(owner, text_en="Which cloud?", text_ja="")
    page = recruiter.page("/admin/translations/")
    for name, owner in (("Rain engineer", form), ("Basics", shared), ("General application", None)):
        assert f"{name}: Which cloud?</a>" in page
        assert owner is None or f'href="{path_of(owner)}">{name}: Which' in page


@pytest.mark.one_database
def test_status_board_query_count_with_questions_is_constant(recruiter):
    def a_form():
        make.question(make.form(make.role(), note_en="Hello."), text_ja="")
        make.question(make.question_set(), text_ja="")

    a_form()
    one = queries(recruiter, "/admin/translations/")
    for _ in range(5):
        a_form()
    assert queries(recruiter, "/admin/translations/") == one


# --- Sensitive questions ---


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("language", "topic", "advice"),
    [
        ("en", "religion", "Please delete the question, or ask only for what the work requires."),
        ("ja", "宗教", "業務に必要な内容だけを尋ねる表現に改めてください。"),
    ],
)
def test_sensitive_question_is_saved_with_a_warning(signed_in, language, topic, advice):
    recruiter = signed_in("Recruiters", language)
    form = make.form(make.role())
    question = {"text_en": "What is your religion?", "text_ja": "宗教を教えてください。"}
    added = rows({"text_en": "Which cloud?", "text_ja": "好きな雲は？"}, question)
    response = recruiter.post(path_of(form), fields_of(recruiter.get(path_of(form))) | added)
    assert response.status_code == 302 and form.own_questions.count() == 2
    after = recruiter.page(response.headers["Location"])
    [warning] = parse(after).texts("li.warning")
    assert question[f"text_{language}"] in warning and topic in warning and advice in warning
    page = recruiter.page(path_of(form))  # beside the text in each language
    field_warnings = parse(page).texts("strong.warning")
    assert len(field_warnings) == 2 and all(
        topic in text and advice in text for text in field_warnings
    )
    deletion = {"own_questions-1-DELETE": "on"}
    response = recruiter.post(path_of(form), fields_of(recruiter.get(path_of(form))) | deletion)
    after = recruiter.page(response.headers["Location"])
    assert 'class="warning"' not in after + recruiter.page(path_of(form))


@pytest.mark.one_database
@pytest.mark.parametrize(
    "question",
    [
        {"text_ja": "性別"},
        {"text_en": "About you", "help_en": "Your age, please."},
        {"text_ja": "当てはまるもの", "kind": "single_select", "choices_ja": "既婚\r\n未婚"},
    ],
)
def test_sensitive_topic_found_in_every_text_of_a_question(recruiter, question):
    edit(recruiter, ADD, changes=rows(question))
    assert "Japanese guidance on fair hiring" in recruiter.page(LIST)
    form = ApplicationForm.objects.get()
    assert recruiter.page(path_of(form)).count('<strong class="warning">') == 1


@pytest.mark.one_database
def test_sensitive_question_in_set_warns_in_set_and_form(recruiter):
    shared = make.question_set()
    make.question(shared, text_en="How old are you?")
    edit(recruiter, path_of(shared))
    assert "“How old are you?”: This may ask about: age." in visible_text(recruiter.page(LIST))
    form = make.form()
    use = {"question_set_uses-TOTAL_FORMS": 1, "question_set_uses-0-question_set": shared.pk}
    edit(recruiter, path_of(form), changes=use)
    assert "This may ask about: age." in visible_text(recruiter.page(LIST))


@pytest.mark.one_database
def test_sensitive_question_warning_is_escaped(recruiter):
    form = make.form()
    make.question(form, text_en="<b>Your age</b>?")
    edit(recruiter, path_of(form))
    page = recruiter.page(LIST)
    assert "&lt;b&gt;Your age&lt;/b&gt;" in page and "<b>Your" not in page


# --- The limit of files ---

FILE = {"text_en": "Your certificate?", "kind": "file"}
THREE_DOCUMENTS = "resume", "career_history", "cover_letter"  # as a new form has them


def file_limit_error(client, path, changes):
    """The error of a form that cannot be saved because of its files; "" if it is saved."""
    response = client.post(path, fields_of(client.get(path)) | changes)
    if response.status_code == 302:
        return ""
    return " ".join(parse(response.text).texts(".errorlist.nonform"))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("documents", "questions", "shared", "count"),
    [
        (3, 2, 0, 5),
        (3, 3, 0, 6),
        (4, 1, 0, 5),
        (4, 2, 0, 6),
        (0, 5, 0, 5),
        (3, 1, 2, 6),
        (3, 0, 3, 6),
        (0, 0, 7, 7),
    ],
)
@pytest.mark.parametrize(("language", "required"), [("en", ""), ("ja", "on")])
def test_form_file_limit(signed_in, language, required, documents, questions, shared, count):
    """Documents, own file questions and those of question sets count, required or not."""
    recruiter = signed_in("Recruiters", language)
    changes = dict.fromkeys((*THREE_DOCUMENTS, "portfolio"), "off")
    level = "required" if required else "optional"
    changes |= dict.fromkeys((*THREE_DOCUMENTS, "portfolio")[:documents], level)
    changes |= rows(*[{**FILE, "is_required": required}] * questions, {"text_en": "Why us?"})
    if shared:
        used = make.question_set()
        for _ in range(shared):
            make.question(used, QuestionKind.FILE)
        changes |= {"question_set_uses-TOTAL_FORMS": 1, "question_set_uses-0-question_set": used.pk}
    error = file_limit_error(recruiter, ADD, changes)
    assert ApplicationForm.objects.count() == (count <= 5)
    if count > 5:
        expected = {
            "en": f"asks for {count} files, but candidates can send up to 5",
            "ja": f"求めるファイルは{count}個ですが、応募者が送れるのは5個まで",
        }
        assert expected[language] in error
    else:
        assert not error


@pytest.mark.one_database
def test_form_file_limit_counts_what_remains(recruiter):
    """Deleted questions and sets do not count, and neither do questions whose kind is changed."""
    form = make.form()
    for _ in range(2):
        make.question(form, QuestionKind.FILE)
    used = make.question_set()
    make.question(used, QuestionKind.FILE)
    path = path_of(form)
    use = {"question_set_uses-TOTAL_FORMS": 1, "question_set_uses-0-question_set": used.pk}
    assert "asks for 6 files" in file_limit_error(recruiter, path, use)
    assert "asks for 6 files" in file_limit_error(recruiter, path, {"portfolio": "optional"})
    assert "asks for 6 files" in file_limit_error(recruiter, path, rows(FILE, start=2))
    assert not file_limit_error(recruiter, path, use | {"own_questions-0-DELETE": "on"})
    assert not file_limit_error(
        recruiter, path, {"own_questions-0-kind": "line"} | {"portfolio": "off"}
    )
    changed = {"question_set_uses-0-DELETE": "on", "portfolio": "required"}
    assert not file_limit_error(recruiter, path, changed)
    assert not file_limit_error(recruiter, path, {"own_questions-0-kind": "file"})
    assert "asks for 6 files" in file_limit_error(recruiter, path, use)


@pytest.mark.one_database
def test_form_file_limit_counts_what_remains_beside_an_error(recruiter):
    """A deleted question does not count either while another row has to be corrected."""
    form = make.form()
    for _ in range(2):
        make.question(form, QuestionKind.FILE)
    path = path_of(form)
    invalid = rows(FILE, {"text_en": "", "text_ja": "", "kind": "choice"}, start=2)
    assert "asks for 6 files" in file_limit_error(recruiter, path, invalid)
    deletion = {"own_questions-0-DELETE": "on"}
    response = recruiter.post(path, fields_of(recruiter.get(path)) | invalid | deletion)
    assert parse(response.text).texts(".errorlist:not(.nonform)")
    assert "candidates can send up to" not in response.text


@pytest.mark.one_database
def test_form_file_limit_follows_the_setting(recruiter, settings):
    settings.DOCUMENTS_MAX_FILES = 2
    assert "asks for 3 files, but candidates can send up to 2" in file_limit_error(
        recruiter, ADD, {}
    )


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["en", "ja"])
def test_question_set_file_limit_names_the_forms(signed_in, language):
    recruiter = signed_in("Recruiters", language)
    used = make.question_set()
    small, large = make.form(make.role(title_en="Rain", title_ja="雨")), make.form()
    for form in (small, large):
        form.question_set_uses.create(question_set=used)
    make.question(large, QuestionKind.FILE)
    other = make.question_set()
    make.question(other, QuestionKind.FILE)
    large.question_set_uses.create(question_set=other)
    make.form(make.role(title_en="Sun", title_ja="晴れ"), portfolio="required")  # does not use it
    question = {"questions-TOTAL_FORMS": 1}
    question |= {f"questions-0-{name}": value for name, value in FILE.items()}
    error = file_limit_error(recruiter, path_of(used), question)
    general = {"en": "General application (6)", "ja": "（6）"}[language]
    assert general.strip("（）") in error and "Rain" not in error and "雨" not in error
    assert {"en": "up to 5 files", "ja": "ファイルは5個まで"}[language] in error
    assert not used.questions.exists()
    assert not file_limit_error(recruiter, path_of(used), question | {"questions-0-kind": "line"})
    large.own_questions.all().delete()
    assert not file_limit_error(recruiter, path_of(used), {"questions-0-kind": "file"})


@pytest.mark.one_database
def test_question_set_without_form_has_no_file_limit(recruiter):
    question = {"questions-TOTAL_FORMS": 6, "name_en": "Papers"}
    for number in range(6):
        question |= {f"questions-{number}-{name}": value for name, value in FILE.items()}
    assert not file_limit_error(recruiter, ADD_SET, question)
    use = {
        "question_set_uses-TOTAL_FORMS": 1,
        "question_set_uses-0-question_set": QuestionSet.objects.get().pk,
    }
    assert "asks for 9 files" in file_limit_error(recruiter, ADD, use)
