"""A role is public in a language only if its conditions and its application form are complete in it."""

import pytest
from django.db import connection

from careers.languages import other_language
from careers.page_cache.models import Generation
from careers.roles.models import Role, RoleCondition
from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

TEXTS = {"en": "Office with a view of the clouds", "ja": "雲の見える職場"}


def texts(field, *languages):
    """{column: text} of a translated field in `languages`; the other column is empty."""
    return {f"{field}_{code}": TEXTS[code] if code in languages else "" for code in TEXTS}


def condition(role, *languages):
    return RoleCondition.objects.create(role=role, kind="smoking", **texts("text", *languages))


def note(role, *languages):
    return make.form(role, **texts("note", *languages))


def own_question(role, *languages):
    return make.question(make.form(role), is_required=True, **texts("text", *languages))


def shared_question(role, *languages):
    form, question_set = make.form(role), make.question_set()
    form.question_set_uses.create(question_set=question_set)
    return make.question(question_set, **texts("text", *languages))


def help_of_question(role, *languages):
    return make.question(make.form(role), **texts("help", *languages))


def choices_of_question(role, *languages):
    return make.question(make.form(role), "single_select", **texts("choices", *languages))


PARTS = [condition, note, own_question, shared_question, help_of_question, choices_of_question]
FIELDS = {
    condition: "text",
    note: "note",
    own_question: "text",
    shared_question: "text",
    help_of_question: "help",
    choices_of_question: "choices",
}


def public_languages(role):
    return getattr(Role.objects.public().filter(pk=role.pk).first(), "languages", ())


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("add_part", PARTS)
def test_incomplete_part_hides_role_everywhere_in_that_language(client, add_part, language):
    """The list, the page, its form, alternates, switcher, sitemap, feeds and the API agree."""
    make.company()
    role, missing = make.role(reference_id="Q-17"), other_language(language)
    add_part(role, language)
    url = {code: role.get_absolute_url(code) for code in TEXTS}
    apply_url = {code: f"{url[code]}apply/" for code in TEXTS}
    title = getattr(role, f"title_{language}")

    assert public_languages(role) == (language,)
    for pages in (url, apply_url):
        response = client.get(pages[missing])
        assert (response.status_code, response.url) == (302, pages[language])
        assert client.get(pages[language]).status_code == 200
    page = parse(client.page(url[language]))
    assert page.all('link[rel="alternate"][hreflang]') == []
    assert [a["href"] for a in page.all("header a[hreflang]")] == [f"/{missing}/roles/"]
    entry = parse(client.page(f"/{missing}/roles/")).one("h3 > a")
    assert (entry["href"], entry.text) == (url[language], title)

    assert url[missing] not in client.get("/sitemap.xml").text
    assert url[language] in client.get("/sitemap.xml").text
    for feed in ("feed.atom", "feed.json", "jobs.xml"):
        assert "Q-17" not in client.get(f"/{missing}/roles/{feed}").content.decode()
        assert url[missing] not in client.get(f"/{missing}/roles/{feed}").content.decode()
        assert url[language] in client.get(f"/{language}/roles/{feed}").content.decode()
    posts = client.get("/v1/boards/kumo/jobs").json()["jobs"]
    assert [post["language"] for post in posts] == [language]


@pytest.mark.parametrize("add_part", PARTS)
def test_complete_part_hides_nothing(add_part):
    role = make.role()
    add_part(role, "en", "ja")
    assert public_languages(role) == ("en", "ja")


def unwritten_condition(role):
    condition(role)


def question_in_both_with_unused_choices(role):
    make.question(make.form(role), "yes_no", choices_ja="はい\nいいえ")


def optional_texts(role):
    Role.objects.filter(pk=role.pk).update(intro_ja="<p>背景</p>", see_also_text_ja="または")


def names_of_department_and_location(role):
    role.department.name_en = ""
    role.department.save()
    location = make.location(name_en="", address_ja="東京都千代田区1-1")
    role.role_locations.create(location=location)


