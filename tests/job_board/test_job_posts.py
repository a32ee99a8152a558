"""Job posts: one for each language of a role, with the content of its page."""

import html
import re

import pytest
import time_machine

from careers.roles.models import RemoteCountry, Role
from tests import make
from tests.job_board.conftest import BOARD, SITE, jobs, read

pytestmark = pytest.mark.django_db

SUMMARY = {
    "id",
    "internal_job_id",
    "requisition_id",
    "title",
    "language",
    "company_name",
    "location",
    "absolute_url",
    "first_published",
    "updated_at",
    "application_deadline",
    "metadata",
    "data_compliance",
}
TEXTS = {"content", "departments", "offices"}
FORM = {"questions", "location_questions", "compliance", "demographic_questions"}


def job(client, role, language="en", query=""):
    number = role.pk * 10 + {"en": 1, "ja": 2}[language]
    return read(client, f"/jobs/{number}{query}")


def visible(page):
    text = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    return " ".join(html.unescape(text).replace("\u200b", "").split())


def test_post_per_language(client, role):
    english, japanese = jobs(client)
    assert english == {
        "id": role.pk * 10 + 1,
        "internal_job_id": role.pk,
        "requisition_id": "9636",
        "title": "Rain & snow engineer",
        "language": "en",
        "company_name": "Kumo",
        "location": {"name": "Tokyo"},
        "absolute_url": f"{SITE}{role.get_absolute_url('en')}",
        "first_published": "2026-11-21T12:00:00+09:00",
        "updated_at": "2026-11-21T12:00:00+09:00",
        "application_deadline": "2026-11-30T23:59:59+09:00",
        "metadata": [
            {
                "id": 1,
                "name": "Workplace",
                "value": "On-site",
                "value_type": "single_select",
            },
            {
                "id": 2,
                "name": "Employment type",
                "value": "Permanent, full-time",
                "value_type": "single_select",
            },
            {"id": 3, "name": "Level", "value": "Senior", "value_type": "single_select"},
            {
                "id": 4,
                "name": "Working languages",
                "value": ["Japanese (B2)", "English (native level)"],
                "value_type": "multi_select",
            },
        ],
        "data_compliance": [
            {
                "type": "gdpr",
                "requires_consent": True,
                "requires_processing_consent": True,
                "requires_retention_consent": False,
                "retention_period": 365,
                "demographic_data_consent_applies": False,
            }
        ],
    }
    assert (japanese["id"], japanese["internal_job_id"]) == (role.pk * 10 + 2, role.pk)
    assert (japanese["language"], japanese["title"]) == ("ja", "雨のエンジニア")
    assert japanese["absolute_url"] == f"{SITE}{role.get_absolute_url('ja')}"
    assert (japanese["company_name"], japanese["location"]) == ("クモ", {"name": "東京"})
    assert [item["value"] for item in japanese["metadata"]] == [
        "オフィス勤務",
        "正社員",
        "シニア",
        ["日本語（B2）", "英語（ネイティブレベル）"],
    ]


def test_post_list_count_and_content_parameter(client, role):
    make.role(published_at_ja=None)
    bare, full = read(client, "/jobs"), read(client, "/jobs?content=true")
    assert bare.keys() == {"jobs", "meta"}
    assert bare["meta"] == full["meta"] == {"total": 3}
    assert len(bare["jobs"]) == len(full["jobs"]) == 3
    assert all(post.keys() == SUMMARY for post in bare["jobs"])
    assert all(post.keys() == SUMMARY | TEXTS for post in full["jobs"])
    assert read(client, "/jobs?content=false") == bare
    assert full["jobs"] == [read(client, f"/jobs/{post['id']}") for post in full["jobs"]]


def test_post_list_order(client, company):
    back, front = make.department(), make.department(name_en="Frontend")
    last = make.role(department=front)
    second = make.role(department=back)
    third = make.role(department=back, published_at_en=None)
    posts = [(post["internal_job_id"], post["language"]) for post in jobs(client)]
    assert posts == [
        (second.pk, "en"),
        (second.pk, "ja"),
        (third.pk, "ja"),
        (last.pk, "en"),
        (last.pk, "ja"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "<p>Keeps the forecast running.</p><p>What you will do</p><p>Write OCaml.</p>"
            '<p>Requirements</p><p>Must</p><ul><li>OCaml &amp; "patience"</li></ul>',
        ),
        (
            "ja",
            "<p>予報を支える仕事です。</p><p>主な業務</p><p>OCamlを書きます。</p>"
            "<p>応募資格（必須）</p><ul><li>OCamlの経験</li></ul>",
        ),
    ],
)
def test_post_content_is_the_page_text_escaped_once(client, role, language, text):
    content = job(client, role, language)["content"]
    assert "<" not in content and ">" not in content
    assert html.unescape(content) == text
    page_text = visible(client.page(role.get_absolute_url(language)))
    for words in re.findall(r"<(?:p|li)>(.*?)</", text):
        assert html.unescape(words) in page_text


def test_post_content_is_escaped_and_cleaned(client, role):
    evil = "<script>alert(1)</script>"
    Role.objects.filter(pk=role.pk).update(
        title_en=evil, summary_en=f"{evil} & more", duties_en=f'{evil}<p onclick="x()">Work</p>'
    )
    post = job(client, role)
    assert post["title"] == evil  # a title is text, not HTML
    text = html.unescape(post["content"])
    assert text.startswith("<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>")
    assert "<p>Work</p>" in text
    assert "<script" not in text and "onclick" not in text


