"""Permissions of every admin URL for every group, in one table. A test fails if a URL is missing in it."""

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

GROUPS = ["Viewers", "Hiring managers", "Editors", "Recruiters", None]  # None: a superuser
SUPERUSER = {None}
ALL_GROUPS = set(GROUPS)
CAN_VIEW, CAN_WRITE = ALL_GROUPS - {"Hiring managers"}, {"Editors", "Recruiters", None}

# model → groups that may view, groups that may write
MODELS = {
    Role: (ALL_GROUPS, CAN_WRITE),
    Department: (ALL_GROUPS, CAN_WRITE),
    Location: (ALL_GROUPS, CAN_WRITE),
    SynonymGroup: (ALL_GROUPS, CAN_WRITE),
    ZeroResultSearch: (ALL_GROUPS, CAN_WRITE),
    ApplicationForm: (CAN_VIEW, CAN_WRITE),
    QuestionSet: (CAN_VIEW, CAN_WRITE),
    Article: (CAN_VIEW, CAN_WRITE),
    Company: (CAN_VIEW, CAN_WRITE),
    Perk: (CAN_VIEW, CAN_WRITE),
    Value: (CAN_VIEW, CAN_WRITE),
    Testimonial: (CAN_VIEW, CAN_WRITE),
    HiringStep: (CAN_VIEW, CAN_WRITE),
    Video: (CAN_VIEW, CAN_WRITE),
    Policy: (CAN_VIEW, CAN_WRITE),
    User: (SUPERUSER, SUPERUSER),
    Email: (SUPERUSER, set()),
    Application: ({"Hiring managers", "Recruiters", None}, set()),
}
# URL name of a model → the index in that pair
MODEL_VIEWS = {"changelist": 0, "history": 0, "change": 0, "add": 1, "delete": 1}
# URL name → path, for models with drafts, previews and share links; answers POST only
DRAFT = {
    "draft": "{pk}/draft/",
    "draft_new": "add/draft/",
    "draft_discard": "drafts/discard/",
}
PREVIEW = {"preview": "{pk}/preview/en/", "preview_new": "add/preview/en/"}
SHARE = {"share": "{pk}/share/", "share_revoke": "{pk}/share/1/revoke/"}
POST_VIEWS = {
    SynonymGroup: DRAFT,
    **dict.fromkeys((Role, Article, Policy), DRAFT | PREVIEW | SHARE),
    **dict.fromkeys((Company, Perk, Value, Testimonial, HiringStep, Video), DRAFT | PREVIEW),
    **dict.fromkeys((Department, Location, ApplicationForm, QuestionSet), DRAFT | PREVIEW),
}
# models whose records recruiters order; POST only
ORDERED = (Role, Department, Location, QuestionSet, Article)
ORDERED += (Perk, Value, Testimonial, HiringStep, Video)
# URL name → path, for actions on an application; see also tests/applications
APPLICATION_VIEWS = {
    "move": "move/",
    "release": "release/",
    "resend": "resend/",
    "document": "documents/{file}/",
    "tell": "tell/",
    "undo_status": "undo-status/",
    "erase": "erase/",
    "cancel_erasure": "cancel-erasure/",
}
# URL names of actions on several applications
APPLICATION_LIST_VIEWS = {"tell_selected", "status_batch"}
# all other URL names → groups with access
OTHER_VIEWS = {
    "index": ALL_GROUPS,
    "translations": ALL_GROUPS,
    "layout": ALL_GROUPS,
    "logout": ALL_GROUPS,
    "login": ALL_GROUPS,
    "password_change": ALL_GROUPS,
    "password_change_done": ALL_GROUPS,
    "jsi18n": ALL_GROUPS,
    "app_list": ALL_GROUPS,
    "auth_user_password_change": SUPERUSER,
    "invite": SUPERUSER,
    "reset_password": SUPERUSER,
}