def general_application(role):
    make.question(make.form(None), text_en="")


def form_of_another_role(role):
    make.question(make.form(make.role()), text_en="")


@pytest.mark.parametrize(
    "change",
    [
        unwritten_condition,
        question_in_both_with_unused_choices,
        optional_texts,
        names_of_department_and_location,
        general_application,
        form_of_another_role,
    ],
)
def test_what_does_not_make_a_role_incomplete(change):
    """Texts that the page leaves out, names that many roles share, and other forms."""
    role = make.role()
    change(role)
    assert public_languages(role) == ("en", "ja")


def test_question_without_any_text_makes_both_languages_incomplete():
    role = make.role()
    own_question(role)
    assert public_languages(role) == ()


def test_null_and_empty_texts_are_both_missing():
    role = make.role()
    row = condition(role, "ja")
    for value in (None, ""):
        RoleCondition.objects.filter(pk=row.pk).update(text_en=value)
        assert public_languages(role) == ("ja",)


@pytest.mark.parametrize("add_part", PARTS)
def test_text_of_part_is_public_at_once(client, add_part):
    """Writing the text, and removing it again, moves the generation on in the same transaction."""
    role = make.role()
    part, field = add_part(role, "ja"), FIELDS[add_part]
    for text, status in ((TEXTS["en"], 200), ("", 302)):
        generation = Generation.current()
        setattr(part, f"{field}_en", text)
        part.save()
        assert Generation.current() > generation
        assert client.get(role.get_absolute_url("en")).status_code == status


def test_question_set_of_form_hides_role_when_added_and_shows_it_when_removed(client):
    role, question_set = make.role(), make.question_set()
    form = make.form(role)
    make.question(question_set, text_en="")
    assert client.get(role.get_absolute_url("en")).status_code == 200
    use = form.question_set_uses.create(question_set=question_set)
    assert client.get(role.get_absolute_url("en")).status_code == 302
    use.delete()
    assert client.get(role.get_absolute_url("en")).status_code == 200


@pytest.mark.parametrize("path", ["/en/roles/", "/en/roles/?q=engineer", "/en/", "/sitemap.xml"])
def test_query_count_does_not_depend_on_incomplete_roles(client, path):
    make.company()
    for _ in range(2):
        make.role()
    complete = queries(client, path)
    for add_part in PARTS * 3:
        add_part(make.role(), "ja")
    assert queries(client, path) == complete


@pytest.mark.one_database
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_query_reads_indexes_of_incomplete_rows_only():
    """A list costs the same whether roles have ten complete conditions or none."""
    rows = Role.objects.public().order_by().values("pk")
    plan = rows.explain()
    for name in ("condition", "form", "question"):
        for language in TEXTS:
            assert f"{name}_incomplete_{language}_idx" in plan
    assert "SCAN roles_rolecondition\n" not in plan


# --- In the admin --------------------------------------------------------------------------------

SENTENCES = {
    "en": {
        condition: "Condition “Smoke-free measures”: English text is missing",
        note: "Note of the application form: English text is missing",
        own_question: "Question “雲の見える職場”: English text is missing",
        shared_question: "Question “雲の見える職場”: English text is missing",
        help_of_question: "Question “Which clouds do you like?”: English text is missing",
        choices_of_question: "Question “Which clouds do you like?”: English text is missing",
    },
    "ja": {
        condition: "労働条件「受動喫煙防止措置」の英語がありません",
        note: "応募フォームの案内文の英語がありません",
        own_question: "質問「雲の見える職場」の英語がありません",
        shared_question: "質問「雲の見える職場」の英語がありません",
        help_of_question: "質問「好きな雲は何ですか。」の英語がありません",
        choices_of_question: "質問「好きな雲は何ですか。」の英語がありません",
    },
}


