"""Who reaches which centers, stores and people."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts import policies, queries
from accounts.models import Center, Role
from accounts.policies import Permission
from tests import cast

pytestmark = pytest.mark.django_db


def test_each_role_reaches_its_own() -> None:
    family = cast.make_organization()
    cast.make_other_organization()
    everything = {family.seoul, family.busan}
    assert set(policies.centers_reached(family.owner)) == everything
    assert set(policies.centers_reached(family.lead)) == {family.seoul}
    assert set(policies.centers_reached(family.agent)) == {family.seoul}
    assert set(policies.centers_reached(family.store_staff)) == {family.seoul}
    assert set(policies.stores_reached(family.owner)) == {family.gangnam, family.haeundae}
    assert set(policies.stores_reached(family.agent)) == {family.gangnam}
    assert set(policies.stores_reached(family.store_staff)) == {family.gangnam}
    assert family.outsider not in policies.people_reached(family.agent)
    assert set(policies.people_reached(family.agent)) == set(family.people.values())


def test_head_office_reaches_every_center() -> None:
    family = cast.make_organization()
    head_office = cast.make_center(family.organization, "head", kind=Center.Kind.HEAD_OFFICE)
    member = cast.make_person(family.organization, "head", centers=[head_office])
    assert set(policies.centers_reached(member)) == {family.seoul, family.busan, head_office}
    assert set(policies.stores_reached(member)) == {family.gangnam, family.haeundae}


def test_an_inactive_person_reaches_nothing() -> None:
    family = cast.make_organization()
    family.owner.is_active = False
    assert not policies.centers_reached(family.owner).exists()
    assert not policies.stores_reached(family.owner).exists()
    assert not policies.people_reached(family.owner).exists()
    assert not policies.may(family.owner, Permission.USE_INBOX)


def test_the_operator_belongs_to_no_organization() -> None:
    operator = cast.make_operator()
    assert policies.is_operator(operator)
    assert not policies.centers_reached(operator).exists()
    with pytest.raises(queries.NotFound):
        queries.organization_for(operator)


def test_only_store_staff_see_masked_customers() -> None:
    family = cast.make_organization()
    masked = {role for role, person in family.people.items() if policies.masks_customers(person)}
    assert masked == {Role.STORE_STAFF.value}


def test_rows_of_others_are_not_found() -> None:
    family, others = cast.make_organization(), cast.make_other_organization()
    for fetch, row in (
        (queries.center_for, others.seoul),
        (queries.store_for, others.gangnam),
        (queries.person_for, others.agent),
    ):
        with pytest.raises(queries.NotFound):
            fetch(family.owner, row.public_id)


def test_another_organizations_owner_may_nothing_here() -> None:
    family, others = cast.make_organization(), cast.make_other_organization()
    with pytest.raises(policies.NotAllowed):
        policies.require(others.owner, Permission.MANAGE_PEOPLE, organization_id=family.organization.pk)


def test_lists_cost_a_fixed_number_of_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    family = cast.make_organization()
    for number in range(12):
        cast.make_person(family.organization, f"extra-{number}", centers=[family.seoul], stores=[family.gangnam])
    with django_assert_num_queries(3):
        for person in queries.people_for(family.owner):
            list(person.centers.all()), list(person.stores.all())