def admin_names(patterns=None):
    """All URL names of the admin."""
    for pattern in patterns if patterns is not None else admin.site.urls[0]:
        if isinstance(pattern, URLResolver):
            yield from admin_names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def test_permission_table_has_every_admin_url():
    """Fails if a URL of the admin is missing in the table above, or no longer exists."""
    model_names = {
        f"{model._meta.app_label}_{model._meta.model_name}_{name}"
        for model in MODELS
        for name in MODEL_VIEWS
    }
    post_names = {
        f"{model._meta.app_label}_{model._meta.model_name}_{name}"
        for model, paths in POST_VIEWS.items()
        for name in paths
    }
    move_names = {f"{model._meta.app_label}_{model._meta.model_name}_move" for model in ORDERED}
    names = APPLICATION_VIEWS.keys() | APPLICATION_LIST_VIEWS
    application_names = {f"applications_application_{name}" for name in names}
    other_names = OTHER_VIEWS.keys() | {"roles_role_review", "company_policy_publish"}
    other_names |= {"outbox_email_try_now"}
    expected = model_names | post_names | move_names | application_names | other_names
    assert set(admin_names()) == expected


@pytest.fixture
def records():
    """One record of each model."""
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
        User: User.objects.create_user("rin@example.com"),
        Email: make.email(),
        Application: make.application(make.role()),
    }


def model_urls(record):
    """{URL name: path} of the pages of a record."""
    start = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    return {
        "changelist": start,
        "add": f"{start}add/",
        "change": f"{start}{record.pk}/change/",
        "delete": f"{start}{record.pk}/delete/",
        "history": f"{start}{record.pk}/history/",
    }


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_open_pages(group, signed_in, records):
    """Each group can open the pages that the table allows; others answer 403."""
    visitor = signed_in(group)
    records[Application].role.department.managers.add(visitor.user)
    for model, groups in MODELS.items():
        for name, path in model_urls(records[model]).items():
            allowed = group in groups[MODEL_VIEWS[name]]
            if model is Company and name in ("add", "delete"):
                allowed = False  # there is one company, which no group may add or delete
            if model is ZeroResultSearch and name == "add":
                allowed = False  # only searches create them
            status = visitor.get(path).status_code
            expected = {200, 302} if model is Company and name == "changelist" else {200}
            assert (status in expected) if allowed else (status == 403), path


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_write(group, signed_in, records):
    """A post of a group without permission answers 403 and changes nothing."""
    visitor = signed_in(group)
    records[Application].role.department.managers.add(visitor.user)
    for model, (_can_view, can_write) in MODELS.items():
        urls = model_urls(records[model])
        if group not in can_write:
            for name in ("add", "change", "delete"):
                assert visitor.post(urls[name], {"post": "yes"}).status_code == 403, urls[name]
            assert model.objects.filter(pk=records[model].pk).exists()


def post_urls(record):
    """{URL name: path} of the drafts, previews and share links of a record."""
    start = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    return {
        name: start + rest.format(pk=record.pk) for name, rest in POST_VIEWS[type(record)].items()
    }


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_draft_preview_and_share(group, signed_in, records):
    """Drafts, previews and share links need permission to change the record."""
    visitor = signed_in(group)
    for model in POST_VIEWS:
        _can_view, can_write = MODELS[model]
        for name, path in post_urls(records[model]).items():
            if name == "draft_discard":
                allowed = {404}  # every user may discard a draft, but only one of their own
            elif name.startswith("draft"):
                allowed = {400}  # without the key of an opened form
            else:
                # 422: the form is empty.
                allowed = {200, 422} if name.startswith("preview") else {302}
            expected = allowed if group in can_write or name == "draft_discard" else {403}
            if model is Company and name in ("draft_new", "preview_new"):
                expected = {403}  # there is one company
            assert visitor.post(path).status_code in expected, path


def move_url(record):
    """The path that moves a record in its list."""
    return f"/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/move/"


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_order(group, signed_in, records):
    """Ordering needs permission to change the record, and POST."""
    visitor = signed_in(group)
    for model in ORDERED:
        path = move_url(records[model])
        expected = 302 if group in MODELS[model][1] else 403
        assert visitor.post(path, {"step": "up"}).status_code == expected, path
        assert visitor.get(path).status_code == 405, path


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_confirm_a_role(group, signed_in, records):
    """Confirming that a role is still accurate needs permission to change it, and POST."""
    visitor = signed_in(group)
    path = f"/admin/roles/role/{records[Role].pk}/review/"
    assert visitor.post(path).status_code == (302 if group in CAN_WRITE else 403)
    assert visitor.get(path).status_code == 405


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_publish_a_policy(group, signed_in, records):
    """Publishing a policy needs permission to change it, to see the page that asks too."""
    visitor, policy = signed_in(group), records[Policy]
    path = f"/admin/company/policy/{policy.pk}/publish/"
    assert visitor.get(path).status_code == (200 if group in CAN_WRITE else 403)
    assert visitor.post(path).status_code == (302 if group in CAN_WRITE else 403)


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_send_waiting_emails(group, signed_in):
    """Sending waiting emails at once needs permission to see them, and POST."""
    visitor = signed_in(group)
    path = "/admin/outbox/email/try-now/"
    assert visitor.post(path).status_code == (302 if group in MODELS[Email][0] else 403)
    assert visitor.get(path).status_code == 405


