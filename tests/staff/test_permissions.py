"""Every address of the admin, asked by everybody: one table, to which a new address must be added."""

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, reverse

from careers.application_forms.models import ApplicationForm, QuestionSet
from careers.applications.models import Application
from careers.articles.models import Article
from careers.backoffice.urls import urlpatterns as account_patterns
from careers.company.models import Company, HiringStep, Perk, Policy, Testimonial, Value, Video
from careers.outbox.models import Email
from careers.roles.models import Department, Location, Role, SynonymGroup, ZeroResultSearch
from careers.staff.models import User
from tests import make
from tests.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PEOPLE = ["Viewers", "Hiring managers", "Editors", "Recruiters", None]  # None: a superuser
SUPERUSER = {None}
EVERYBODY = set(PEOPLE)
LOOK, WRITE = EVERYBODY - {"Hiring managers"}, {"Editors", "Recruiters", None}

# model → who may look, who may write
MODELS = {
    Role: (EVERYBODY, WRITE),
    Department: (EVERYBODY, WRITE),
    Location: (EVERYBODY, WRITE),
    SynonymGroup: (EVERYBODY, WRITE),
    ZeroResultSearch: (EVERYBODY, WRITE),
    ApplicationForm: (LOOK, WRITE),
    QuestionSet: (LOOK, WRITE),
    Article: (LOOK, WRITE),
    Company: (LOOK, WRITE),
    Perk: (LOOK, WRITE),
    Value: (LOOK, WRITE),
    Testimonial: (LOOK, WRITE),
    HiringStep: (LOOK, WRITE),
    Video: (LOOK, WRITE),
    Policy: (LOOK, WRITE),
    User: (SUPERUSER, SUPERUSER),
    Email: (SUPERUSER, set()),
    Application: ({"Hiring managers", "Recruiters", None}, set()),
}
# URL name of a model → whether it is looking or writing
OF_A_MODEL = {"changelist": 0, "history": 0, "change": 0, "add": 1, "delete": 1}
# the same for what can be previewed, and for models with a page of their own; these are posts
PREVIEW = {"preview": "{pk}/preview/en/", "preview_new": "add/preview/en/"}
SHARE = {"share": "{pk}/share/", "share_revoke": "{pk}/share/1/revoke/"}
PAGED = {
    **dict.fromkeys((Role, Article, Policy), PREVIEW | SHARE),
    **dict.fromkeys((Company, Perk, Value, Testimonial, HiringStep, Video), PREVIEW),
    **dict.fromkeys((Department, Location, ApplicationForm, QuestionSet), PREVIEW),
}
# models in an order of the recruiter's; this is posted
ORDERED = (Role, Department, Location, QuestionSet, Article)
ORDERED += (Perk, Value, Testimonial, HiringStep, Video)
# what else is done with an application, and how each group is answered: about an application for a
# department that a hiring manager manages, see also tests/applications
DONE = {
    "move": "move/",
    "release": "release/",
    "resend": "resend/",
    "document": "documents/{file}/",
}
# the others → who gets in
OTHERS = {
    "index": EVERYBODY,
    "translations": EVERYBODY,
    "layout": EVERYBODY,
    "logout": EVERYBODY,
    "login": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "autocomplete": EVERYBODY,
    "jsi18n": EVERYBODY,
    "view_on_site": EVERYBODY,
    "app_list": EVERYBODY,
    "auth_user_password_change": SUPERUSER,
    "invite": SUPERUSER,
}


def admin_names(patterns=None):
    """The names of all addresses of the admin."""
    for pattern in patterns if patterns is not None else admin.site.urls[0]:
        if isinstance(pattern, URLResolver):
            yield from admin_names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def test_the_table_knows_every_address():
    of_models = {
        f"{model._meta.app_label}_{model._meta.model_name}_{name}"
        for model in MODELS
        for name in OF_A_MODEL
    }
    of_pages = {
        f"{model._meta.app_label}_{model._meta.model_name}_{name}"
        for model, addresses in PAGED.items()
        for name in addresses
    }
    moves = {f"{model._meta.app_label}_{model._meta.model_name}_move" for model in ORDERED}
    done = {f"applications_application_{name}" for name in DONE}
    assert set(admin_names()) == of_models | of_pages | moves | done | OTHERS.keys() | {
        "roles_role_confirm"
    }


