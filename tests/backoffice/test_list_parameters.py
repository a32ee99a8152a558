"""Parameters of the lists in the admin: only those of their own filters have an effect."""

import re
from itertools import cycle

import pytest
from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.db.models import JSONField
from django.test import RequestFactory

from careers.applications.models import Application
from careers.backoffice.parameters import ListParameterRefused
from careers.backoffice.site import BackofficeSite
from careers.roles.models import Role
from tests import make
from tests.html import parse

pytestmark = pytest.mark.django_db

# The parameters of the filters of each list.
STATUS = {"en", "ja"}  # of all texts in two languages
ACCEPTED = {
    "applications.Application": {
        "waiting",
        "stage__exact",
        "stage__isnull",
        "role",
        "role__department__id__exact",
        "role__department__isnull",
        "erasure",
    },
    "roles.Role": {
        *STATUS,
        "due",
        "department__id__exact",
        "department__isnull",
        "workplace__exact",
        "workplace__isnull",
        "employment_type__exact",
        "employment_type__isnull",
    },
    "roles.Department": STATUS,
    "roles.Location": STATUS,
    "roles.SynonymGroup": set(),
    "roles.ZeroResultSearch": {"language__exact", "language__isnull"},
    "application_forms.ApplicationForm": STATUS,
    "application_forms.QuestionSet": STATUS,
    "articles.Article": {*STATUS, "due"},
    "company.Company": set(),  # redirects to the form
    "company.Perk": {*STATUS, "applies_to__exact", "applies_to__isnull"},
    "company.Value": STATUS,
    "company.HiringStep": STATUS,
    "company.Testimonial": STATUS,
    "company.Video": STATUS,
    "company.Policy": {*STATUS, "kind__exact", "kind__isnull"},
    "staff.User": {
        "is_superuser__exact",
        "is_superuser__isnull",
        "is_active__exact",
        "is_active__isnull",
    },
    "outbox.Email": {"state__exact", "state__isnull"},
}
LOOKUPS = (
    "",
    "exact",
    "iexact",
    "startswith",
    "icontains",
    "regex",
    "iregex",
    "in",
    "range",
    "gt",
    "isnull",
    "year",
)
MODELS = {model._meta.label: model for model in admin.site._registry}
LISTS = [label for label in MODELS if label != "company.Company"]
ABSURD = ("9" * 23, "9" * 5000, "-1", "a\0b", "1,²", "🦊" * 900)
HEADING = {"en": "We can’t show this list", "ja": "この一覧を表示できません"}