def application_urls(application):
    """{URL name: path} of the actions on an application and its document."""
    start = f"/admin/applications/application/{application.pk}/"
    file = application.attachments.get().pk
    return {name: start + rest.format(file=file) for name, rest in APPLICATION_VIEWS.items()}


@pytest.mark.parametrize("manages", [True, False])
@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_process_an_application(group, manages, signed_in, records):
    """Recruiters act on every application; hiring managers only read those of their departments."""
    visitor, application = signed_in(group), records[Application]
    if manages:
        application.role.department.managers.add(visitor.user)
    urls = application_urls(application)
    if group in ("Recruiters", None):
        action_status, document_status = 302, 200
    elif group == "Hiring managers":
        action_status, document_status = (403, 200) if manages else (404, 404)
    else:
        action_status, document_status = 403, 403
    assert visitor.post(urls["move"], {"stage": "offer"}).status_code == action_status
    assert visitor.post(urls["release"]).status_code == action_status
    assert visitor.post(urls["resend"]).status_code == action_status
    assert visitor.post(urls["undo_status"]).status_code == action_status
    assert visitor.post(urls["cancel_erasure"]).status_code == action_status
    for name in ("move", "release", "resend", "undo_status", "cancel_erasure"):
        assert visitor.get(urls[name]).status_code == 405
    page_status = 200 if action_status == 302 else action_status
    for name in ("tell", "erase"):
        assert visitor.get(urls[name]).status_code == page_status
    assert visitor.post(urls["tell"]).status_code == action_status
    wrong_reference_status = 422 if action_status == 302 else action_status
    assert visitor.post(urls["erase"]).status_code == wrong_reference_status
    document = visitor.get(urls["document"])
    assert document.status_code == document_status
    document.close()


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_erase_an_application(group, signed_in, records):
    """Recruiters erase with the reference number; hiring managers never, also not in their departments."""
    visitor, application = signed_in(group), records[Application]
    application.role.department.managers.add(visitor.user)
    is_allowed = group in ("Recruiters", None)
    form = {"reference": application.reference}
    response = visitor.post(application_urls(application)["erase"], form)
    assert response.status_code == (302 if is_allowed else 403)
    assert Application.objects.exists() is not is_allowed


@pytest.mark.parametrize("group", GROUPS)
def test_permission_to_tell_several_candidates(group, signed_in, records):
    """Recruiters tell candidates and undo it; hiring managers do not, not even for their own departments."""
    visitor, application = signed_in(group), records[Application]
    application.role.department.managers.add(visitor.user)
    batch = make.status_update(application, "interviews").batch
    batch_path = f"/admin/applications/application/status-updates/{batch}/"
    selected = "/admin/applications/application/tell/"
    is_allowed = group in ("Recruiters", None)
    assert visitor.get(batch_path).status_code == (200 if is_allowed else 403)
    assert visitor.post(batch_path).status_code == (302 if is_allowed else 403)
    assert visitor.post(selected).status_code == (302 if is_allowed else 403)
    assert visitor.get(selected).status_code == 405


def test_anonymous_requests_redirect_to_sign_in(client, records):
    """Every admin URL redirects to sign-in, and then back to the same URL."""
    for model in MODELS:
        for path in model_urls(records[model]).values():
            response = client.get(path)
            assert response.headers["Location"] == f"/admin/login/?next={path}"
    for model in POST_VIEWS:
        for path in post_urls(records[model]).values():
            response = client.post(path)
            assert response.headers["Location"] == f"/admin/login/?next={path}"
    confirm = f"/admin/roles/role/{records[Role].pk}/review/"
    publish = f"/admin/company/policy/{records[Policy].pk}/publish/"
    try_now = "/admin/outbox/email/try-now/"
    paths = [confirm, publish, try_now, *(move_url(records[model]) for model in ORDERED)]
    for path in [*paths, *application_urls(records[Application]).values()]:
        assert client.post(path).headers["Location"] == f"/admin/login/?next={path}"
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/jsi18n/").status_code in (200, 302)