@pytest.fixture
def things():
    """One record of each model, and the address of its page in the admin."""
    return {
        Role: make.role(),
        Department: make.department(),
        Location: make.location(),
        SynonymGroup: SynonymGroup.objects.create(terms="rain\n雨"),
        ZeroResultSearch: ZeroResultSearch.objects.create(
            term="fog", language="en", last_on="2026-11-20"
        ),
        ApplicationForm: make.form(make.role()),
        QuestionSet: make.question_set(),
        Article: make.article(),
        Company: make.company(),
        Perk: make.perk(),
        Value: make.value(),
        Testimonial: make.testimonial(),
        HiringStep: make.step(),
        Video: make.video(),
        Policy: make.policy(published=False),
        User: User.objects.create_user("somebody@example.com"),
        Email: make.letter(),
        Application: make.application(make.role()),
    }


def addresses(thing):
    """{URL name: address} of everything that can be asked about a record."""
    start = f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/"
    return {
        "changelist": start,
        "add": f"{start}add/",
        "change": f"{start}{thing.pk}/change/",
        "delete": f"{start}{thing.pk}/delete/",
        "history": f"{start}{thing.pk}/history/",
    }


@pytest.mark.parametrize("group", PEOPLE)
def test_who_gets_in(group, signed_in, things):
    visitor = signed_in(group)
    things[Application].role.department.managers.add(visitor.user)
    for model, may in MODELS.items():
        for name, address in addresses(things[model]).items():
            allowed = group in may[OF_A_MODEL[name]]
            if model is Company and name in ("add", "delete"):
                allowed = False  # there is one company, for everybody
            if model is ZeroResultSearch and name == "add":
                allowed = False  # only visitors miss something
            status = visitor.get(address).status_code
            expected = {200, 302} if model is Company and name == "changelist" else {200}
            assert (status in expected) if allowed else (status == 403), address


@pytest.mark.parametrize("group", PEOPLE)
def test_who_may_write(group, signed_in, things):
    visitor = signed_in(group)
    things[Application].role.department.managers.add(visitor.user)
    for model, (_look, write) in MODELS.items():
        start = addresses(things[model])
        if group not in write:
            for name in ("add", "change", "delete"):
                assert visitor.post(start[name], {"post": "yes"}).status_code == 403, start[name]
            assert model.objects.filter(pk=things[model].pk).exists()


def pages(thing):
    """{URL name: address} of what is posted about a record with a public page."""
    start = f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/"
    return {name: start + rest.format(pk=thing.pk) for name, rest in PAGED[type(thing)].items()}


@pytest.mark.parametrize("group", PEOPLE)
def test_who_may_preview_and_share(group, signed_in, things):
    visitor = signed_in(group)
    for model in PAGED:
        _look, write = MODELS[model]
        for name, address in pages(things[model]).items():
            # 422: nothing is typed yet that could be shown.
            allowed = {200, 422} if name.startswith("preview") else {302}
            expected = allowed if group in write else {403}
            if model is Company and name == "preview_new":
                expected = {403}  # there is one company
            assert visitor.post(address).status_code in expected, address


def move(thing):
    """The address to which a move of a record is posted."""
    return f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/{thing.pk}/move/"


@pytest.mark.parametrize("group", PEOPLE)
def test_who_may_move(group, signed_in, things):
    visitor = signed_in(group)
    for model in ORDERED:
        address = move(things[model])
        expected = 302 if group in MODELS[model][1] else 403
        assert visitor.post(address, {"step": "up"}).status_code == expected, address
        assert visitor.get(address).status_code == 405, address


@pytest.mark.parametrize("group", PEOPLE)
def test_who_may_confirm(group, signed_in, things):
    visitor = signed_in(group)
    address = f"/admin/roles/role/{things[Role].pk}/confirm/"
    assert visitor.post(address).status_code == (302 if group in WRITE else 403)
    assert visitor.get(address).status_code == 405


def done(application):
    """{URL name: address} of what is done with an application, and with its document."""
    start = f"/admin/applications/application/{application.pk}/"
    file = application.attachments.get().pk
    return {name: start + rest.format(file=file) for name, rest in DONE.items()}


@pytest.mark.parametrize("manages", [True, False])
@pytest.mark.parametrize("group", PEOPLE)
def test_who_does_what_with_an_application(group, manages, signed_in, things):
    visitor, application = signed_in(group), things[Application]
    if manages:
        application.role.department.managers.add(visitor.user)
    address = done(application)
    if group in ("Recruiters", None):
        acts, reads = 302, 200
    elif group == "Hiring managers":
        acts, reads = (403, 200) if manages else (404, 404)
    else:
        acts, reads = 403, 403
    assert visitor.post(address["move"], {"stage": "offer"}).status_code == acts
    assert visitor.post(address["release"]).status_code == acts
    assert visitor.post(address["resend"]).status_code == acts
    for name in ("move", "release", "resend"):
        assert visitor.get(address[name]).status_code == 405
    document = visitor.get(address["document"])
    assert document.status_code == reads
    document.close()