def list_path(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def parameters(model, lookups=LOOKUPS):
    """Names of parameters: each field and relation of a model and of related ones, with each lookup."""
    paths = ["pk", "unknown"]
    for field in model._meta.get_fields(include_hidden=True):
        paths.append(field.name)
        if field.is_relation and field.related_model:
            paths += [
                f"{field.name}__{other.name}" for other in field.related_model._meta.get_fields()
            ]
        elif isinstance(field, JSONField):
            paths += [f"{field.name}__title", f"{field.name}__0"]
    return [f"{path}__{lookup}" if lookup else path for path in paths for lookup in lookups]


def comparable(response):
    """The page without its CSRF tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)


def test_table_has_every_list():
    assert MODELS.keys() == ACCEPTED.keys()


@pytest.mark.one_database  # what is refused reaches no database
def test_list_refuses_every_lookup(signed_in):
    """Every list, with every field, relation and lookup: none but those of the table is answered."""
    user, number, answered = signed_in(None).user, 0, {}
    for label in LISTS:
        names, answered[label] = {*parameters(MODELS[label]), *ACCEPTED[label], "e"}, set()
        for name in names:
            request = RequestFactory().get("/", {name: "1"})
            request.user = user
            try:
                admin.site._registry[MODELS[label]].get_changelist_instance(request)
            except ListParameterRefused as refusal:
                if str(refusal) == "parameter of no filter":
                    continue
            answered[label].add(name)
        number += len(names)
    assert answered == {label: ACCEPTED[label] for label in LISTS}
    assert len(answered) == 17 and number > 15_000


@pytest.mark.one_database
@pytest.mark.parametrize("admin_class", [None, EmailAddressAdmin], ids=["default", "allauth"])
def test_admin_of_another_app_refuses_lookups(admin_class, signed_in):
    """The rule holds for a model and a ModelAdmin of a package, which know nothing of it."""
    site = BackofficeSite(name="other")
    site.register(EmailAddress, admin_class)
    user, model_admin, number = signed_in(None).user, site._registry[EmailAddress], 0
    filters = {"primary__exact", "verified__exact"} if admin_class else set()
    for name in {*parameters(EmailAddress), "user__password__startswith"} | filters:
        request = RequestFactory().get("/", {name: "1"})
        request.user = user
        if name in filters:
            assert model_admin.get_changelist_instance(request).queryset.count() == 0
        elif not (admin_class and name in {"primary__isnull", "verified__isnull"}):
            with pytest.raises(ListParameterRefused):
                model_admin.get_changelist_instance(request)
        number += 1
    assert number > 300


@pytest.mark.one_database
def test_list_links_have_accepted_parameters(signed_in):
    """The filters of each list link to parameters of the table only, and to each of them but `isnull`."""
    visitor, number = signed_in(None), 0
    for _number in range(2):
        role = make.role(locations=[make.location()])
        make.application(role)
    make.application(None)
    make.form(role)
    for label in LISTS:
        page = parse(visitor.page(list_path(MODELS[label])))
        links = page.all("#changelist-filter a, .tabs-list a, a[href^='?']")
        names = {
            name.partition("=")[0] for link in links for name in link["href"].lstrip("?").split("&")
        } - {"", "_facets", "o", "p", "all", "q"}
        assert names <= ACCEPTED[label]
        assert {name for name in ACCEPTED[label] - names if not name.endswith("__isnull")} <= {
            "erasure"  # a link only for requests
        }
        number += len(names)
    assert number >= 40


@pytest.mark.parametrize("group", ["Hiring managers", "Recruiters"])
def test_list_of_applications_reveals_no_column(group, signed_in):
    """For every column and relation, a right and a wrong guess get the same page, and no row."""
    visitor, role = signed_in(group), make.role()
    role.department.managers.add(visitor.user)
    application = make.application(role, accommodation="asthma", posting_snapshot={"title": "a"})
    path, number = list_path(Application), 0
    reference = application.display_reference
    assert reference in visitor.page(path)
    refusal = visitor.get(path, {"unknown": "1"})
    lookups = cycle(("startswith", "regex", "in", "isnull", "exact", "gt"))
    for field in Application._meta.get_fields(include_hidden=True):
        value = str(getattr(application, getattr(field, "attname", ""), "") or "1")
        names = {f"{field.name}__{next(lookups)}"}
        if field.name in ("accommodation", "message", "answers", "attachments", "status_updates"):
            names |= {field.name, f"{field.name}__regex", f"{field.name}__startswith"}
        if isinstance(field, JSONField):
            names |= {f"{field.name}__title", f"{field.name}__0"}
        for name in names - ACCEPTED["applications.Application"]:
            for guess in (value, "0"):
                response = visitor.get(path, {"q": "", name: guess})
                assert response.status_code == 400, name
                assert comparable(response) == comparable(refusal), name
                number += 1
    assert reference not in refusal.text and number > 100


@pytest.mark.one_database
@pytest.mark.parametrize("group", ["Viewers", "Editors", "Hiring managers"])
def test_list_of_roles_reveals_no_application(group, signed_in):
    """Which role an application is for is not answered, by its number or otherwise."""
    role, other = make.role(), make.role()
    application = make.application(role)
    visitor = signed_in(group)
    page = visitor.page(list_path(Role))
    assert str(role) in page and str(other) in page
    for name in ("applications", "applications__pk", "applications__id__exact", "recruiter"):
        for value in (application.pk, application.pk + 1):
            response = visitor.get(list_path(Role), {name: value})
            assert response.status_code == 400
            assert str(role) not in response.text and str(other) not in response.text


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["en", "ja"])
def test_refused_parameter_page(language, signed_in):
    """Every list: our own page in the language of the account, with a link to the whole list."""
    visitor = signed_in(None, language=language)
    for label in LISTS:
        path = list_path(MODELS[label])
        for query in (
            {"id__gt": "1"},
            {"id__gt": "<script>1</script>"},
            {"e": "1"},
            {"_to_field": "x"},
        ):
            response = visitor.get(path, query)
            assert response.status_code == 400
            assert "no-store" in response.headers["Cache-Control"]
            page = parse(response.text)
            assert page.one("h1").text == HEADING[language]
            links = [link["href"] for link in page.all(".error-page a.button")]
            assert links == [path, "/admin/"]
            assert "id__gt" not in response.text and not page.all("main script")
        assert visitor.get(path).status_code == 200


@pytest.mark.one_database
def test_refused_parameter_is_not_posted_either(signed_in):
    """An action with such a URL does nothing."""
    visitor, article = signed_in(None), make.article()
    action = {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"}
    path = "/admin/articles/article/"
    assert visitor.post(f"{path}?text_en__startswith=a", action).status_code == 400
    assert type(article).objects.exists()
    assert visitor.post(path, action).status_code == 302
    assert not type(article).objects.exists()


@pytest.mark.parametrize("label", LISTS)
def test_list_with_absurd_values(label, signed_in):
    """Search, order, page and each filter with any value: the list, or our own page; never an error."""
    visitor, path, number = signed_in(None), list_path(MODELS[label]), 0
    make.application(make.role())
    for value in ABSURD:
        together = dict.fromkeys(("q", "o", "p", "all", "_facets", "_popup"), value)
        for query in (together, *({name: value} for name in ACCEPTED[label])):
            response = visitor.get(path, query)
            assert response.status_code in (200, 400), query
            if response.status_code == 400:
                assert parse(response.text).one("h1").text == HEADING["en"]
            number += 1
    assert number == len(ABSURD) * (1 + len(ACCEPTED[label]))


@pytest.mark.one_database
def test_list_page_that_does_not_exist(signed_in):
    """After the last page comes the last page, as after deleting its rows; before the first the first."""
    visitor = signed_in(None)
    for number in range(205):
        make.email(recipient=f"hana{number:03}@example.org")

    def shown(page):
        rows = parse(visitor.page(f"/admin/outbox/email/?o=1&p={page}")).all(
            "#result_list tbody tr"
        )
        return [row.one(".field-recipient").text for row in rows]

    first, last = shown(1), shown(3)
    assert (len(first), len(last)) == (100, 5)
    for number in ("4", "99", "9" * 23):
        assert shown(number) == last, number
    for number in ("0", "-1", "-99", "abc", "9" * 5000, ""):
        assert shown(number) == first, number
