"""Fields that decide who reads candidates' data: who may set each of them, in every form."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from careers.roles.models import Department, Role
from careers.staff.models import User
from careers.staff.permissions import ACCESS_FIELDS, GRANT_ACCESS
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

GROUPS = ["Viewers", "Hiring managers", "Editors", "Recruiters", None]  # None: a superuser
CAN_GRANT = {"Recruiters", None}
HELP = {
    "en": "Only recruiters can change this, because it affects who can see candidates’ data.",
    "ja": "応募者の情報を誰が閲覧できるかに関わる項目のため、採用担当者だけが変更できます。",
}


@pytest.fixture
def records():
    """A record of each model with such fields, and values that each field has not got yet."""
    person, department = User.objects.create_user("rin@example.com"), make.department()
    account = User.objects.create_user("kai@example.com", is_active=False)
    return {
        "roles.Department": (make.department(), {"managers": person.pk}),
        "roles.Role": (make.role(), {"department": department.pk, "recruiter": person.pk}),
        "company.Company": (make.company(), {"contact_email": "other@example.org"}),
        "staff.User": (
            account,
            {"is_active": "on", "is_superuser": "on", "groups": Group.objects.first().pk},
        ),
    }


def stored(record, name):
    """The value of a field in the database, as a form sends it."""
    record = type(record).objects.get(pk=record.pk)
    field = record._meta.get_field(name)
    if field.many_to_many:
        return [related.pk for related in getattr(record, name).all()]
    value = getattr(record, field.attname)
    return "on" if value is True else value


def can_set(group, field):
    return group is None if field.model == "staff.User" else group in CAN_GRANT


def test_access_fields_table(records):
    """The table names existing fields, and this file has a value for each of them."""
    assert len(ACCESS_FIELDS) == len(set(ACCESS_FIELDS)) == 7
    for field in ACCESS_FIELDS:
        model = apps.get_model(field.model)
        record, values = records[field.model]
        assert model._meta.get_field(field.name) and type(record) is model
        assert stored(record, field.name) not in (values[field.name], [values[field.name]])


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("field", ACCESS_FIELDS, ids=lambda field: f"{field.model}.{field.name}")
def test_access_field_set_by_post(field, group, signed_in, records):
    """The whole form as a superuser would send it: others save it without that field, or not at all."""
    record, values = records[field.model]
    path, before = path_of(record), stored(record, field.name)
    form = fields_of(signed_in(None).get(path)) | {field.name: values[field.name]}
    status = signed_in(group).post(path, form).status_code
    after = stored(record, field.name)
    if can_set(group, field):
        assert status == 302 and after in (values[field.name], [values[field.name]])
    else:
        can_edit = group in ("Editors", "Recruiters") and field.model != "staff.User"
        assert status == (302 if can_edit else 403) and after == before


@pytest.mark.parametrize("group", ["Editors", "Recruiters", None])
def test_access_field_of_new_record(group, signed_in, records):
    """A new role has no applications yet, so its department is free; its recruiter is not."""
    visitor, superuser = signed_in(group), signed_in(None)
    _department, values = records["roles.Department"]
    form = {"name_en": "Night shift", **values}
    assert visitor.post("/admin/roles/department/add/", form).status_code == 302
    night_shift = Department.objects.get(name_en="Night shift")
    assert night_shift.managers.exists() == (group in CAN_GRANT)

    _role, values = records["roles.Role"]
    form = fields_of(superuser.get("/admin/roles/role/add/"))
    form |= {"title_en": "Night watch", "reference_id": "NW-1", **values}
    assert visitor.post("/admin/roles/role/add/", form).status_code == 302
    role = Role.objects.get(reference_id="NW-1")
    assert role.department_id == values["department"]
    assert role.recruiter_id == (values["recruiter"] if group in CAN_GRANT else None)


@pytest.mark.parametrize("group", ["Editors", "Recruiters"])
def test_access_field_of_duplicate(group, signed_in, records):
    """The copy of a role has its recruiter only if the user may choose one."""
    role, values = records["roles.Role"]
    Role.objects.filter(pk=role.pk).update(recruiter=values["recruiter"])
    visitor, path = signed_in(group), f"/admin/roles/role/add/?from={role.pk}"
    edit(visitor, path, reference_id="COPY-1")
    copy = Role.objects.get(reference_id="COPY-1")
    assert copy.recruiter_id == (values["recruiter"] if group in CAN_GRANT else None)


@pytest.mark.parametrize("group", ["Editors", "Recruiters"])
def test_access_field_of_old_version(group, signed_in, records):
    """Restoring a version moves a role back to its earlier department only if a recruiter does it."""
    role, values = records["roles.Role"]
    superuser, path, before = signed_in(None), path_of(role), role.department_id
    edit(superuser, path, summary_en="The first summary.")
    version = role.revisions.order_by("pk").last()
    edit(superuser, path, department=values["department"], summary_en="The second summary.")
    assert stored(role, "department") == values["department"] != before
    edit(signed_in(group), f"{path}?version={version.pk}")
    assert Role.objects.get(pk=role.pk).summary_en == "The first summary."
    assert stored(role, "department") == (before if group in CAN_GRANT else values["department"])


def test_access_field_merged_with_colleague(signed_in, records):
    """An editor saves a text while a recruiter adds a manager: both are stored."""
    department, values = records["roles.Department"]
    editor, path = signed_in("Editors"), path_of(department)
    opened = fields_of(editor.get(path))
    edit(signed_in("Recruiters"), path, managers=values["managers"])
    response = editor.post(path, opened | {"name_en": "Weather", "managers": []})
    if response.status_code == 200:  # shows the merged form, which a second save stores
        response = editor.post(path, fields_of(response))
    assert response.status_code == 302
    assert Department.objects.get(pk=department.pk).name_en == "Weather"
    assert stored(department, "managers") == [values["managers"]]


def test_editor_who_is_a_hiring_manager_reads_no_further_candidates(signed_in):
    """Neither by managing another department, nor by moving its roles, nor by their emails."""
    visitor = signed_in("Editors")
    visitor.user.groups.add(Group.objects.get(name="Hiring managers"))
    own, other = make.department(), make.department()
    own.managers.add(visitor.user)
    role, company = make.role(department=other), make.company()
    application = make.application(role)
    page = f"/admin/applications/application/{application.pk}/change/"
    assert visitor.get(page).status_code == 404
    superuser = signed_in(None)
    for record, changes in (
        (other, {"managers": visitor.user.pk}),
        (role, {"department": own.pk, "recruiter": visitor.user.pk}),
        (company, {"contact_email": visitor.user.email}),
    ):
        form = fields_of(superuser.get(path_of(record))) | changes
        assert visitor.post(path_of(record), form).status_code == 302
    assert visitor.get(page).status_code == 404
    listed = visitor.page("/admin/applications/application/")
    assert application.display_reference not in listed


@pytest.mark.parametrize("language", ["en", "ja"])
def test_locked_access_field_says_why(language, signed_in, records):
    """The value is shown, with the reason; a recruiter has the control."""
    department, values = records["roles.Department"]
    department.managers.add(values["managers"])
    for group, is_locked in (("Editors", True), ("Recruiters", False)):
        page = parse(signed_in(group, language=language).page(path_of(department)))
        field = page.one(".field-managers")
        assert "rin@example.com" in field.text
        assert (HELP[language] in field.text) is is_locked
        assert bool(field.all("input")) is not is_locked


@pytest.mark.parametrize("group", GROUPS)
def test_access_permission_of_groups(group, signed_in):
    user = signed_in(group).user
    assert user.has_perm(GRANT_ACCESS) is (group in CAN_GRANT)