def field_url(part, add_part):
    """The URL of the missing English text in the admin."""
    if add_part is condition:
        return f"{path_of(part.role)}#id_conditions-0-text_en"
    if add_part is note:
        return f"{path_of(part)}#id_note_en"
    owner = part.form or part.question_set
    rows = "own_questions" if part.form else "questions"
    return f"{path_of(owner)}#id_{rows}-0-{FIELDS[add_part]}_en"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("add_part", PARTS)
def test_admin_names_incomplete_part(signed_in, add_part, language):
    """In the form of the role, in the list, and on the status board, each with a link to the field."""
    recruiter, role = signed_in("Recruiters", language), make.role()
    part = add_part(role, "ja")
    url, sentence = field_url(part, add_part), SENTENCES[language][add_part]

    page = parse(recruiter.page(path_of(role)))
    chip = page.one('.language-bar .chip[lang="en"]')
    assert "missing" in chip["class"].split()
    assert chip["href"] == url
    [link] = page.all(".missing-texts a")
    assert (link["href"], link.text) == (url, sentence)
    # The link leads to a field of that page.
    path, _, field = url.partition("#")
    assert parse(recruiter.page(path)).one(f"#{field}")["name"]

    board = parse(recruiter.page("/admin/translations/"))
    links = {link["href"]: link.text for link in board.all(".missing-texts a")}
    assert links[url] == sentence
    row = parse(recruiter.page("/admin/roles/role/")).one("#result_list tbody tr")
    assert [chip["class"].split()[1] for chip in row.all(".chip")] == ["missing", "ready"]


def test_list_filter_by_status_counts_parts(signed_in):
    recruiter = signed_in("Recruiters")
    roles = [make.role(), make.role()]
    condition(roles[0], "ja")
    for status, role in (("missing", roles[0]), ("ready", roles[1])):
        page = parse(recruiter.page("/admin/roles/role/", query_params={"en": status}))
        boxes = page.all("#result_list input.action-select")
        assert [int(box["value"]) for box in boxes] == [role.pk]


def test_status_of_form_and_question_set_covers_their_questions(signed_in):
    recruiter = signed_in("Recruiters")
    form, question_set = make.form(make.role()), make.question_set()
    make.question(question_set, text_en="")
    form.question_set_uses.create(question_set=question_set)
    for record in (form, question_set):
        page = parse(recruiter.page(path_of(record)))
        assert "missing" in page.one('.language-bar .chip[lang="en"]')["class"].split()
        assert "ready" in page.one('.language-bar .chip[lang="ja"]')["class"].split()
        [link] = page.all(".missing-texts a")
        assert link["href"] == f"{path_of(question_set)}#id_questions-0-text_en"


def test_status_names_each_question_by_its_row(signed_in):
    """Rows of a form are in the order of their positions, not of their keys."""
    recruiter, form = signed_in("Recruiters"), make.form(make.role())
    make.question(form, position=3, text_en="")
    make.question(form, position=1)
    make.question(form, position=2, text_en="", text_ja="二番目")
    page = parse(recruiter.page(path_of(form.role)))
    links = [(link["href"].partition("#")[2], link.text) for link in page.all(".missing-texts a")]
    assert links == [
        ("id_own_questions-1-text_en", "Question “二番目”: English text is missing"),
        ("id_own_questions-2-text_en", "Question “好きな雲は何ですか。”: English text is missing"),
    ]


@pytest.mark.parametrize("path", ["/admin/roles/role/", "/admin/translations/"])
def test_admin_query_count_does_not_depend_on_incomplete_roles(signed_in, path):
    recruiter = signed_in("Recruiters")
    for add_part in PARTS:
        add_part(make.role(), "ja")
    few = queries(recruiter, path)
    for add_part in PARTS * 3:
        add_part(make.role(), "ja")
    assert queries(recruiter, path) == few


