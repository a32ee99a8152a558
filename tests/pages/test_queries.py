"""Queries of public pages: the same number for fifty rows as for one, and none while a template renders.
Templates are compiled once."""

import re
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.template.base import NodeList
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from careers.articles.models import Article
from careers.cldr import countries, language_names
from careers.languages import BilingualSitemap
from careers.roles.enums import Condition
from careers.roles.models import RemoteCountry, RoleCondition, RoleLanguage
from tests import make
from tools.catalogues import ROOT

pytestmark = pytest.mark.one_database

FIRST, MORE = range(1), range(1, 50)
COUNTRIES, LANGUAGES = ([code for code, _name in of()] for of in (countries, language_names))
STATUS = {"/nowhere/": 404, "-gone/": 410}  # by the end of the path; 200 for all others

in_both_languages = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.fixture
def roles(db, font, monkeypatch):
    """An open, a closed and a gone role, in a company with one row of every model."""
    monkeypatch.setattr(BilingualSitemap, "limit", 5)  # so that there are several files
    make.company()
    for kind in ("privacy", "accessibility", "form_notice", "candidates"):
        make.policy(kind)
    today, other = timezone.localdate(), make.role(title_en="Rust")
    see_also = {"see_also": other, "see_also_text_en": "Or:", "see_also_text_ja": "または："}
    roles_list = [
        make.role(slug="open", **see_also),
        make.role(slug="closed", closes_on=today - timedelta(days=3), **see_also),
        make.role(slug="gone", closes_on=today - timedelta(days=90), **see_also),
    ]
    make.form(roles_list[0])
    add_rows(roles_list, FIRST)
    return roles_list


def add_rows(roles, numbers):
    """Add a row of every model for each of `numbers`, and related rows of each of `roles`."""
    for number in numbers:
        for maker in (make.perk, make.value, make.testimonial, make.step, make.article):
            maker()
        for page in ("hiring", "working_here"):
            make.video(page=page)
        questions = make.question_set()
        make.question(questions)
        for role in (*roles[:2], make.role(workplace="remote", level="senior")):
            role.role_locations.create(location=make.location())
            RemoteCountry.objects.create(role=role, country=COUNTRIES[number])
            RoleLanguage.objects.create(role=role, language=LANGUAGES[number], proficiency="B2")
            if number < len(Condition):
                RoleCondition.objects.create(
                    role=role, kind=Condition.values[number], text_en="Yes.", text_ja="あり"
                )
        make.question(roles[0].application_form)
        roles[0].application_form.question_set_uses.create(question_set=questions)


def addresses(visitor, language, roles):
    """The path of every kind of public page in `language`, and of endpoints for programs."""
    role = roles[0]
    location = role.role_locations.first().location_id
    filters = f"department={role.department_id}&location={location}"
    paths = ["", "working-here/", "hiring/", "advice/", "privacy/", "accessibility/", "nowhere/"]
    paths += ["apply/", "roles/", "roles/feed.atom", "roles/feed.json", "roles/jobs.xml"]
    paths += [f"roles/feed.{kind}?q=engineer&{filters}" for kind in ("atom", "json")]
    for query in (
        "page=x",
        "sort=closing",
        f"{filters}&workplace=on_site&type=permanent&language=en&working_language={LANGUAGES[0]}&level=senior",
        "q=rust",
        f"q=engineer&{filters}&workplace=on_site",
        f"q=engineer&{filters}&type=intern",  # words match, the filter does not
        "q=rust+cobol",  # some words match
        f"q=cobol&{filters}&type=permanent",
        f"q=fortran+cobol&{filters}&type=permanent",  # no word matches: similar roles
        "q=fortran+cobol&nonsense=1&level=x",
        "type=intern",
    ):
        paths.append(f"roles/?{query}")
    record_paths = [
        record.get_absolute_url(language) for record in (*roles, Article.objects.first())
    ]
    page = visitor.page(record_paths[0])
    return [
        *(f"/{language}/{path}" for path in paths),
        *record_paths,
        f"{record_paths[0]}apply/",
        urlsplit(re.search(r'"og:image" content="(.*?)"', page)[1]).path,
        re.search(r'href="(/theme-.*?)"', page)[1],
        *("/sitemap.xml", "/robots.txt", "/healthz"),
        *(f"/sitemap-{name}.xml" for name in ("pages", "roles", "articles")),
    ]


def get_expected(visitor, path):
    expected = next((of for end, of in STATUS.items() if path.endswith(end)), 200)
    assert visitor.get(path).status_code == expected, path


def queries(visitor, path):
    get_expected(visitor, path)  # fills caches that all pages share
    with CaptureQueriesContext(connection) as captured:
        get_expected(visitor, path)
    return len(captured)


def test_query_count_is_constant(client, roles):
    paths = {path for language in ("en", "ja") for path in addresses(client, language, roles)}
    few = {path: queries(client, path) for path in paths}
    add_rows(roles, MORE)
    many = {path: queries(client, path) for path in paths}
    assert many == few


@in_both_languages
def test_query_made_by_no_template(client, roles, language):
    captured = []

    def note(execute, sql, *rest):
        frame = sys._getframe()
        while frame and frame.f_code is not NodeList.render.__code__:
            frame = frame.f_back
        if frame:
            captured.append(sql)
        return execute(sql, *rest)

    for path in addresses(client, language, roles):
        with connection.execute_wrapper(note):
            get_expected(client, path)
        assert captured == [], path


def test_template_is_compiled_once():
    for path in (ROOT / "templates").rglob("*.*"):
        name = str(path.relative_to(ROOT / "templates"))
        assert get_template(name).template is get_template(name).template, name
