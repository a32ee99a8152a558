"""Our templates fit those of Django and django-allauth: fails if an upgrade changes what they override."""

import re
from pathlib import Path

import allauth
import pytest
from django.contrib import admin

from tools.catalogues import ROOT

pytestmark = pytest.mark.one_database

OURS = ROOT / "templates"
DJANGO = Path(admin.__file__).parent / "templates"
ALLAUTH = Path(allauth.__file__).parent / "templates"
TEMPLATES = sorted(path.relative_to(OURS) for path in (OURS / "admin").rglob("*.html"))
PARENT = re.compile(r'{%\s*extends "([^"]+)"\s*%}')
BLOCK = re.compile(r"{%\s*block (\S+)\s*%}")

# Markup of Django's templates on which our style sheets and templates depend, besides the blocks.
EXPECTED_MARKUP = {
    "admin/base.html": (
        'id="header"',
        'id="branding"',
        'id="user-tools"',
        'class="messagelist"',
        '{% include "admin/nav_sidebar.html" %}',
        # Our own links replace these style sheets and this script, here and below:
        '<link rel="stylesheet" href="{% static "admin/css/dark_mode.css" %}">\n'
        '  <script src="{% static "admin/js/theme.js" %}"></script>\n'
        "{% endblock %}",
        '<link rel="stylesheet" href="{% static "admin/css/responsive.css" %}">\n'
        "    {% if LANGUAGE_BIDI %}",
    ),
    "admin/index.html": (
        "{% block extrastyle %}{{ block.super }}"
        '<link rel="stylesheet" href="{% static "admin/css/dashboard.css" %}">{% endblock %}',
    ),
    "admin/nav_sidebar.html": ('id="nav-sidebar"', 'id="nav-filter"', 'id="toggle-nav-sidebar"'),
    "admin/app_list.html": ('class="app-{{ app.app_label }} module', "current-model"),
    "admin/change_form.html": (
        "{% block extrastyle %}{{ block.super }}"
        '<link rel="stylesheet" href="{% static "admin/css/forms.css" %}">{% endblock %}',
        'prefix="fieldset" id_prefix=0 id_suffix=forloop.counter0',  # targets of our links
        'method="post" id="{{ opts.model_name }}_form"',  # the form that the preview sends
        '<div id="content-main">',
        "{% if save_on_top %}{% block submit_buttons_top %}",
    ),
    "admin/includes/fieldset.html": (
        'id="{{ prefix }}-{{ id_prefix}}-{{ id_suffix }}-heading"',
        "form-row",
        "flex-container form-multiline",
        "fieldBox",
        "checkbox-row",
    ),
    "admin/edit_inline/stacked.html": (
        'id="{{ inline_admin_formset.formset.prefix }}-heading"',
        "inline-related",
    ),
    "admin/change_list.html": (
        "{{ block.super }}\n"
        '  <link rel="stylesheet" href="{% static "admin/css/changelists.css" %}">\n'
        "  {% if cl.formset %}",
        "{% if cl.formset or action_form %}\n"
        "    <script src=\"{% url 'admin:jsi18n' %}\"></script>",
        "{{ media.css }}",
        'id="changelist"',
        "changelist-form-container",
    ),
    "admin/change_list_results.html": ('id="result_list"', "sortoptions", 'class="sortremove"'),
    "admin/submit_line.html": ('class="submit-row"', 'class="deletelink"', 'class="closelink"'),
    "admin/search_form.html": ('id="changelist-search"', 'id="searchbar"'),
    "admin/delete_confirmation.html": ("delete-confirmation", "cancel-link"),
}


def source(root, name):
    return (root / name).read_text("utf-8")


def parents(name):
    """The templates of Django that a template of ours extends, the nearest first."""
    match = PARENT.search(source(OURS, name))
    while match:
        path = match[1]
        if path != str(name) and (OURS / path).exists():
            yield from parents(Path(path))
            return
        assert (DJANGO / path).exists(), f"{name} extends {path}, which Django no longer has"
        yield path
        match = PARENT.search(source(DJANGO, path))


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_template_blocks_exist_in_django(name):
    blocks = BLOCK.findall(source(OURS, name))
    if not blocks:
        assert not (DJANGO / name).exists(), "a template that hides Django's has to extend it"
        return
    parent_blocks = {
        block for parent in parents(name) for block in BLOCK.findall(source(DJANGO, parent))
    }
    assert set(blocks) <= parent_blocks


ALLAUTH_OVERRIDES = sorted(
    path.relative_to(OURS)
    for folder in ("account", "allauth", "mfa", "usersessions")
    for path in (OURS / folder).rglob("*.*")
)


@pytest.mark.parametrize("name", ALLAUTH_OVERRIDES, ids=str)
def test_template_paths_and_blocks_exist_in_allauth(name):
    assert (ALLAUTH / name).exists(), "django-allauth no longer looks for it"
    blocks = set(BLOCK.findall(source(OURS, name))) - {"content"}
    if "layouts" not in name.parts:
        parent_blocks = {
            block for path in ALLAUTH.rglob("*.html") for block in BLOCK.findall(path.read_text())
        }
        assert blocks <= parent_blocks


@pytest.mark.parametrize("name", EXPECTED_MARKUP)
def test_template_markup_of_django_is_as_expected(name):
    text = source(DJANGO, name)
    missing = [part for part in EXPECTED_MARKUP[name] if part not in text]
    assert not missing
