"""One colour of the company makes a theme that everybody can read."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careers.company import theme
from tests import make

pytestmark = pytest.mark.one_database

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours)
@example("#777777")
@example("#757575")
@example("#ff9a26")
def test_text_on_the_brand_can_be_read_whatever_the_colour(brand):
    assert theme.contrast(theme.on(brand), brand) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.django_db
def test_a_page_links_its_colour_and_may_keep_it_for_ever(client):
    make.company(accent="#0033aa")
    address = re.search(r'href="(/theme-\w+\.css)"', client.page("/en/"))[1]
    response = client.get(address)
    assert response.text == ":root { --brand: #0033aa; --on-brand: #ffffff; }\n"
    assert response.headers["Content-Type"] == "text/css"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.django_db
def test_a_new_colour_has_a_new_address_and_the_old_one_still_answers(client):
    company = make.company(accent="#0033aa")
    old = re.search(r'href="(/theme-\w+\.css)"', client.page("/en/"))[1]
    company.accent = "#ffee00"
    company.save()
    new = re.search(r'href="(/theme-\w+\.css)"', client.page("/en/"))[1]
    assert new != old
    response = client.get(old)
    assert "--brand: #ffee00; --on-brand: #050505" in response.text
    assert response.headers["Cache-Control"] == "no-store"