@pytest.mark.parametrize("add_part", PARTS)
def test_publishing_incomplete_language_is_refused_and_names_part(signed_in, add_part):
    recruiter, role = signed_in("Recruiters"), make.role(published_at_en=None)
    part = add_part(role, "ja")
    path = path_of(role)
    page = recruiter.post(path, fields_of(recruiter.get(path)) | {"publish_en": "on"})
    assert page.status_code == 200
    assert any(SENTENCES["en"][add_part] in error for error in errors_of(page))
    [link] = parse(page.text).all(".errorlist a")
    url = field_url(part, add_part)
    assert link["href"] == (url.removeprefix(path) if add_part is condition else url)
    role.refresh_from_db()
    assert role.published_at_en is None


@pytest.mark.parametrize(
    ("language", "error"),
    [
        (
            "en",
            "Before this can be published, please write: Condition “Smoke-free measures”: English text"
            " is missing",
        ),
        (
            "ja",
            "公開するには、次の項目を入力してください：労働条件「受動喫煙防止措置」の英語がありません",
        ),
    ],
)
def test_new_condition_hinders_publication_until_it_has_both_languages(signed_in, language, error):
    """The preview shows the new row all the same."""
    recruiter, role = signed_in("Recruiters", language), make.role(published_at_en=None)
    path = path_of(role)
    form = fields_of(recruiter.get(path)) | {
        "publish_en": "on",
        "conditions-TOTAL_FORMS": 1,
        "conditions-0-kind": "smoking",
        "conditions-0-text_ja": "屋内禁煙",
    }
    page = recruiter.post(path, form)
    assert error in errors_of(page)
    [link] = parse(page.text).all(".errorlist a")
    assert link["href"] == "#id_conditions-0-text_en"
    assert not role.conditions.exists()
    assert "屋内禁煙" in recruiter.post(path.replace("change/", "preview/en/"), form).text
    assert recruiter.post(path, form | {"conditions-0-text_en": "No smoking"}).status_code == 302
    assert public_languages(role) == ("en", "ja")


@pytest.mark.parametrize("add_part", PARTS)
def test_saving_published_role_warns_that_it_is_hidden(signed_in, add_part):
    """A part that is incomplete already does not hinder another edit."""
    recruiter, role = signed_in("Recruiters"), make.role()
    part = add_part(role, "ja")
    edit(recruiter, path_of(role), title_en="Cloud reader", title_ja="雲を読む人")
    message = parse(recruiter.page("/admin/roles/role/")).one(".messagelist .warning .message-text")
    assert message.text == (
        f"“Cloud reader” is not visible in English. {SENTENCES['en'][add_part]}"
    )
    assert message.one("a")["href"] == field_url(part, add_part)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        (
            "en",
            "Hidden from English pages until the form is complete in English: Cloud reader.",
        ),
        ("ja", "応募フォームに英語の未入力があるため、英語のページに表示されない求人：雲を読む人"),
    ],
)
@pytest.mark.parametrize("add_part", [own_question, shared_question])
def test_saving_form_warns_of_hidden_roles(signed_in, add_part, language, message):
    recruiter = signed_in("Recruiters", language)
    role = make.role(title_en="Cloud reader", title_ja="雲を読む人")
    part = add_part(role, "en", "ja")
    owner = part.form or part.question_set
    rows = "own_questions" if part.form else "questions"
    edit(recruiter, path_of(owner), changes={f"{rows}-0-text_en": ""})
    page = parse(recruiter.page("/admin/"))
    assert message in page.texts(".messagelist .warning .message-text")
    assert public_languages(role) == ("ja",)


@pytest.mark.parametrize("add_part", PARTS)
def test_preview_of_incomplete_language_still_works(signed_in, add_part):
    """Of the role, of its form and of the question set; it stores nothing."""
    recruiter, role = signed_in("Recruiters"), make.role()
    part = add_part(role, "ja")
    if add_part is condition:
        make.form(role)
    owner = getattr(part, "question_set", None)
    for record in filter(None, (role, role.application_form, owner)):
        path = path_of(record)
        form = fields_of(recruiter.get(path))
        page = recruiter.post(path.replace("change/", "preview/en/"), form)
        assert page.status_code == 200, (record, page.content.decode())
        assert role.title_en in page.text
    assert public_languages(role) == ("ja",)
