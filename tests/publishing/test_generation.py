"""Every write of public content bumps the generation of the page cache; a rollback bumps nothing."""

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
def bumps():
    """A context manager that asserts that the generation was bumped: `with bumps(): …`"""

    class Bumps:
        def __enter__(self):
            self.before = Generation.current()

        def __exit__(self, *failure):
            if not any(failure):
                assert Generation.current() > self.before

    return Bumps


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
    lambda: make.role(locations=[make.location()]).role_locations.get(),
    lambda: SynonymGroup.objects.create(terms="rain\n雨"),
    make.form,
    make.question_set,
    lambda: make.form(make.role()).question_set_uses.create(question_set=make.question_set()),
    lambda: make.question(make.form(make.role())),
]


def content_models():
    models, queue = set(), [PublicContent]
    while queue:
        for model in queue.pop().__subclasses__():
            queue.append(model)
            if not model._meta.abstract:
                models.add(model)
    return models


def test_generation_tests_cover_every_content_model():
    assert {type(make_record()) for make_record in MAKERS} == content_models()


@pytest.mark.parametrize("make_record", MAKERS)
def test_generation_bumped_by_create_save_and_delete(make_record, bumps):
    with bumps():
        record = make_record()
    with bumps():
        record.save()
    with bumps():
        record.delete()


@pytest.mark.parametrize("make_record", MAKERS)
def test_generation_bumped_by_queryset_methods(make_record, bumps):
    record = make_record()
    rows = type(record).objects.filter(pk=record.pk)
    field = next(
        field
        for field in record._meta.concrete_fields
        if not field.primary_key and not field.unique
    )
    with bumps():
        rows.update(**{field.attname: getattr(record, field.attname)})
    with bumps():
        type(record).objects.bulk_update([record], [field.name])
    with bumps():
        rows.delete()
    record.pk = None
    if type(record).__name__ != "Company":
        with bumps():
            type(record).objects.bulk_create([record])


def test_generation_bumped_by_role_locations(bumps):
    role, tokyo, osaka = make.role(), make.location(), make.location(name_en="Osaka")
    with bumps():
        role.locations.add(tokyo)
    with bumps():
        role.locations.set([osaka])
    with bumps():
        role.locations.remove(osaka)
    role.locations.add(tokyo)
    with bumps():
        role.locations.clear()
    with bumps():
        tokyo.roles.add(role)


def test_generation_bumped_by_get_or_create_and_update_or_create(bumps):
    with bumps():
        Article.objects.get_or_create(title_en="New")
    with bumps():
        Article.objects.update_or_create(title_en="New", defaults={"title_en": "Newer"})


def test_generation_not_bumped_by_reading(client):
    role = make.role()
    before = Generation.current()
    client.page(role.get_absolute_url("en"))
    list(Role.objects.public())
    assert Generation.current() == before


@pytest.mark.django_db(transaction=True)
def test_generation_bumped_in_the_same_transaction():
    make.perk()
    before = Generation.current()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make.perk()
        assert Generation.current() > before
        1 / 0  # noqa: B018
    assert Generation.current() == before


def test_generation_bumped_by_admin_edit_and_delete(signed_in, bumps):
    perk = make.perk()
    recruiter = signed_in("Recruiters")
    with bumps():
        edit(recruiter, f"/admin/company/perk/{perk.pk}/change/", title_en="A better chair")
    perk.refresh_from_db()
    assert perk.title_en == "A better chair"
    bulk = {"action": "delete_selected", "_selected_action": [perk.pk], "post": "yes"}
    with bumps():
        recruiter.post("/admin/company/perk/", bulk)
    assert not type(perk).objects.exists()


def test_invalidate_pages_bumps_generation(capsys, bumps):
    with bumps():
        call_command("invalidate_pages")
    assert capsys.readouterr().out == f"Generation {Generation.current()}\n"
