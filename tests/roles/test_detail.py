"""The page of a role: its facts in the order of 募集要項, its conditions, and its texts."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from careers.bilingual import share_links
from careers.roles.enums import SCHEMA_ORG, Condition, EmploymentType
from careers.roles.models import RemoteCountry, RoleCondition, RoleLanguage
from tests import make
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def facts(page):
    """The table as {term: [values]}, read from the page."""
    rows = parse(page).all("dl.facts.brief > div")
    return {row.one("dt").text: row.texts("dd") for row in rows}


def full_role(**changes):
    """A role that states every condition of a posting in Japan."""
    make.company()
    role = make.role(
        reference_id="9636",
        locations=[make.location(address_en="1 Example St", address_ja="例の通り1")],
        workplace="remote",
        level="senior",
        pay_min=6_000_000,
        pay_max=10_000_000,
        closes_on=date(2026, 11, 30),
        **changes,
    )
    for kind in Condition:
        RoleCondition.objects.create(
            role=role, kind=kind, text_en=f"about {kind}", text_ja=f"{kind.value}について"
        )
    RemoteCountry.objects.create(role=role, country="JP")
    RemoteCountry.objects.create(role=role, country="SG")
    RoleLanguage.objects.create(role=role, language="ja", proficiency="B2")
    RoleLanguage.objects.create(role=role, language="en", proficiency="native")
    return role


@pytest.mark.one_database
def test_facts_in_english(client):
    page = client.page(full_role().get_absolute_url("en"))
    assert list(facts(page).items()) == [
        ("Reference ID", ["9636"]),
        ("Department", ["Backend"]),
        ("Employment type", ["Permanent, full-time"]),
        ("Level", ["Senior"]),
        ("Contract term", ["about term"]),
        ("Renewal of the contract", ["about renewal"]),
        ("Probation", ["about probation"]),
        ("Duties", ["about duties"]),
        ("Possible changes to duties", ["about duties_scope"]),
        ("Workplace", ["Remote (Japan, Singapore)"]),
        ("Place of work", ["Tokyo", "1 Example St", "about location"]),
        ("Possible changes to the place of work", ["about location_scope"]),
        ("Pay", ["¥6,000,000–¥10,000,000 per year", "about pay"]),
        ("Fixed overtime pay", ["about fixed_overtime"]),
        ("Working hours", ["about hours"]),
        ("Discretionary working hours", ["about discretionary"]),
        ("Breaks", ["about breaks"]),
        ("Overtime", ["about overtime"]),
        ("Days off", ["about days_off"]),
        ("Social insurance", ["about insurance"]),
        ("Smoke-free measures", ["No smoking indoors", "about smoking"]),
        ("Working languages", ["Japanese (B2), English (native level)"]),
        ("Employer", ["Kumo K.K.", "about employer"]),
        ("Work as a temporary agency worker", ["about dispatch"]),
        ("Posted", ["November 21, 2026"]),
        ("Updated", ["November 21, 2026"]),
        ("Last day to apply", ["November 30, 2026, 23:59 JST"]),
    ]


@pytest.mark.one_database
def test_facts_in_japanese(client):
    table = facts(client.page(full_role().get_absolute_url("ja")))
    assert table["求人番号"] == ["9636"]
    assert table["雇用形態"] == ["正社員"]
    assert table["業務の変更の範囲"] == ["duties_scopeについて"]
    assert table["就業場所の変更の範囲"] == ["location_scopeについて"]
    assert table["契約を更新する場合の基準"] == ["renewalについて"]
    assert table["受動喫煙防止措置"] == ["屋内禁煙", "smokingについて"]
    assert table["募集者"] == ["株式会社クモ", "employerについて"]
    assert table["掲載日"] == ["2026年11月21日"]
    assert "年収600万円～1,000万円" in [value for row in table.values() for value in row]
    assert "日本語（B2）、英語（ネイティブレベル）" in [v for row in table.values() for v in row]
    assert table["応募締切"] == ["2026年11月30日（月） 23:59まで（日本標準時）"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "english", "japanese"),
    [
        ({"pay_min": 305_000, "pay_period": "month"}, "from ¥305,000 per month", "月給305,000円～"),
        (
            {"pay_min": 1500, "pay_max": 1800, "pay_period": "hour"},
            "¥1,500–¥1,800 per hour",
            "時給1,500円～1,800円",
        ),
        (
            {"pay_min": 90_000, "pay_max": 90_000, "pay_currency": "USD"},
            "$90,000 per year",
            "年収90,000米ドル",
        ),
        (
            {"pay_min": 12_000, "pay_max": 12_000, "pay_period": "day"},
            "¥12,000 per day",
            "日給12,000円",
        ),
    ],
)
def test_pay_in_facts(client, changes, english, japanese):
    role = make.role(**changes)
    assert facts(client.page(role.get_absolute_url("en")))["Pay"] == [english]
    assert [japanese] in facts(client.page(role.get_absolute_url("ja"))).values()


@pytest.mark.one_database
def test_facts_without_empty_rows(client):
    table = facts(client.page(make.role().get_absolute_url("en")))
    assert list(table) == [
        "Reference ID",
        "Department",
        "Employment type",
        "Workplace",
        "Posted",
        "Updated",
    ]


@pytest.mark.one_database
def test_condition_in_other_language_has_lang_in_preview(client, signed_in):
    """Only a preview shows it: the public page exists when all conditions have a text in its language."""
    role = make.role()
    RoleCondition.objects.create(role=role, kind="hours", text_ja="9:00～18:00")
    token = share_links.create(role, by=signed_in("Recruiters").user)
    assert '<dd lang="ja">9:00～18:00</dd>' in client.page(f"/en/preview/{token}/")
    assert client.get(role.get_absolute_url("en")).url == role.get_absolute_url("ja")


@pytest.mark.one_database
def test_facts_mark_dates_as_time_elements(client):
    page = client.page(full_role().get_absolute_url("en"))
    assert '<time datetime="2026-11-30">November 30, 2026, 23:59 JST</time>' in page


@pytest.mark.one_database
def test_texts_with_headings_in_order(client):
    texts = {
        "intro": "<p>Why</p>",
        "requirements": "<ul><li>OCaml</li></ul>",
        "nice_to_haves": "<p>C++</p>",
        "expectations": "<p>Calm</p>",
        "closing": "<p>Write to us</p>",
    }
    role = make.role(**{f"{name}_en": text for name, text in texts.items()})
    page = client.page(role.get_absolute_url("en"))
    positions = [
        page.index(part)
        for part in (
            "<h2>About the work</h2>",
            "<p>Why</p>",
            "<h2>What you will do</h2>",
            "<p>Write OCaml.</p>",
            "<h2>Requirements</h2>",
            "<ul><li>OCaml</li></ul>",
            "<h2>Nice to have</h2>",
            "<h2>Who we are looking for</h2>",
            "<p>Write to us</p>",
        )
    ]
    assert positions == sorted(positions)
    assert "<h2>Requirements</h2>" not in client.page(make.role().get_absolute_url("en"))


@pytest.mark.one_database
def test_texts_are_escaped_or_cleaned(client):
    role = make.role(title_en="<b>x</b>", summary_en='"><script>1</script>', duties_en="<p>a</p>")
    type(role).objects.update(duties_en="<script>2</script><p>b</p>")
    page = client.page(role.get_absolute_url("en"))
    assert "<script" not in page
    assert "<b>x</b>" not in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("workplace", "expected"),
    [
        ("on_site", ["For all", "In the office"]),
        ("hybrid", ["For all", "In the office", "From home"]),
        ("remote", ["For all", "From home"]),
    ],
)
def test_perks_depend_on_workplace(client, workplace, expected):
    perks = {"everyone": "For all", "office": "In the office", "remote": "From home"}
    for applies_to, title in perks.items():
        make.perk(applies_to=applies_to, title_en=title)
    page = client.page(make.role(workplace=workplace).get_absolute_url("en"))
    assert [title for title in perks.values() if title in page] == expected


def test_hiring_steps_and_agency_notice_on_role_page(client):
    make.company()
    make.step()
    page = client.page(make.role().get_absolute_url("en"))
    assert "Meet a recruiter" in page
    assert "Kumo does not work with agencies." in page


def test_see_also_links_to_open_role_only(client):
    web = make.role(title_en="Web engineer")
    role = make.role(see_also=web, see_also_text_en="If you prefer the web:")
    page = client.page(role.get_absolute_url("en"))
    assert "If you prefer the web:" in page
    assert f'href="{web.get_absolute_url("en")}"' in page
    type(web).objects.filter(pk=web.pk).update(closes_on=date(2026, 11, 20))
    page = client.page(role.get_absolute_url("en"))
    assert "If you prefer the web:" not in page
    assert f'href="{web.get_absolute_url("en")}"' not in page


def test_see_also_in_other_language_has_badge(client):
    web = make.role(title_ja="ウェブの人", published_at_en=None)
    role = make.role(see_also=web, see_also_text_en="If you prefer the web:")
    page = client.page(role.get_absolute_url("en"))
    assert f'href="{web.get_absolute_url("ja")}" lang="ja" hreflang="ja"' in page
    assert "Japanese only" in page


@pytest.mark.one_database
def test_apply_links_to_form(client):
    role = make.role()
    address = f"{role.get_absolute_url('ja')}apply/"
    page = client.page(role.get_absolute_url("ja"))
    assert page.count(f'href="{address}"') == 2  # in the aside, and in the bar on phones


def test_closed_role_has_notice_and_similar_roles(client):
    make.company()
    make.perk(title_en="A chair")
    backend, web = make.department(), make.department(name_en="Web")
    role = make.role(department=backend, closes_on=date(2026, 11, 20))
    same = make.role(title_en="Same department", department=backend, employment_type="intern")
    kind = make.role(title_en="Same type", department=web)
    make.role(title_en="Neither", department=web, employment_type="intern")
    page = client.page(role.get_absolute_url("en"))
    assert "This opening closed on November 20, 2026." in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert "mailto:" not in page
    assert page.index(same.title_en) < page.index(kind.title_en)
    assert "Neither" not in page


@pytest.mark.parametrize("closes_on", [None, date(2026, 11, 20), date(2026, 10, 1)])
def test_similar_roles_are_open_and_at_most_three(client, closes_on):
    backend, web = make.department(), make.department(name_en="Web")
    role = make.role(department=backend, closes_on=closes_on)
    make.role(title_en="Same type", department=web)
    make.role(title_en="Draft", department=backend, published_at_en=None, published_at_ja=None)
    make.role(title_en="Closed", department=backend, closes_on=date(2026, 11, 1))
    make.role(title_en="Neither", department=web, employment_type="intern")
    make.role(title_ja="日本語だけ", department=backend, published_at_en=None)
    assert similar(client, role) == ["日本語だけ", "Same type"]
    for number in range(3):
        make.role(title_en=f"Same {number}", department=backend, employment_type="intern")
    assert similar(client, role) == ["日本語だけ", "Same 0", "Same 1"]


def test_similar_roles_exclude_see_also(client):
    web = make.role(title_en="Web engineer")
    role = make.role(see_also=web, see_also_text_en="If you prefer the web:")
    page = client.page(role.get_absolute_url("en"))
    assert page.count(f'href="{web.get_absolute_url("en")}"') == 1


def similar(client, role):
    page = parse(client.get(role.get_absolute_url("en")).text)
    [section] = [each for each in page.all("section") if each.texts("h2") == ["Similar openings"]]
    return section.texts("h3")


def test_gone_role_answers_410_with_similar_roles(client):
    role = make.role(closes_on=date(2026, 10, 1))
    other = make.role(department=role.department, title_en="Another one")
    response = client.get(role.get_absolute_url("en"))
    assert response.status_code == 410
    assert f'href="{other.get_absolute_url("en")}"' in response.text
    assert '<meta name="robots" content="noindex, follow">' in response.text


@pytest.mark.parametrize("path", ["{}-old-name", "0{}-data-scientist", "00{}-data-scientist"])
def test_detail_redirects_to_canonical_url(client, path):
    role = make.role(title_en="Data scientist")
    response = client.get(f"/ja/roles/{path.format(role.pk)}/")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/ja/roles/{role.pk}-data-scientist/"


def test_detail_url_without_english_title(client):
    role = make.role(title_en="", title_ja="事務", published_at_en=None)
    assert role.get_absolute_url("ja") == f"/ja/roles/{role.pk}-role/"
    assert "事務" in client.page(f"/ja/roles/{role.pk}-role/")


@pytest.mark.one_database
@pytest.mark.parametrize(
    "closes_on", [None, NOON.date() - timedelta(days=3)], ids=["open", "closed"]
)
def test_detail_query_count_is_constant(client, closes_on):
    role = full_role(see_also=make.role(), see_also_text_en="Or:")
    type(role).objects.filter(pk=role.pk).update(closes_on=closes_on)

    def add_rows():
        make.perk()
        make.step()
        role.locations.add(make.location())
        make.role(department=role.department, locations=[make.location()])

    add_rows()
    paths = [role.get_absolute_url(language) for language in ("en", "ja")]
    one = [queries(client, path) for path in paths]
    for _ in range(49):
        add_rows()
    assert [queries(client, path) for path in paths] == one


@pytest.mark.one_database
def test_employment_types_have_schema_org_values():
    known = {"FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "OTHER"}
    assert set(SCHEMA_ORG) == set(EmploymentType)
    assert set(SCHEMA_ORG.values()) <= known
