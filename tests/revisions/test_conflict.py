"""Two people write into one record: the second save is stopped, both are shown, nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from careers.roles.models import Role, RoleCondition, RoleLocation
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of

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


def typed_meanwhile(visitor, colleague, record, *, mine, theirs):
    """`visitor` opens the form; `colleague` saves; then `visitor` saves: the answer."""
    opened = fields_of(visitor.get(path_of(record)))
    edit(colleague, path_of(record), changes=theirs)
    return visitor.post(path_of(record), opened | mine)


def test_the_second_save_is_stopped_and_says_who_and_what(hana, ken, role):
    mine, theirs = {"title_en": "Storm engineer"}, {"title_en": "Cloud engineer"}
    response = typed_meanwhile(ken, hana, role, mine=mine, theirs=theirs)
    assert response.status_code == 200
    role.refresh_from_db()
    assert role.title_en == "Cloud engineer"
    page = response.text
    assert "佐藤 花 saved this on" in page
    assert 'value="Storm engineer"' in page  # what Ken typed
    assert "Cloud engineer</q>" in page  # what Hana wrote
    assert "<del>Rain</del><ins>Cloud</ins>" in page


def test_saving_again_saves_what_is_seen(hana, ken, role):
    mine, theirs = {"title_en": "Storm engineer"}, {"title_en": "Cloud engineer"}
    stopped = typed_meanwhile(ken, hana, role, mine=mine, theirs=theirs)
    assert ken.post(path_of(role), fields_of(stopped)).status_code == 302
    role.refresh_from_db()
    assert role.title_en == "Storm engineer"


def test_what_nobody_touched_is_taken_from_the_colleague(hana, ken, role):
    theirs = {"summary_ja": "雨を読みます。", "workplace": "remote", "closes_on": "2031-03-31"}
    stopped = typed_meanwhile(ken, hana, role, mine={"title_en": "Storm engineer"}, theirs=theirs)
    assert "What you did not touch now shows theirs: " in stopped.text
    assert "Summary (Japanese)" in stopped.text
    assert ken.post(path_of(role), fields_of(stopped)).status_code == 302
    role.refresh_from_db()
    assert role.title_en == "Storm engineer"
    assert role.summary_ja == "雨を読みます。"
    assert role.workplace == "remote"
    assert role.closes_on.isoformat() == "2031-03-31"


def test_publication_is_no_exception(hana, ken, role):
    """A form that was opened before a colleague took the page away must not publish it again."""
    opened = fields_of(ken.get(path_of(role)))
    assert opened["publish_ja"]
    withdrawn = fields_of(hana.get(path_of(role)))
    del withdrawn["publish_ja"]
    assert hana.post(path_of(role), withdrawn).status_code == 302
    stopped = ken.post(path_of(role), opened | {"title_en": "Storm engineer"})
    assert stopped.status_code == 200
    assert ken.post(path_of(role), fields_of(stopped)).status_code == 302
    role.refresh_from_db()
    assert role.published_at_ja is None
    assert role.published_at_en is not None


def test_what_cannot_be_understood_is_not_lost_either(hana, ken, role):
    mine = {"pay_min": "six million", "title_en": "Storm engineer"}
    stopped = typed_meanwhile(ken, hana, role, mine=mine, theirs={"pay_min": "7000000"})
    assert 'value="six million"' in stopped.text
    assert "7000000</q>" in stopped.text


def test_rows_meet_too(hana, ken, role):
    """One row edited here, one deleted there, one added by each: all of it is in the form."""
    hours = RoleCondition.objects.create(
        role=role, kind="hours", text_en="9 to 6", text_ja="9～18時"
    )
    breaks = RoleCondition.objects.create(role=role, kind="breaks", text_en="60 minutes")
    opened = fields_of(ken.get(path_of(role)))
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
    mine = opened | {
        **new_row,
        "conditions-0-text_en": "10 to 7",
        "conditions-1-text_en": "45 minutes",
        "conditions-2-kind": "insurance",
        "conditions-2-text_en": "All of it",
    }
    stopped = ken.post(path_of(role), mine)
    assert stopped.status_code == 200
    assert "Someone else deleted this while you were editing" in stopped.text
    assert ken.post(path_of(role), fields_of(stopped)).status_code == 302
    rows = {row.kind: row for row in role.conditions.all()}
    assert rows["hours"].pk == hours.pk
    assert (rows["hours"].text_en, rows["hours"].text_ja) == ("10 to 7", "9:00～18:00")
    assert rows["breaks"].text_en == "45 minutes"
    assert rows["breaks"].pk != breaks.pk
    assert rows["days_off"].text_en == "Weekends"
    assert rows["insurance"].text_en == "All of it"
    assert len(rows) == 4


def test_a_row_that_a_colleague_deleted_and_nobody_touched_goes(hana, ken, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    mine = {"title_en": "Storm engineer"}
    theirs = {"conditions-0-DELETE": "on"}
    stopped = typed_meanwhile(ken, hana, role, mine=mine, theirs=theirs)
    assert ken.post(path_of(role), fields_of(stopped)).status_code == 302
    assert not role.conditions.exists()


def test_a_row_that_somebody_marked_to_be_deleted_stays_marked(hana, ken, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    mine = {"conditions-0-DELETE": "on"}
    stopped = typed_meanwhile(
        ken, hana, role, mine=mine, theirs={"conditions-0-text_en": "10 to 7"}
    )
    assert "you marked it for deletion" in stopped.text
    assert ken.post(path_of(role), fields_of(stopped) | mine).status_code == 302
    assert not role.conditions.exists()


def test_a_change_by_a_program_is_noticed_too(ken, role):
    opened = fields_of(ken.get(path_of(role)))
    Role.objects.filter(pk=role.pk).update(title_en="Cloud engineer")
    stopped = ken.post(path_of(role), opened | {"summary_en": "We read rain."})
    assert stopped.status_code == 200
    assert "Someone else saved this" in stopped.text
    assert "Cloud engineer</q>" in stopped.text
    role.refresh_from_db()
    assert role.title_en == "Cloud engineer"


def test_another_order_in_the_list_is_no_conflict(ken, role):
    opened = fields_of(ken.get(path_of(role)))
    Role.objects.filter(pk=role.pk).update(order=9)
    assert ken.post(path_of(role), opened | {"title_en": "Storm engineer"}).status_code == 302


def test_saving_what_is_there_already_is_no_conflict(hana, ken, role):
    """Both corrected the same mistake: the second one has nothing to decide in that field."""
    same = {"title_en": "Storm engineer"}
    stopped = typed_meanwhile(ken, hana, role, mine=same, theirs=same)
    assert "Someone else edited this field" not in stopped.text


def test_a_record_deleted_meanwhile_can_be_added_again(hana, ken, role):
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    opened = fields_of(ken.get(path_of(role)))
    hana.post(f"/admin/roles/role/{role.pk}/delete/", {"post": "yes"})
    stopped = ken.post(path_of(role), opened | {"title_en": "Storm engineer"})
    assert stopped.status_code == 200
    assert "deleted" in stopped.text
    assert 'value="Storm engineer"' in stopped.text
    assert 'action="/admin/roles/role/add/"' in stopped.text
    saved = ken.post("/admin/roles/role/add/", fields_of(stopped))
    assert saved.status_code == 302, saved.context["errors"]
    again = Role.objects.get()
    assert again.title_en == "Storm engineer"
    assert again.conditions.get().text_en == "9 to 6"
    assert RoleLocation.objects.get().role == again


def test_people_who_manage_a_department_are_not_overwritten(hana, ken):
    department = make.department()
    theirs = {"managers": [hana.user.pk]}
    stopped = typed_meanwhile(ken, hana, department, mine={"name_en": "Clouds"}, theirs=theirs)
    assert stopped.status_code == 200
    assert ken.post(path_of(department), fields_of(stopped)).status_code == 302
    assert list(department.managers.all()) == [hana.user]


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_moment_do_not_both_succeed(hana, ken, role):
    opened = [fields_of(person.get(path_of(role))) for person in (hana, ken)]
    together = threading.Barrier(2)

    def save(person, fields, title):
        together.wait()
        try:
            return person.post(path_of(role), fields | {"title_en": title}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        saving = map(pool.submit, [save, save], [hana, ken], opened, ["Storm", "Cloud"])
        assert sorted(answer.result() for answer in list(saving)) == [200, 302]
    role.refresh_from_db()
    assert role.title_en in ("Storm", "Cloud")


def test_a_viewer_is_refused_as_ever(signed_in, role):
    viewer = signed_in("Viewers")
    assert viewer.post(path_of(role), {"title_en": "x"}).status_code == 403


def test_a_chosen_file_has_to_be_chosen_again(hana, ken):
    """A browser does not give it twice; the page says so instead of losing it silently."""
    company = make.company()
    picture = ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.svg")
    stopped = typed_meanwhile(
        ken, hana, company, mine={"logo": picture}, theirs={"tagline_en": "Weather."}
    )
    assert "Please choose your files again." in stopped.text
    company.refresh_from_db()
    assert not company.logo