def test_a_stranger_is_led_to_the_sign_in(client, things):
    for model in MODELS:
        for address in addresses(things[model]).values():
            response = client.get(address)
            assert response.headers["Location"] == f"/admin/login/?next={address}"
    for model in PAGED:
        for address in pages(things[model]).values():
            response = client.post(address)
            assert response.headers["Location"] == f"/admin/login/?next={address}"
    confirm = f"/admin/roles/role/{things[Role].pk}/confirm/"
    posted = [confirm, *(move(things[model]) for model in ORDERED)]
    for address in [*posted, *done(things[Application]).values()]:
        assert client.post(address).headers["Location"] == f"/admin/login/?next={address}"
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/jsi18n/").status_code in (200, 302)


# --- One's own account ---

# URL name → what somebody meets who is not signed in, and who is: a page, being led elsewhere, or
# nothing at all.
PAGE, LED, NONE = 200, 302, 404
ACCOUNT = {
    "backoffice:account": (LED, PAGE),
    "backoffice:language": (405, 405),  # a button
    "account_login": (PAGE, LED),
    "mfa_login_webauthn": (LED, LED),
    "mfa_authenticate": (LED, LED),
    "account_logout": (LED, PAGE),
    "account_reauthenticate": (LED, PAGE),
    "mfa_reauthenticate": (LED, LED),  # without an app there is only the password
    "mfa_reauthenticate_webauthn": (LED, LED),
    "account_change_password": (LED, PAGE),
    "account_set_password": (LED, LED),
    "account_reset_password": (PAGE, PAGE),
    "account_reset_password_done": (PAGE, PAGE),
    "account_reset_password_from_key": (PAGE, PAGE),
    "mfa_index": (LED, PAGE),
    "mfa_activate_totp": (LED, PAGE),
    "mfa_deactivate_totp": (LED, NONE),
    "mfa_view_recovery_codes": (LED, NONE),
    "mfa_generate_recovery_codes": (LED, PAGE),
    "mfa_download_recovery_codes": (LED, NONE),
    "mfa_list_webauthn": (LED, PAGE),
    "mfa_add_webauthn": (LED, PAGE),
    "mfa_edit_webauthn": (LED, NONE),
    "mfa_remove_webauthn": (LED, NONE),
    "usersessions_list": (LED, PAGE),
}
ARGUMENTS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "abc-def"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}


def test_the_table_knows_every_address_of_the_account():
    ours, *theirs = account_patterns
    names = {f"{ours.namespace}:{pattern.name}" for pattern in ours.url_patterns}
    assert names | {pattern.name for pattern in theirs} == ACCOUNT.keys()


@pytest.mark.parametrize("name", ACCOUNT)
def test_who_sees_a_page_of_the_account(name, client, db):
    address = reverse(name, kwargs=ARGUMENTS.get(name))
    stranger, member = ACCOUNT[name]
    assert client.get(address).status_code == stranger
    User.objects.create_user("aiko@example.com", PASSWORD)
    sign_in(client, "aiko@example.com")
    assert client.get(address).status_code == member


def test_a_former_colleague_is_out_at_once(signed_in):
    visitor = signed_in("Recruiters")
    assert visitor.get("/admin/").status_code == 200
    User.objects.update(is_active=False)
    assert visitor.get("/admin/").status_code == 302


def test_the_command_repairs_what_was_changed_by_hand(signed_in):
    visitor = signed_in("Viewers")
    group = visitor.user.groups.get()
    before = set(group.permissions.all())
    group.permissions.clear()
    call_command("sync_permissions")
    assert set(group.permissions.all()) == before
    call_command("sync_permissions")
    assert set(group.permissions.all()) == before


def test_only_a_superuser_can_give_rights(signed_in):
    recruiter = signed_in("Recruiters")
    path = f"/admin/staff/user/{recruiter.user.pk}/change/"
    recruiter.post(path, {"email": recruiter.user.email, "is_superuser": "on"})
    recruiter.user.refresh_from_db()
    assert not recruiter.user.is_superuser