def test_post_parameters_add_properties(client, role):
    assert job(client, role).keys() == SUMMARY | TEXTS
    assert job(client, role, "en", "?questions=true").keys() == SUMMARY | TEXTS | FORM
    pay = SUMMARY | TEXTS | {"pay_input_ranges"}
    assert job(client, role, "en", "?pay_transparency=true").keys() == pay
    both = job(client, role, "en", "?questions=true&pay_transparency=true")
    assert both.keys() == pay | FORM


def test_post_departments_and_offices_in_its_language(client, role):
    department, location = role.department, role.locations.get()
    hierarchy = {"parent_id": None, "child_ids": []}
    english, japanese = jobs(client, "/jobs?content=true")
    assert english["departments"] == [{"id": department.pk, "name": "Backend", **hierarchy}]
    assert japanese["departments"] == [{"id": department.pk, "name": "バックエンド", **hierarchy}]
    assert english["offices"] == [
        {"id": location.pk, "name": "Tokyo", "location": "1 Example St", **hierarchy}
    ]
    assert japanese["offices"] == [
        {"id": location.pk, "name": "東京", "location": "例の通り1", **hierarchy}
    ]


def test_post_names_fall_back_to_other_language(client, company):
    location = make.location(name_ja="", country="SG")
    make.role(department=make.department(name_en=""), locations=[location])
    english, japanese = jobs(client, "/jobs?content=true")
    assert [post["departments"][0]["name"] for post in (english, japanese)] == ["バックエンド"] * 2
    assert [post["offices"][0]["name"] for post in (english, japanese)] == ["Tokyo"] * 2
    assert [post["offices"][0]["location"] for post in (english, japanese)] == [
        "Singapore",
        "シンガポール",
    ]


def test_post_location(client, company):
    tokyo, osaka = make.location(), make.location(name_en="Osaka", name_ja="大阪")
    make.role(locations=[tokyo, osaka])
    remote = make.role(workplace="remote", locations=[tokyo])
    for code in ("JP", "SG"):
        RemoteCountry.objects.create(role=remote, country=code)
    make.role(workplace="hybrid")
    assert [post["location"]["name"] for post in jobs(client)] == [
        "Tokyo, Osaka",
        "東京、大阪",
        "Remote (Japan, Singapore)",
        "フルリモート（日本、シンガポール）",
        "Hybrid",
        "ハイブリッド勤務",
    ]


def test_post_pay_in_hundredths(client, role):
    (pay_range,) = job(client, role, "en", "?pay_transparency=true")["pay_input_ranges"]
    assert pay_range == {
        "min_cents": 600_000_000,
        "max_cents": 1_000_000_000,
        "currency_type": "JPY",
        "title": "Pay",
        "blurb": "¥6,000,000–¥10,000,000 per year\nBy experience\nFixed overtime pay: None",
    }
    (pay_range,) = job(client, role, "ja", "?pay_transparency=true")["pay_input_ranges"]
    assert pay_range["title"] == "給与"
    assert pay_range["blurb"] == "年収600万円～1,000万円\n経験による\n固定残業代：なし"
    page_text = visible(client.page(role.get_absolute_url("ja")))
    assert all(
        part in page_text for part in ("給与", "年収600万円～1,000万円", "経験による", "固定残業代")
    )


@pytest.mark.parametrize(
    ("changes", "ranges"),
    [
        ({"pay_min": None, "pay_max": None}, []),
        ({"pay_min": 1500, "pay_max": None, "pay_period": "hour"}, [(150_000, None)]),
        ({"pay_min": 0, "pay_max": 0, "pay_currency": "USD"}, [(0, 0)]),
        ({"pay_min": 9_000, "pay_max": 9_000, "pay_currency": "KWD"}, [(900_000, 900_000)]),
    ],
)
def test_post_pay_matches_page(client, role, changes, ranges):
    Role.objects.filter(pk=role.pk).update(**changes)
    pay_ranges = job(client, role, "en", "?pay_transparency=true")["pay_input_ranges"]
    assert [(row["min_cents"], row["max_cents"]) for row in pay_ranges] == ranges
    page_text = visible(client.page(role.get_absolute_url("en")))
    for row in pay_ranges:
        assert " ".join(row["blurb"].splitlines()[0].split()) in page_text


def test_post_keeps_id_and_publication_date(client, role):
    before = jobs(client)[0]
    with time_machine.travel("2026-11-24T03:00Z", tick=False):
        role.slug, role.title_en = "another-one", "Another one"
        role.save()
        after = jobs(client)[0]
    assert (after["id"], after["first_published"]) == (before["id"], before["first_published"])
    assert after["absolute_url"] != before["absolute_url"]
    assert after["updated_at"] == "2026-11-24T12:00:00+09:00"


def test_post_of_role_in_one_language_does_not_reveal_the_other(client, company):
    role = make.role(
        published_at_ja=None, title_ja="秘密", summary_ja="秘密", duties_ja="<p>秘密</p>"
    )
    (post,) = jobs(client, "/jobs?content=true")
    assert post["language"] == "en"
    assert client.get(f"{BOARD}/jobs/{role.pk * 10 + 2}").status_code == 404
    for path in ("/jobs?content=true", "/departments", "/offices", f"/jobs/{role.pk * 10 + 1}"):
        assert "秘密" not in client.page(f"{BOARD}{path}")


def test_post_without_deadline(client, company):
    make.role(level="")
    post = jobs(client)[0]
    assert post["application_deadline"] is None
    assert [item["value"] for item in post["metadata"]][2:] == [None, []]
