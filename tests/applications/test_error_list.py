"""The list of errors: each line begins with the name of its field, in the language of the name."""

import pytest

from tests import make
from tests.html import parse

from .conftest import apply, cv, form_values, path
from .test_confirmation import emails, link
from .test_status_page import apply_for_status_path

pytestmark = pytest.mark.one_database

CLOUDS = {"choices_en": "Cirrus\nStratus", "choices_ja": "巻雲\n層雲"}
LINES = {
    "en": [
        "Family name: Please write your family name.",
        "E-mail: Please write your e-mail address.",
        "Résumé: Please choose your résumé, or paste it as text.",
        "Earliest start: Please write at most 200 characters (now 300).",
        "Which cloud? Please choose one of the answers.",
        "C++: Please answer this question.",
        "好きな雨: Please answer this question.",
        "Personal data: To apply, please agree to how personal data is handled.",
    ],
    "ja": [
        "姓を入力してください。",
        "メールアドレスを入力してください。",
        "履歴書を選択するか、経歴をテキストで入力してください。",
        "入社可能時期：200文字以内で入力してください（現在300文字）。",
        "どの雲ですか：選択肢から選んでください。",
        "C++の経験：この質問にお答えください。",
        "好きな雨：この質問にお答えください。",
        "個人情報の取り扱い：",
    ],
}

each_language = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.fixture
def invalid():
    """Values with errors for the form of the general application. It stays public with a question that is
    missing in one language; the form of a role does not."""
    form = make.form(None)
    texts = [
        ("single_select", {"text_en": "Which cloud?", "text_ja": "どの雲ですか。", **CLOUDS}),
        ("line", {"text_en": "C++", "text_ja": "C++の経験", "is_required": True}),
        ("line", {"text_en": "", "text_ja": "好きな雨", "is_required": True}),
    ]
    questions = [
        make.question(form, kind, position=number, **text)
        for number, (kind, text) in enumerate(texts)
    ]
    return {
        "family_name": "",
        "email": "",
        "resume": "",
        "start": "x" * 300,
        "agree": None,
        f"question_{questions[0].pk}": "Nimbus",
    }


@each_language
def test_error_list_names_fields(client, invalid, language):
    """No line is repeated; a name in the other language has its `lang`."""
    response = apply(client, None, language, **invalid)
    assert response.status_code == 422
    items = parse(response.text).all("#error-summary li")
    lines = [item.text for item in items]
    assert len(lines) == len(LINES[language]) == len(set(lines))
    for line, expected in zip(lines, LINES[language], strict=True):
        assert line.startswith(expected)
    spans = parse(response.text).all("#error-summary li span[lang]")
    other = [("ja", "好きな雨:")] if language == "en" else []
    assert [(span["lang"], span.text) for span in spans] == other


@each_language
def test_error_list_is_the_same_for_script(client, invalid, language):
    response = client.post(
        path(None, language),
        form_values(client, None, language, **invalid),
        headers={"Accept": "application/json"},
    )
    errors = response.json()["summary"]["errors"]
    assert len(errors) == len(LINES[language])
    for error, expected in zip(errors, LINES[language], strict=True):
        assert " ".join(f"{error['label']}{error['text']}".split()).startswith(expected)
    languages = [error["label_language"] for error in errors]
    assert languages == ["", "", "", "", "", "", "ja" if language == "en" else "", ""]


def test_error_list_shortens_long_question(client):
    role = make.role()
    make.question(make.form(role), text_en="Why? " * 60, is_required=True)
    (line,) = parse(apply(client, role).text).texts("#error-summary li")
    assert line.startswith("Why? Why?") and len(line) < 120
    assert line.endswith("…: Please answer this question.")


@each_language
def test_error_list_of_missing_files_names_fields(client, settings, language):
    settings.PENDING_UPLOAD_QUOTA = 0
    role = make.role()
    apply(client, role, language, solution=None, cover_letter=cv("letter.txt", b"Dear all"))
    (email,) = emails()
    page = parse(client.page(link(email)))
    badges = {"en": ["Required", "Optional"], "ja": ["必須", "任意"]}
    assert page.texts(".requirement") == badges[language]
    response = client.post(link(email), {"cover_letter": cv("letter.pdf", b"")})
    assert response.status_code == 422
    lines = parse(response.text).texts("#error-summary li")
    names = {"en": ["Résumé: ", "Cover letter: "], "ja": ["履歴書を", "カバーレター："]}
    assert len(lines) == 2
    assert [line.startswith(name) for line, name in zip(lines, names[language], strict=True)] == [
        True,
        True,
    ]


@each_language
def test_error_list_of_status_page_names_fields(client, language):
    address = apply_for_status_path(client, make.role(), language)
    response = client.post(address, {"kind": "nothing"})
    assert response.status_code == 422
    lines = parse(response.text).texts("#error-summary li")
    names = {"en": ["What it is: ", "Document: "], "ja": ["書類の種類：", "書類"]}
    assert len(lines) == 2
    for line, name in zip(lines, names[language], strict=True):
        assert line.startswith(name)
