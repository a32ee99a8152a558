"""Manual order: a recruiter moves a record up, down or to a position."""

import threading

import pytest
import time_machine
from django.db import connection

from careers.articles.models import Article
from careers.bilingual.models import TextState
from careers.company.models import Perk
from careers.page_cache.models import Generation
from careers.revisions.models import Revision
from careers.roles.models import Role
from tests import make
from tests.html import parse

pytestmark = pytest.mark.django_db

LIST = "/admin/company/perk/"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


@pytest.fixture
def perks():
    return [make.perk(title_en=title) for title in "ABCD"]


def titles(model=Perk):
    return "".join(model.objects.values_list("title_en", flat=True))


def move(visitor, record, query="", **data):
    changelist = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    response = visitor.post(f"{changelist}{record.pk}/move/{query}", data)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{changelist}?{query[1:]}#position-{record.pk}"
    return visitor.page(f"{changelist}{query}")


def button(page, name):
    """The button with this accessible name."""
    return parse(page).one(f'button[aria-label="{name}"]')


def test_order_of_new_record_is_last_among_siblings(perks):
    assert [perk.order for perk in perks] == [0, 1, 2, 3]
    perks[0].delete()
    assert make.perk().order == 4
    web, data = make.department(), make.department()
    assert [make.role(department=department).order for department in (web, data, web)] == [0, 0, 1]
    assert make.perk(order=1).order == 1  # an explicit order


@pytest.mark.parametrize(
    ("index", "data", "order", "message"),
    [
        (1, {"step": "up"}, "BACD", "“B” is now 1 of 4."),
        (1, {"step": "down"}, "ACBD", "“B” is now 3 of 4."),
        (0, {"step": "up"}, "ABCD", "“A” is now 1 of 4."),
        (3, {"step": "down"}, "ABCD", "“D” is now 4 of 4."),
        (0, {"position": "3"}, "BCAD", "“A” is now 3 of 4."),
        (3, {"position": "1"}, "DABC", "“D” is now 1 of 4."),
        (1, {"position": "99"}, "ACDB", "“B” is now 4 of 4."),
        (1, {"position": "0"}, "BACD", "“B” is now 1 of 4."),
        (1, {"position": "3", "step": "up"}, "BACD", "“B” is now 1 of 4."),
        (1, {"position": "soon"}, "ABCD", "Please give a position: 1 is the first."),
        (1, {}, "ABCD", "Please give a position: 1 is the first."),
    ],
)
def test_order_changed_by_step_or_position(recruiter, perks, index, data, order, message):
    page = move(recruiter, perks[index], **data)
    assert message in page
    assert titles() == order


def test_order_renumbered_without_gaps(recruiter, perks):
    Perk.objects.update(order=7)
    move(recruiter, perks[3], step="up")
    assert list(Perk.objects.values_list("title_en", "order")) == [
        ("A", 0),
        ("B", 1),
        ("D", 2),
        ("C", 3),
    ]


def test_order_change_is_no_edit_but_bumps_generation(recruiter):
    with time_machine.travel("2026-01-05"):
        department = make.department()
        roles = [make.role(department=department) for _ in range(3)]
    before, updated = Generation.current(), [role.updated_at for role in roles]
    move(recruiter, roles[2], step="up")
    assert Generation.current() == before + 1
    assert [Role.objects.get(pk=role.pk).updated_at for role in roles] == updated
    assert not Revision.objects.exists()
    assert not TextState.objects.exists()
    move(recruiter, roles[0], position="1")  # its current position: no page has changed
    assert Generation.current() == before + 1


def test_order_change_is_visible_on_public_page(recruiter, client, perks):
    move(recruiter, perks[3], position="1")
    texts = parse(client.page("/en/working-here/")).texts(".perks li")
    assert [text for text in texts if text in "ABCD"] == ["D", "A", "B", "C"]


def test_order_of_roles_is_per_department(recruiter):
    web = make.department(name_en="Web", order=1)
    data = make.department(name_en="Data", order=0)
    for title, department in (("A", web), ("B", web), ("C", data), ("D", data)):
        make.role(title_en=title, department=department)
    a = Role.objects.get(title_en="A")
    assert titles(Role) == "CDAB"
    page = recruiter.page("/admin/roles/role/")
    assert "disabled" in button(page, "Move “A” up")
    assert "disabled" not in button(page, "Move “A” down")
    assert "disabled" in button(page, "Move “B” down")
    assert "“A” is now 1 of 2." in move(recruiter, a, step="up")
    assert "“A” is now 2 of 2." in move(recruiter, a, step="down")
    assert titles(Role) == "CDBA"
    query = f"?department__id__exact={web.pk}"  # shows all siblings
    assert "“A” is now 1 of 2." in move(recruiter, a, query=query, step="up")


@pytest.mark.parametrize("query", ["?o=1", "?q=A", "?applies_to__exact=everyone"])
def test_order_buttons_only_in_unfiltered_list(recruiter, perks, query):
    hint = "To change the order, show the whole list in its own order:"
    page = recruiter.page(LIST + query)
    assert hint in page
    assert 'name="step"' not in page
    page = recruiter.page(f"{LIST}?q=")
    assert hint not in page
    assert page.count('value="up"') == 4


def test_order_buttons_missing_for_a_single_record(recruiter):
    make.perk()
    assert 'name="step"' not in recruiter.page(LIST)


def test_order_buttons_hidden_from_viewers(signed_in, perks):
    page = signed_in("Viewers").page(LIST)
    assert 'name="step"' not in page
    page = signed_in("Viewers").page(f"{LIST}?o=1")
    assert "To change the order" not in page


def test_order_is_not_a_form_field(recruiter, perks):
    make.article()
    for record in (perks[0], Article.objects.get()):
        changelist = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
        assert 'name="order"' not in recruiter.page(f"{changelist}{record.pk}/change/")
        assert 'name="form-0-order"' not in recruiter.page(changelist)


def test_order_change_of_deleted_record(recruiter, perks):
    perks[0].delete()
    response = recruiter.post(f"{LIST}{perks[1].pk + 100}/move/", {"step": "up"})
    assert response.status_code == 302
    assert "Perhaps it was deleted?" in recruiter.page("/admin/")


@pytest.mark.django_db(transaction=True)
def test_order_stays_consistent_under_concurrent_moves():
    perks = [make.perk() for _ in range(8)]
    barrier, errors = threading.Barrier(4), []

    def mover(index):
        try:
            barrier.wait()
            for step in range(6):
                perks[index].move_to((step * 3 + index) % 8)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=mover, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(Perk.objects.values_list("order", flat=True)) == list(range(8))
