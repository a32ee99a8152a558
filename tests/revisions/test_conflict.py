"""Edit conflicts: the second save of a record is stopped, and the form shows both edits."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from careers.roles.models import Role, RoleCondition, RoleLocation
from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana(signed_in):
    return signed_in("Recruiters", last_name="佐藤", first_name="花")


@pytest.fixture
def ken(signed_in):
    return signed_in("Recruiters", first_name="Ken", last_name="Ito")


@pytest.fixture
def role():
    return make.role(
        title_en="Rain engineer",
        title_ja="雨のエンジニア",
        intro_en="<p>You read the rain.</p>",
        workplace="hybrid",
        locations=[make.location()],
    )


def save_after_colleague(visitor, colleague, record, *, mine, theirs):
    """The response when `visitor` opens the form, `colleague` saves, and then `visitor` saves."""
    base_fields = fields_of(visitor.get(path_of(record)))
    edit(colleague, path_of(record), changes=theirs)
    return visitor.post(path_of(record), base_fields | mine)


def test_conflict_stops_second_save_and_names_colleague_and_field(hana, ken, role):
    mine, theirs = {"title_en": "Storm engineer"}, {"title_en": "Cloud engineer"}
    response = save_after_colleague(ken, hana, role, mine=mine, theirs=theirs)
    assert response.status_code == 200
    role.refresh_from_db()
    assert role.title_en == "Cloud engineer"
    page = response.text
    assert "佐藤 花 saved this on" in page
    assert 'value="Storm engineer"' in page  # what Ken typed
    assert "Cloud engineer</q>" in page  # what Hana wrote
    assert "<del>Rain</del><ins>Cloud</ins>" in page


def test_conflict_resolved_by_saving_again(hana, ken, role):
    mine, theirs = {"title_en": "Storm engineer"}, {"title_en": "Cloud engineer"}
    conflict = save_after_colleague(ken, hana, role, mine=mine, theirs=theirs)
    assert ken.post(path_of(role), fields_of(conflict)).status_code == 302
    role.refresh_from_db()
    assert role.title_en == "Storm engineer"


def test_conflict_keeps_colleagues_edits_of_untouched_fields(hana, ken, role):
    theirs = {"summary_ja": "雨を読みます。", "workplace": "remote", "closes_on": "2031-03-31"}
    conflict = save_after_colleague(
        ken, hana, role, mine={"title_en": "Storm engineer"}, theirs=theirs
    )
    assert "What you did not touch now shows theirs: " in conflict.text
    assert "Summary (Japanese)" in conflict.text
    assert ken.post(path_of(role), fields_of(conflict)).status_code == 302
    role.refresh_from_db()
    assert role.title_en == "Storm engineer"
    assert role.summary_ja == "雨を読みます。"
    assert role.workplace == "remote"
    assert role.closes_on.isoformat() == "2031-03-31"


def test_conflict_keeps_colleagues_unpublishing(hana, ken, role):
    """A form opened before a colleague unpublished the record must not publish it again."""
    base_fields = fields_of(ken.get(path_of(role)))
    assert base_fields["publish_ja"]
    fields = fields_of(hana.get(path_of(role)))
    del fields["publish_ja"]
    assert hana.post(path_of(role), fields).status_code == 302
    conflict = ken.post(path_of(role), base_fields | {"title_en": "Storm engineer"})
    assert conflict.status_code == 200
    assert ken.post(path_of(role), fields_of(conflict)).status_code == 302
    role.refresh_from_db()
    assert role.published_at_ja is None
    assert role.published_at_en is not None


def test_conflict_keeps_invalid_input(hana, ken, role):
    mine = {"pay_min": "six million", "title_en": "Storm engineer"}
    conflict = save_after_colleague(ken, hana, role, mine=mine, theirs={"pay_min": "7000000"})
    assert 'value="six million"' in conflict.text
    assert "7000000</q>" in conflict.text


def test_conflict_merges_inline_rows(hana, ken, role):
    """One row edited by both, one deleted, one added by each: the form shows all of them."""
    hours = RoleCondition.objects.create(
        role=role, kind="hours", text_en="9 to 6", text_ja="9～18時"
    )
    breaks = RoleCondition.objects.create(role=role, kind="breaks", text_en="60 minutes")
    base_fields = fields_of(ken.get(path_of(role)))
    new_row = {
        "conditions-TOTAL_FORMS": "3",
        "conditions-2-role": role.pk,
    }
    edit(
        hana,
        path_of(role),
        changes={
            **new_row,
            "conditions-0-text_ja": "9:00～18:00",
            "conditions-1-DELETE": "on",
            "conditions-2-kind": "days_off",
            "conditions-2-text_en": "Weekends",
        },
    )
    mine = base_fields | {
        **new_row,
        "conditions-0-text_en": "10 to 7",
        "conditions-1-text_en": "45 minutes",
        "conditions-2-kind": "insurance",
        "conditions-2-text_en": "All of it",
    }
    conflict = ken.post(path_of(role), mine)
    assert conflict.status_code == 200
    assert "Someone else deleted this while you were editing" in conflict.text
    assert ken.post(path_of(role), fields_of(conflict)).status_code == 302
    rows = {row.kind: row for row in role.conditions.all()}
    assert rows["hours"].pk == hours.pk
    assert (rows["hours"].text_en, rows["hours"].text_ja) == ("10 to 7", "9:00～18:00")
    assert rows["breaks"].text_en == "45 minutes"
    assert rows["breaks"].pk != breaks.pk
    assert rows["days_off"].text_en == "Weekends"
    assert rows["insurance"].text_en == "All of it"
    assert len(rows) == 4


def test_conflict_drops_untouched_row_that_a_colleague_deleted(hana, ken, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    mine = {"title_en": "Storm engineer"}
    theirs = {"conditions-0-DELETE": "on"}
    conflict = save_after_colleague(ken, hana, role, mine=mine, theirs=theirs)
    assert ken.post(path_of(role), fields_of(conflict)).status_code == 302
    assert not role.conditions.exists()


def test_conflict_keeps_deletion_mark_of_a_row(hana, ken, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    mine = {"conditions-0-DELETE": "on"}
    conflict = save_after_colleague(
        ken, hana, role, mine=mine, theirs={"conditions-0-text_en": "10 to 7"}
    )
    assert "you marked it for deletion" in conflict.text
    assert ken.post(path_of(role), fields_of(conflict) | mine).status_code == 302
    assert not role.conditions.exists()


def test_conflict_with_change_made_outside_the_admin(ken, role):
    base_fields = fields_of(ken.get(path_of(role)))
    Role.objects.filter(pk=role.pk).update(title_en="Cloud engineer")
    conflict = ken.post(path_of(role), base_fields | {"summary_en": "We read rain."})
    assert conflict.status_code == 200
    assert "Someone else saved this" in conflict.text
    assert "Cloud engineer</q>" in conflict.text
    role.refresh_from_db()
    assert role.title_en == "Cloud engineer"


def test_conflict_not_caused_by_reordering(ken, role):
    base_fields = fields_of(ken.get(path_of(role)))
    Role.objects.filter(pk=role.pk).update(order=9)
    assert ken.post(path_of(role), base_fields | {"title_en": "Storm engineer"}).status_code == 302


def test_conflict_not_caused_by_identical_edits(hana, ken, role):
    """Both corrected the same mistake: there is nothing to decide in that field."""
    same = {"title_en": "Storm engineer"}
    conflict = save_after_colleague(ken, hana, role, mine=same, theirs=same)
    assert "Someone else edited this field" not in conflict.text


def test_conflict_with_deleted_record_offers_to_add_it_again(hana, ken, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9～18時")
    base_fields = fields_of(ken.get(path_of(role)))
    hana.post(f"/admin/roles/role/{role.pk}/delete/", {"post": "yes"})
    conflict = ken.post(path_of(role), base_fields | {"title_en": "Storm engineer"})
    assert conflict.status_code == 200
    assert "deleted" in conflict.text
    assert 'value="Storm engineer"' in conflict.text
    assert 'action="/admin/roles/role/add/"' in conflict.text
    saved = ken.post("/admin/roles/role/add/", fields_of(conflict))
    assert saved.status_code == 302, errors_of(saved)
    restored = Role.objects.get()
    assert restored.title_en == "Storm engineer"
    assert restored.conditions.get().text_en == "9 to 6"
    assert RoleLocation.objects.get().role == restored


def test_conflict_keeps_colleagues_many_to_many_edit(hana, ken):
    department = make.department()
    theirs = {"managers": [hana.user.pk]}
    conflict = save_after_colleague(
        ken, hana, department, mine={"name_en": "Clouds"}, theirs=theirs
    )
    assert conflict.status_code == 200
    assert ken.post(path_of(department), fields_of(conflict)).status_code == 302
    assert list(department.managers.all()) == [hana.user]


@pytest.mark.django_db(transaction=True)
def test_conflict_of_simultaneous_saves(hana, ken, role):
    base_fields = [fields_of(client.get(path_of(role))) for client in (hana, ken)]
    barrier = threading.Barrier(2)

    def save(client, fields, title):
        barrier.wait()
        try:
            return client.post(path_of(role), fields | {"title_en": title}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        futures = map(pool.submit, [save, save], [hana, ken], base_fields, ["Storm", "Cloud"])
        assert sorted(future.result() for future in list(futures)) == [200, 302]
    role.refresh_from_db()
    assert role.title_en in ("Storm", "Cloud")


def test_conflict_check_leaves_permission_check_in_place(signed_in, role):
    viewer = signed_in("Viewers")
    assert viewer.post(path_of(role), {"title_en": "x"}).status_code == 403


def test_conflict_asks_to_choose_files_again(hana, ken):
    """A browser does not send a file twice, so the page says that it has to be chosen again."""
    company = make.company()
    picture = ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.svg")
    conflict = save_after_colleague(
        ken, hana, company, mine={"logo": picture}, theirs={"tagline_en": "Weather."}
    )
    assert "Please choose your files again." in conflict.text
    company.refresh_from_db()
    assert not company.logo
