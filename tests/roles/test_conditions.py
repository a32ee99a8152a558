"""The checklist of conditions: what a posting has to state depends on employment type and country."""

import pytest

from careers.roles.enums import Condition, EmploymentType
from careers.roles.models import RemoteCountry, RoleCondition
from tests import make
from tests.bilingual.forms import path_of
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ABROAD = {"name_en": "Singapore", "name_ja": "シンガポール", "country": "SG", "smoking": ""}
CONDITIONAL = {"renewal", "discretionary", "fixed_overtime", "dispatch"}
COMPLETE = {
    "en": "The basic items are complete. This check helps to avoid omissions. It does not guarantee that"
    " the posting complies with the law.",
    "ja": "基本の明示項目はすべて入力されています。※記載漏れの防止を目的とした補助機能であり、"
    "法令への適合を保証するものではありません。",
}
ONLY_JAPAN = {
    "en": "Japanese law requires these items for work in Japan only.",
    "ja": "勤務地に日本が含まれないため、日本の法令による労働条件の明示は対象外です。",
}
NOT_EMPLOYED = {
    "en": "Japanese law requires these items for employment, not for contractors.",
    "ja": "業務委託は雇用契約ではないため、日本の法令による労働条件の明示は対象外です。",
}


def checklist(recruiter, role):
    """The text of the checklist in the form of the role."""
    page = parse(recruiter.page(path_of(role)))
    return page.one(".field-conditions_to_state .readonly").text


def missing(recruiter, role):
    """The missing conditions; the line about conditions that may apply is left out."""
    text = checklist(recruiter, role).partition("If it applies")[0]
    labels = {str(kind.label): kind for kind in Condition}
    return {labels[label.strip()].value for label in text.split(" · ") if label.strip() in labels}


def state(role, *kinds, **texts):
    for kind in kinds:
        RoleCondition.objects.create(
            role=role, kind=kind, **(texts or {"text_en": "Stated", "text_ja": "記載"})
        )


@pytest.fixture
def recruiter(signed_in):
    make.company()
    return signed_in("Recruiters")


@pytest.mark.parametrize(
    ("employment_type", "is_required"),
    [
        ("permanent", False),
        ("fixed_term", True),
        ("senior_contract", True),
        ("part_time", False),
        ("agency", False),
        ("intern", False),
    ],
)
def test_renewal_is_asked_for_contracts_that_end(recruiter, employment_type, is_required):
    role = make.role(employment_type=employment_type, locations=[make.location()])
    assert ("renewal" in missing(recruiter, role)) == is_required
    assert {"term", "probation", "hours", "insurance"} <= missing(recruiter, role)
    state(role, "renewal")
    assert "renewal" not in missing(recruiter, role)


@pytest.mark.parametrize("employment_type", ["part_time", "agency", "intern"])
@pytest.mark.parametrize(
    ("texts", "is_required"),
    [
        ({"text_ja": "期間の定めあり（1年）"}, True),
        ({"text_en": "Until March 31, 2028"}, True),
        ({"text_ja": "期間の定めなし"}, False),
        ({"text_ja": "期間の定めはありません。"}, False),
        ({"text_ja": "無期雇用"}, False),
        ({"text_en": "Indefinite"}, False),
        ({"text_en": "No fixed term", "text_ja": "期間の定めなし"}, False),
    ],
)
def test_renewal_follows_the_stated_term(recruiter, employment_type, texts, is_required):
    role = make.role(employment_type=employment_type, locations=[make.location()])
    state(role, "term", **texts)
    assert ("renewal" in missing(recruiter, role)) == is_required


@pytest.mark.parametrize("language", ["en", "ja"])
def test_contractor_needs_no_conditions(signed_in, language):
    make.company()
    role = make.role(employment_type="contractor", locations=[make.location()])
    assert checklist(signed_in("Recruiters", language), role) == NOT_EMPLOYED[language]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_role_abroad_needs_no_conditions_of_japan(signed_in, language):
    make.company()
    role = make.role(locations=[make.location(**ABROAD)])
    assert checklist(signed_in("Recruiters", language), role) == ONLY_JAPAN[language]


def in_japan_and_abroad():
    return make.role(locations=[make.location(**ABROAD), make.location()])


def remote_from_japan():
    role = make.role(workplace="remote")
    for country in ("SG", "JP"):
        RemoteCountry.objects.create(role=role, country=country)
    return role


def remote_with_office_in_japan():
    role = make.role(workplace="remote", locations=[make.location()])
    RemoteCountry.objects.create(role=role, country="SG")
    return role


def without_any_place():
    return make.role()


def remote_from_abroad():
    role = make.role(workplace="remote")
    RemoteCountry.objects.create(role=role, country="SG")
    return role


def hybrid_abroad_with_unused_remote_country():
    """Countries for remote work count for remote roles only, as on the page."""
    role = make.role(workplace="hybrid", locations=[make.location(**ABROAD)])
    RemoteCountry.objects.create(role=role, country="JP")
    return role


@pytest.mark.parametrize(
    ("make_role", "is_required"),
    [
        (in_japan_and_abroad, True),
        (remote_from_japan, True),
        (remote_with_office_in_japan, True),
        (without_any_place, True),
        (remote_from_abroad, False),
        (hybrid_abroad_with_unused_remote_country, False),
    ],
)
def test_conditions_depend_on_whether_work_in_japan_is_possible(recruiter, make_role, is_required):
    assert ("hours" in missing(recruiter, make_role())) == is_required


def test_smoking_measure_is_asked_for_locations_in_japan_only(recruiter):
    role = in_japan_and_abroad()
    assert "smoking" not in missing(recruiter, role)
    role.role_locations.create(location=make.location(smoking=""))
    assert "smoking" in missing(recruiter, role)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_checklist_of_complete_role_does_not_overclaim(signed_in, language):
    make.company()
    recruiter = signed_in("Recruiters", language)
    role = make.role(locations=[make.location()])
    state(role, *(kind for kind in Condition if kind not in CONDITIONAL))
    text = checklist(recruiter, role)
    assert text.startswith(COMPLETE[language])
    names = {
        "en": "If it applies, state it too: Discretionary working hours · Fixed overtime pay",
        "ja": "該当する場合は、次の項目も記載してください：裁量労働制 · 固定残業代",
    }
    assert text.endswith(names[language])
    state(role, "discretionary", "fixed_overtime")
    assert checklist(recruiter, role) == COMPLETE[language]


def test_checklist_of_new_role_lists_what_most_roles_need(recruiter):
    page = parse(recruiter.page("/admin/roles/role/add/"))
    text = page.one(".field-conditions_to_state .readonly").text
    for kind in ("term", "probation", "hours", "location"):
        assert str(Condition(kind).label) in text
    assert str(Condition.RENEWAL.label) not in text


def test_every_employment_type_has_a_checklist(recruiter):
    texts = {kind: checklist(recruiter, make.role(employment_type=kind)) for kind in EmploymentType}
    assert len(texts) == 7
    assert all(texts.values())
