"""The style sheet of the accent color: readable text, caching."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careers.company import theme
from tests import make
from tests.html import parse

pytestmark = pytest.mark.one_database

colors = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colors)
@example("#777777")
@example("#757575")
@example("#ff9a26")
def test_theme_text_contrast_on_every_color(brand):
    """The text on any accent color has a contrast of at least 4.5:1."""
    assert theme.contrast(theme.text_color(brand), brand) >= 4.5


def test_contrast_ratio_of_wcag():
    """Known contrast ratios."""
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.django_db
def test_theme_is_linked_and_cached_for_ever(client):
    """Pages link the style sheet at a URL with a hash of its content."""
    make.company(accent="#0033aa")
    url = parse(client.page("/en/")).one("link[href^='/theme-']")["href"]
    response = client.get(url)
    assert response.text == ":root { --brand: #0033aa; --on-brand: #ffffff; }\n"
    assert response.headers["Content-Type"] == "text/css"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.django_db
def test_theme_of_a_new_color_has_a_new_url(client):
    """The URL of an earlier color still answers, with the current color and without caching."""
    company = make.company(accent="#0033aa")
    old = parse(client.page("/en/")).one("link[href^='/theme-']")["href"]
    company.accent = "#ffee00"
    company.save()
    new = parse(client.page("/en/")).one("link[href^='/theme-']")["href"]
    assert new != old
    response = client.get(old)
    assert "--brand: #ffee00; --on-brand: #050505" in response.text
    assert response.headers["Cache-Control"] == "no-store"
