"""Queries of public pages: as many for fifty rows as for one, and none while a template renders. Templates
are read once."""

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

FIRST, MORE = range(1), range(1, 50)
COUNTRIES, LANGUAGES = ([code for code, _name in of()] for of in (countries, language_names))
STATUS = {"/nowhere/": 404, "-gone/": 410}  # of addresses that end like this; of all others 200

in_both_languages = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.fixture
def roles(db, font, monkeypatch):
    """An open role, a closed one and one that is gone, in a company with one row of everything."""
    monkeypatch.setattr(BilingualSitemap, "limit", 5)  # so that there are several
    make.company()
    for kind in ("privacy", "accessibility", "form_notice", "candidates"):
        make.policy(kind)
    today, other = timezone.localdate(), make.role(title_en="Rust")
    said = {"see_also": other, "see_also_text_en": "Or:", "see_also_text_ja": "または："}
    made = [
        make.role(slug="open", **said),
        make.role(slug="closed", closes_on=today - timedelta(days=3), **said),
        make.role(slug="gone", closes_on=today - timedelta(days=90), **said),
    ]
    make.form(made[0])
    add_rows(made, FIRST)
    return made


def add_rows(roles, numbers):
    """As many rows as `numbers` of everything that there may be several of, at each of `roles` too."""
    for number in numbers:
        for maker in (make.perk, make.value, make.testimonial, make.step, make.article):
            maker()
        for page in ("hiring", "working_here"):
            make.video(page=page)
        questions = make.question_set()
        make.question(questions)
        for role in (*roles[:2], make.role(workplace="remote", level="senior")):
            role.places.create(location=make.location())
            RemoteCountry.objects.create(role=role, country=COUNTRIES[number])
            RoleLanguage.objects.create(role=role, language=LANGUAGES[number], proficiency="B2")
            if number < len(Condition):
                RoleCondition.objects.create(
                    role=role, kind=Condition.values[number], text_en="Yes.", text_ja="あり"
                )
        make.question(roles[0].application_form)
        roles[0].application_form.question_set_uses.create(question_set=questions)


def addresses(visitor, language, roles):
    """Every kind of public page in `language`, and what machines read."""
    role = roles[0]
    location = role.places.first().location_id
    chosen = f"department={role.department_id}&location={location}"
    paths = ["", "working-here/", "hiring/", "advice/", "privacy/", "accessibility/", "nowhere/"]
    paths += ["apply/", "roles/", "roles/feed.atom", "roles/feed.json", "roles/jobs.xml"]
    paths += [f"roles/feed.{kind}?q=engineer&{chosen}" for kind in ("atom", "json")]
    for query in (
        "page=x",
        "sort=closing",
        f"{chosen}&workplace=on_site&type=permanent&language=en&working_language={LANGUAGES[0]}&level=senior",
        "q=rust",
        f"q=engineer&{chosen}&workplace=on_site",
        f"q=engineer&{chosen}&type=intern",  # the words are there, the choice is not
        "q=rust+cobol",  # some of the words are there
        f"q=cobol&{chosen}&type=permanent",
        f"q=fortran+cobol&{chosen}&type=permanent",  # no word is there: similar ones
        "q=fortran+cobol&nonsense=1&level=x",
        "type=intern",
    ):
        paths.append(f"roles/?{query}")
    of_records = [record.get_absolute_url(language) for record in (*roles, Article.objects.first())]
    page = visitor.page(of_records[0])
    return [
        *(f"/{language}/{path}" for path in paths),
        *of_records,
        f"{of_records[0]}apply/",
        urlsplit(re.search(r'"og:image" content="(.*?)"', page)[1]).path,
        re.search(r'href="(/theme-.*?)"', page)[1],
        *("/sitemap.xml", "/robots.txt", "/healthz"),
        *(f"/sitemap-{name}.xml" for name in ("pages", "roles", "articles")),
    ]


def answered(visitor, path):
    expected = next((of for end, of in STATUS.items() if path.endswith(end)), 200)
    assert visitor.get(path).status_code == expected, path


def queries(visitor, path):
    answered(visitor, path)  # what is the same for all pages is looked up once
    with CaptureQueriesContext(connection) as asked:
        answered(visitor, path)
    return len(asked)


@in_both_languages
def test_as_many_queries_for_fifty_rows_as_for_one(client, roles, language):
    paths = addresses(client, language, roles)
    few = {path: queries(client, path) for path in paths}
    add_rows(roles, MORE)
    many = {path: queries(client, path) for path in paths}
    assert many == few


@in_both_languages
def test_no_template_asks_the_database(client, roles, language):
    asked = []

    def note(execute, sql, *rest):
        frame = sys._getframe()
        while frame and frame.f_code is not NodeList.render.__code__:
            frame = frame.f_back
        if frame:
            asked.append(sql)
        return execute(sql, *rest)

    for path in addresses(client, language, roles):
        with connection.execute_wrapper(note):
            answered(client, path)
        assert asked == [], path


def test_a_template_is_read_and_compiled_once():
    for path in (ROOT / "templates").rglob("*.*"):
        name = str(path.relative_to(ROOT / "templates"))
        assert get_template(name).template is get_template(name).template, name
