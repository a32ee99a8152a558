"""A recruiter moves a record up, down or to a position; nothing but the order changes."""

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


def in_order(model=Perk):
    return "".join(model.objects.values_list("title_en", flat=True))


def move(visitor, record, query="", **asked):
    start = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    response = visitor.post(f"{start}{record.pk}/move/{query}", asked)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{start}?{query[1:]}#position-{record.pk}"
    return visitor.page(f"{start}{query}")


def button(page, name):
    """The button with this accessible name."""
    return parse(page).one(f'button[aria-label="{name}"]')


def test_what_is_new_comes_last_among_its_like(perks):
    assert [perk.order for perk in perks] == [0, 1, 2, 3]
    perks[0].delete()
    assert make.perk().order == 4
    web, data = make.department(), make.department()
    assert [make.role(department=room).order for room in (web, data, web)] == [0, 0, 1]
    assert make.perk(order=1).order == 1  # an order that is given is kept


@pytest.mark.parametrize(
    ("which", "asked", "result", "said"),
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
def test_a_row_is_moved(recruiter, perks, which, asked, result, said):
    page = move(recruiter, perks[which], **asked)
    assert said in page
    assert in_order() == result


def test_positions_are_numbered_anew_without_gaps(recruiter, perks):
    Perk.objects.update(order=7)
    move(recruiter, perks[3], step="up")
    assert list(Perk.objects.values_list("title_en", "order")) == [
        ("A", 0),
        ("B", 1),
        ("D", 2),
        ("C", 3),
    ]


def test_moving_is_no_edit_but_the_pages_are_new(recruiter):
    with time_machine.travel("2026-01-05"):
        department = make.department()
        roles = [make.role(department=department) for _ in range(3)]
    before, updated = Generation.current(), [role.updated_at for role in roles]
    move(recruiter, roles[2], step="up")
    assert Generation.current() == before + 1
    assert [Role.objects.get(pk=role.pk).updated_at for role in roles] == updated
    assert not Revision.objects.exists()
    assert not TextState.objects.exists()
    move(recruiter, roles[0], position="1")  # where it is already: no page has changed
    assert Generation.current() == before + 1


def test_a_visitor_sees_the_new_order(recruiter, client, perks):
    move(recruiter, perks[3], position="1")
    texts = parse(client.page("/en/working-here/")).texts(".perks li")
    assert [text for text in texts if text in "ABCD"] == ["D", "A", "B", "C"]


def test_a_role_moves_within_its_department(recruiter):
    web = make.department(name_en="Web", order=1)
    data = make.department(name_en="Data", order=0)
    for title, department in (("A", web), ("B", web), ("C", data), ("D", data)):
        make.role(title_en=title, department=department)
    a = Role.objects.get(title_en="A")
    assert in_order(Role) == "CDAB"
    page = recruiter.page("/admin/roles/role/")
    assert "disabled" in button(page, "Move “A” up")
    assert "disabled" not in button(page, "Move “A” down")
    assert "disabled" in button(page, "Move “B” down")
    assert "“A” is now 1 of 2." in move(recruiter, a, step="up")
    assert "“A” is now 2 of 2." in move(recruiter, a, step="down")
    assert in_order(Role) == "CDBA"
    of_web = f"?department__id__exact={web.pk}"  # hides no neighbour
    assert "“A” is now 1 of 2." in move(recruiter, a, query=of_web, step="up")


@pytest.mark.parametrize("query", ["?o=1", "?q=A", "?applies_to__exact=everyone"])
def test_buttons_stand_in_the_whole_list_only(recruiter, perks, query):
    hint = "To change the order, show the whole list in its own order:"
    page = recruiter.page(LIST + query)
    assert hint in page
    assert 'name="step"' not in page
    page = recruiter.page(f"{LIST}?q=")
    assert hint not in page
    assert page.count('value="up"') == 4


def test_one_alone_has_nowhere_to_go(recruiter):
    make.perk()
    assert 'name="step"' not in recruiter.page(LIST)


def test_who_may_only_look_sees_no_button(signed_in, perks):
    page = signed_in("Viewers").page(LIST)
    assert 'name="step"' not in page
    page = signed_in("Viewers").page(f"{LIST}?o=1")
    assert "To change the order" not in page


def test_the_order_is_no_field_of_any_form(recruiter, perks):
    make.article()
    for record in (perks[0], Article.objects.get()):
        start = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
        assert 'name="order"' not in recruiter.page(f"{start}{record.pk}/change/")
        assert 'name="form-0-order"' not in recruiter.page(start)


def test_what_has_gone_is_said(recruiter, perks):
    perks[0].delete()
    response = recruiter.post(f"{LIST}{perks[1].pk + 100}/move/", {"step": "up"})
    assert response.status_code == 302
    assert "Perhaps it was deleted?" in recruiter.page("/admin/")


@pytest.mark.django_db(transaction=True)
def test_two_who_move_at_once_leave_every_position_once():
    perks = [make.perk() for _ in range(8)]
    start, faults = threading.Barrier(4), []

    def mover(mine):
        try:
            start.wait()
            for step in range(6):
                perks[mine].move_to((step * 3 + mine) % 8)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=mover, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(Perk.objects.values_list("order", flat=True)) == list(range(8))