# --- Account pages ---

# URL name → status for an anonymous request, and for a signed-in user
PAGE, REDIRECT, NOT_FOUND = 200, 302, 404
ACCOUNT = {
    "backoffice:account": (REDIRECT, PAGE),
    "backoffice:language": (405, 405),  # POST only
    "account_login": (PAGE, REDIRECT),
    "mfa_login_webauthn": (REDIRECT, REDIRECT),
    "mfa_authenticate": (REDIRECT, REDIRECT),
    "account_logout": (REDIRECT, PAGE),
    "account_reauthenticate": (REDIRECT, PAGE),
    "mfa_reauthenticate": (REDIRECT, REDIRECT),  # without an app, only the password is asked
    "mfa_reauthenticate_webauthn": (REDIRECT, REDIRECT),
    "account_change_password": (REDIRECT, PAGE),
    "account_set_password": (REDIRECT, REDIRECT),
    "account_reset_password": (PAGE, PAGE),
    "account_reset_password_done": (PAGE, PAGE),
    "account_reset_password_from_key": (PAGE, PAGE),
    "mfa_index": (REDIRECT, PAGE),
    "mfa_activate_totp": (REDIRECT, PAGE),
    "mfa_deactivate_totp": (REDIRECT, NOT_FOUND),
    "mfa_view_recovery_codes": (REDIRECT, NOT_FOUND),
    "mfa_generate_recovery_codes": (REDIRECT, PAGE),
    "mfa_download_recovery_codes": (REDIRECT, NOT_FOUND),
    "mfa_list_webauthn": (REDIRECT, PAGE),
    "mfa_add_webauthn": (REDIRECT, PAGE),
    "mfa_edit_webauthn": (REDIRECT, NOT_FOUND),
    "mfa_remove_webauthn": (REDIRECT, NOT_FOUND),
    "usersessions_list": (REDIRECT, PAGE),
    "account_unknown": (NOT_FOUND, NOT_FOUND),
}
ARGUMENTS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "abc-def"},
    "account_unknown": {"key": "signup/"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}


def test_permission_table_has_every_account_url():
    """Fails if an account page is missing in the table above, or no longer exists."""
    backoffice, *allauth = account_patterns
    names = {f"{backoffice.namespace}:{pattern.name}" for pattern in backoffice.url_patterns}
    assert names | {pattern.name for pattern in allauth} == ACCOUNT.keys()


@pytest.mark.parametrize("name", ACCOUNT)
def test_access_to_account_pages(name, client, db):
    """Each account page answers as the table says, before and after sign-in."""
    path = reverse(name, kwargs=ARGUMENTS.get(name))
    anonymous, signed_in = ACCOUNT[name]
    assert client.get(path).status_code == anonymous
    User.objects.create_user("aiko@example.com", PASSWORD)
    sign_in(client, "aiko@example.com")
    assert client.get(path).status_code == signed_in


def test_deactivated_account_has_no_access(signed_in):
    """Deactivation has effect on the next request."""
    visitor = signed_in("Recruiters")
    assert visitor.get("/admin/").status_code == 200
    User.objects.update(is_active=False)
    assert visitor.get("/admin/").status_code == 302


def test_sync_permissions_restores_groups(signed_in):
    """The command undoes manual changes of a group, and can be repeated."""
    visitor = signed_in("Viewers")
    group = visitor.user.groups.get()
    before = set(group.permissions.all())
    group.permissions.clear()
    call_command("sync_permissions")
    assert set(group.permissions.all()) == before
    call_command("sync_permissions")
    assert set(group.permissions.all()) == before


def test_only_a_superuser_can_grant_permissions(signed_in):
    """A recruiter cannot make their own account a superuser."""
    recruiter = signed_in("Recruiters")
    path = f"/admin/staff/user/{recruiter.user.pk}/change/"
    recruiter.post(path, {"email": recruiter.user.email, "is_superuser": "on"})
    recruiter.user.refresh_from_db()
    assert not recruiter.user.is_superuser
