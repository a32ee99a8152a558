"""What people see of a page where somebody shares its address: title, sentence, picture."""

from io import BytesIO, StringIO

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from PIL import Image

from careers import social_cards
from careers.company.models import Company
from careers.roles.models import Role
from tests import make
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SITE = "https://careers.example.com"
TITLES = [
    "Backend engineer (OCaml)",
    "バックエンドエンジニア（OCaml）",
    "シニア機械学習リサーチエンジニア（大規模言語モデルの学習基盤・推論最適化担当）",
    "Head of everything that nobody else does, and of what somebody else does but should not do",
]


def told(page):
    """The tags of a page for those who share it."""
    tags = parse(page).all("meta[property^='og:'], meta[name^='twitter:']")
    return {tag.attributes.get("property") or tag["name"]: tag["content"] for tag in tags}


def test_a_role_is_told_in_its_language(client):
    make.company()
    role = make.role(title_ja="雨<b>の人", summary_ja='"傘"を配ります。')
    assert told(client.page(role.get_absolute_url("ja"))) == {
        "og:url": f"{SITE}{role.get_absolute_url('ja')}",
        "og:locale": "ja_JP",
        "og:locale:alternate": "en_US",
        "og:type": "website",
        "og:site_name": "クモ",
        "og:title": "雨<b>の人",
        "og:description": '"傘"を配ります。',
        "og:image": f"{SITE}/static/img/card.ja.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "採用情報",
        "twitter:card": "summary_large_image",
    }


def test_every_page_has_its_title_and_its_sentence(client):
    make.company()
    titles = set()
    for path in ("", "roles/", "working-here/", "hiring/", "advice/", "privacy/"):
        said = told(client.page(f"/en/{path}"))
        assert said["og:url"] == f"{SITE}/en/{path}"
        assert said["og:description"]
        titles.add(said["og:title"])
    assert len(titles) == 6 and "Careers at Kumo" in titles and "Openings" in titles


def test_a_filtered_list_is_shared_as_it_is(client):
    path = "/en/roles/?q=a&workplace=remote"
    assert told(client.page(f"{path}&utm_source=x"))["og:url"] == f"{SITE}{path}"


def test_what_others_hang_on_an_address_means_nothing(client):
    path = make.role().get_absolute_url("en")
    page = client.page(f"{path}?utm_source=x")
    assert told(page)["og:url"] == f"{SITE}{path}"
    assert "noindex" not in page and "hreflang" in page


def test_a_page_in_one_language_names_no_other(client):
    role = make.role(published_at_en=None)
    assert "og:locale:alternate" not in told(client.page(role.get_absolute_url("ja")))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_card_of_all_pages_is_there(language):
    with Image.open(finders.find(f"img/card.{language}.png")) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_the_command_draws_it(settings, font, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "static/img").mkdir(parents=True)
    call_command("render_social_cards", stdout=StringIO())
    english, japanese = (
        (tmp_path / f"static/img/card.{code}.png").read_bytes() for code in ("en", "ja")
    )
    assert english != japanese
    assert Image.open(BytesIO(english)).size == (1200, 630)
    settings.CARD_FONT = ""
    with pytest.raises(CommandError, match="CARD_FONT"):
        call_command("render_social_cards")


def test_a_role_has_a_card_of_its_own_where_there_is_a_font(client, font):
    make.company(accent="#1f6f5c")
    role = make.role(title_en="Rain engineer")
    said = told(client.page(role.get_absolute_url("en")))
    assert said["og:image:alt"] == "Rain engineer"
    assert said["og:image"].startswith(f"{SITE}{role.get_absolute_url('en')}card-")
    answer = client.get(said["og:image"].removeprefix(SITE))
    assert answer.headers["Content-Type"] == "image/png"
    kept = "public, max-age=31536000, s-maxage=1, immutable"  # by a browser; a proxy asks again
    assert answer.headers["Cache-Control"] == kept
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (1200, 630)
    assert picture.getpixel((10, 620)) == (0x1F, 0x6F, 0x5C)


def test_the_card_follows_what_is_written_on_it(client, font):
    make.company()
    role = make.role()

    def address():
        return told(client.page(role.get_absolute_url("en")))["og:image"].removeprefix(SITE)

    first = address()
    role.title_en = "Another title"
    role.save()
    second = address()
    Company.objects.update(accent="#123456")
    third = address()
    assert [client.get(path).status_code for path in (first, second, third)] == [404, 404, 200]


@pytest.mark.parametrize("title", TITLES)
def test_no_line_of_a_title_ends_inside_a_phrase(font, title):
    size, lines = social_cards.fit_text(title, font, 780, 340, social_cards.TITLE_SIZES)
    whole = [piece.strip() for piece in social_cards.unbreakable_parts(title)]
    rest = list(whole)
    for line in lines:
        taken = ""
        while rest and taken.replace(" ", "") != line.replace(" ", ""):
            taken += rest.pop(0)
        assert taken.replace(" ", "") == line.replace(" ", "")
    assert rest == [] and len(lines) * size * social_cards.LEADING <= 340


@pytest.mark.parametrize(
    "title", ["Rain\r\nengineer", "Rain\tengineer\x07\x1b", "\u2028Rain\u200b engineer\n"]
)
def test_a_title_with_signs_that_nobody_typed_is_one_line(client, font, title):
    make.company()
    role = make.role()
    Role.objects.filter(pk=role.pk).update(title_en=title)
    answer = client.get(
        told(client.page(role.get_absolute_url("en")))["og:image"].removeprefix(SITE)
    )
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert social_cards.fit_text(title, font, 780, 340, social_cards.TITLE_SIZES)[1] == [
        "Rain engineer"
    ]


def test_a_title_without_end_is_cut(font):
    size, lines = social_cards.fit_text("W" * 400, font, 780, 340, social_cards.TITLE_SIZES)
    assert lines[-1].endswith("…") and len(lines) * size * social_cards.LEADING <= 340
