"""Whatever a recruiter writes, every kept page is old afterwards; what did not happen moves nothing."""

import pytest
from django.core.management import call_command
from django.db import transaction

from careers.articles.models import Article
from careers.content import PublicContent
from careers.page_cache.models import Generation
from careers.roles.models import RemoteCountry, Role, RoleCondition, RoleLanguage, SynonymGroup
from tests import make
from tests.bilingual.forms import edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def moves():
    """A context that must move the generation: `with moves(): …`"""

    class Moves:
        def __enter__(self):
            self.before = Generation.current()

        def __exit__(self, *failure):
            if not any(failure):
                assert Generation.current() > self.before

    return Moves


MAKERS = [
    make.company,
    make.department,
    make.location,
    make.role,
    make.article,
    make.perk,
    make.value,
    make.testimonial,
    make.step,
    make.video,
    lambda: make.policy(published=False),
    lambda: RemoteCountry.objects.create(role=make.role(), country="JP"),
    lambda: RoleLanguage.objects.create(role=make.role(), language="en", proficiency="B2"),
    lambda: RoleCondition.objects.create(role=make.role(), kind="pay", text_en="Example"),
    lambda: make.role(locations=[make.location()]).places.get(),
    lambda: SynonymGroup.objects.create(terms="rain\n雨"),
    make.form,
    make.question_set,
    lambda: make.form(make.role()).question_set_uses.create(question_set=make.question_set()),
    lambda: make.question(make.form(make.role())),
]


def shown_models():
    found, queue = set(), [PublicContent]
    while queue:
        for model in queue.pop().__subclasses__():
            queue.append(model)
            if not model._meta.abstract:
                found.add(model)
    return found


def test_every_shown_model_is_tried_below():
    assert {type(maker()) for maker in MAKERS} == shown_models()


@pytest.mark.parametrize("maker", MAKERS)
def test_creating_saving_and_deleting_move_it(maker, moves):
    with moves():
        thing = maker()
    with moves():
        thing.save()
    with moves():
        thing.delete()


@pytest.mark.parametrize("maker", MAKERS)
def test_querysets_move_it_too(maker, moves):
    thing = maker()
    rows = type(thing).objects.filter(pk=thing.pk)
    a_field = next(
        field for field in thing._meta.concrete_fields if not field.primary_key and not field.unique
    )
    with moves():
        rows.update(**{a_field.attname: getattr(thing, a_field.attname)})
    with moves():
        type(thing).objects.bulk_update([thing], [a_field.name])
    with moves():
        rows.delete()
    thing.pk = None
    if type(thing).__name__ != "Company":
        with moves():
            type(thing).objects.bulk_create([thing])


def test_the_places_of_a_role_move_it(moves):
    role, tokyo, osaka = make.role(), make.location(), make.location(name_en="Osaka")
    with moves():
        role.locations.add(tokyo)
    with moves():
        role.locations.set([osaka])
    with moves():
        role.locations.remove(osaka)
    role.locations.add(tokyo)
    with moves():
        role.locations.clear()
    with moves():
        tokyo.roles.add(role)


def test_get_or_create_and_update_or_create_move_it(moves):
    with moves():
        Article.objects.get_or_create(title_en="New")
    with moves():
        Article.objects.update_or_create(title_en="New", defaults={"title_en": "Newer"})


def test_reading_does_not_move_it(client):
    role = make.role()
    before = Generation.current()
    client.page(role.get_absolute_url("en"))
    list(Role.objects.public())
    assert Generation.current() == before


@pytest.mark.django_db(transaction=True)
def test_it_moves_in_the_same_transaction():
    make.perk()
    before = Generation.current()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make.perk()
        assert Generation.current() > before
        1 / 0  # noqa: B018
    assert Generation.current() == before


def test_a_recruiters_edit_moves_it(signed_in, moves):
    perk = make.perk()
    recruiter = signed_in("Recruiters")
    with moves():
        edit(recruiter, f"/admin/company/perk/{perk.pk}/change/", title_en="A better chair")
    perk.refresh_from_db()
    assert perk.title_en == "A better chair"
    bulk = {"action": "delete_selected", "_selected_action": [perk.pk], "post": "yes"}
    with moves():
        recruiter.post("/admin/company/perk/", bulk)
    assert not type(perk).objects.exists()


def test_turn_announces_what_django_did_not_see(capsys, moves):
    with moves():
        call_command("invalidate_pages")
    assert capsys.readouterr().out == f"Generation {Generation.current()}\n"
