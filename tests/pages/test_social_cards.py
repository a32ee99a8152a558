"""Open Graph tags and social cards."""

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


def open_graph(page):
    """The Open Graph and Twitter tags of a page: {name: content}."""
    tags = parse(page).all("meta[property^='og:'], meta[name^='twitter:']")
    return {tag.attributes.get("property") or tag["name"]: tag["content"] for tag in tags}


def test_open_graph_of_role_in_its_language(client):
    make.company()
    role = make.role(title_ja="雨<b>の人", summary_ja='"傘"を配ります。')
    assert open_graph(client.page(role.get_absolute_url("ja"))) == {
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


def test_open_graph_title_and_description_of_every_page(client):
    make.company()
    titles = set()
    for path in ("", "roles/", "working-here/", "hiring/", "advice/", "privacy/"):
        tags = open_graph(client.page(f"/en/{path}"))
        assert tags["og:url"] == f"{SITE}/en/{path}"
        assert tags["og:description"]
        titles.add(tags["og:title"])
    assert len(titles) == 6 and "Careers at Kumo" in titles and "Openings" in titles


def test_open_graph_url_keeps_filters(client):
    path = "/en/roles/?q=a&workplace=remote"
    assert open_graph(client.page(f"{path}&utm_source=x"))["og:url"] == f"{SITE}{path}"


def test_open_graph_url_drops_unknown_parameters(client):
    path = make.role().get_absolute_url("en")
    page = client.page(f"{path}?utm_source=x")
    assert open_graph(page)["og:url"] == f"{SITE}{path}"
    assert "noindex" not in page and "hreflang" in page


def test_open_graph_without_alternate_locale(client):
    role = make.role(published_at_en=None)
    assert "og:locale:alternate" not in open_graph(client.page(role.get_absolute_url("ja")))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_social_card_default_files(language):
    with Image.open(finders.find(f"img/card.{language}.png")) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_social_card_command(settings, font, tmp_path):
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


def test_social_card_of_role(client, font):
    make.company(accent="#1f6f5c")
    role = make.role(title_en="Rain engineer")
    tags = open_graph(client.page(role.get_absolute_url("en")))
    assert tags["og:image:alt"] == "Rain engineer"
    assert tags["og:image"].startswith(f"{SITE}{role.get_absolute_url('en')}card-")
    response = client.get(tags["og:image"].removeprefix(SITE))
    assert response.headers["Content-Type"] == "image/png"
    cache_control = (
        "public, max-age=31536000, s-maxage=1, immutable"  # browsers cache it, a proxy revalidates
    )
    assert response.headers["Cache-Control"] == cache_control
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    picture = Image.open(BytesIO(response.content))
    assert picture.size == (1200, 630)
    assert picture.getpixel((10, 620)) == (0x1F, 0x6F, 0x5C)


def test_social_card_url_changes_with_content(client, font):
    make.company()
    role = make.role()

    def address():
        return open_graph(client.page(role.get_absolute_url("en")))["og:image"].removeprefix(SITE)

    first = address()
    role.title_en = "Another title"
    role.save()
    second = address()
    Company.objects.update(accent="#123456")
    third = address()
    assert [client.get(path).status_code for path in (first, second, third)] == [404, 404, 200]


@pytest.mark.parametrize("title", TITLES)
def test_social_card_title_breaks_between_phrases(font, title):
    size, lines = social_cards.fit_text(title, font, 780, 340, social_cards.TITLE_SIZES)
    phrases = [piece.strip() for piece in social_cards.unbreakable_parts(title)]
    remaining = list(phrases)
    for line in lines:
        text = ""
        while remaining and text.replace(" ", "") != line.replace(" ", ""):
            text += remaining.pop(0)
        assert text.replace(" ", "") == line.replace(" ", "")
    assert remaining == [] and len(lines) * size * social_cards.LEADING <= 340


@pytest.mark.parametrize(
    "title", ["Rain\r\nengineer", "Rain\tengineer\x07\x1b", "\u2028Rain\u200b engineer\n"]
)
def test_social_card_title_without_control_characters(client, font, title):
    make.company()
    role = make.role()
    Role.objects.filter(pk=role.pk).update(title_en=title)
    response = client.get(
        open_graph(client.page(role.get_absolute_url("en")))["og:image"].removeprefix(SITE)
    )
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert social_cards.fit_text(title, font, 780, 340, social_cards.TITLE_SIZES)[1] == [
        "Rain engineer"
    ]


def test_social_card_long_title_is_truncated(font):
    size, lines = social_cards.fit_text("W" * 400, font, 780, 340, social_cards.TITLE_SIZES)
    assert lines[-1].endswith("…") and len(lines) * size * social_cards.LEADING <= 340
