"""Prepared querysets answer as the querysets they were made of, whatever values they are asked with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person, Store
from cxhub.prepared import Answered, Prepared, Together, Told
from tests.cast import LONG_AGO, Cast, make_organization, make_other_organization

pytestmark = pytest.mark.django_db

PERSON = Prepared(lambda: Person.objects.select_related("organization").filter(email=Told("email")))
STORES = Prepared(
    lambda: (
        Store.objects.filter(organization_id=Told("organization_id"), public_id__any_of=Told("ids"))
        .order_by("-slug")
        .values_list("slug", "id", "public_id")
    )
)
SLUGS = Prepared(
    lambda: Store.objects.filter(organization_id=Told("organization_id"), slug__any_of=Told("slugs")).values_list(
        "slug", flat=True
    )
)
MADE_SINCE = Prepared(lambda: Person.objects.filter(created_at__gte=Told("since")).only("email"))


OF_ORGANIZATIONS = Prepared(
    lambda: Person.objects.filter(organization__any_of=Told("organizations")).values_list("pk", flat=True)
)


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def test_instances_come_with_what_was_joined(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries):
    for person in (cast.agent, cast.lead, cast.agent):
        with django_assert_num_queries(1):
            (found,) = PERSON(email=person.email)
            assert found.organization == cast.organization
        assert (found, found.name, found.role) == (person, person.name, person.role)
    assert PERSON(email="nobody@haneul.example") == []
    assert PERSON.first(email="nobody@haneul.example") is None
    found.name = "새 이름"
    found.save(update_fields=["name"])
    assert PERSON(email=cast.agent.email)[0].name == "새 이름"


def test_lists_of_any_length_are_asked_with_one_text(cast: Cast):
    other = make_other_organization()
    organization_id = cast.organization.pk
    own = [cast.gangnam, cast.haeundae]
    rows = [(store.slug, store.pk, store.public_id) for store in reversed(own)]
    assert STORES(organization_id=organization_id, ids=[store.public_id for store in own]) == rows
    assert STORES(organization_id=organization_id, ids=[own[0].public_id, other.haeundae.public_id]) == rows[1:]
    assert STORES(organization_id=organization_id, ids=[]) == []
    assert SLUGS(organization_id=organization_id, slugs={"gangnam", "없는 매장"}) == ["gangnam"]


def test_a_list_may_be_of_keys_that_point_elsewhere(cast: Cast):
    other = make_other_organization()
    own = set(Person.objects.filter(organization=cast.organization).values_list("pk", flat=True))
    assert set(OF_ORGANIZATIONS(organizations=[cast.organization.pk])) == own
    assert own < set(OF_ORGANIZATIONS(organizations={cast.organization.pk, other.organization.pk}))


def test_a_list_out_of_the_planners_sight_finds_the_same(cast: Cast):
    def unseen(name: str) -> Told:
        return Told(name, is_unseen=True)

    by_key = Prepared(lambda: Store.objects.filter(organization__any_of=unseen("keys")).values_list("pk", flat=True))
    by_id = Prepared(lambda: Store.objects.filter(public_id__any_of=unseen("ids")).values_list("pk", flat=True))
    by_slug = Prepared(lambda: Store.objects.filter(slug__any_of=unseen("slugs")).values_list("pk", flat=True))
    one = cast.gangnam
    assert set(by_key(keys=[cast.organization.pk])) == {cast.gangnam.pk, cast.haeundae.pk}
    assert by_id(ids=[one.public_id]) == by_slug(slugs=[one.slug, "없는 매장"]) == [one.pk]
    assert by_key(keys=[]) == by_id(ids=[]) == by_slug(slugs=[]) == []


def test_instants_compare_as_instants(cast: Cast):
    everybody = {person.pk for person in Person.objects.all()}
    assert {person.pk for person in MADE_SINCE(since=LONG_AGO)} == everybody
    assert MADE_SINCE(since=now() + timedelta(days=1)) == []


def test_a_value_that_was_not_told_is_a_mistake_of_ours(cast: Cast):
    with pytest.raises(KeyError, match="email"):
        PERSON()


def test_instances_are_those_the_queryset_gives(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries):
    """What was left out is fetched when it is asked for, what is joined may be missing, and both can be saved."""
    Person.objects.filter(pk=cast.lead.pk).update(organization=None, role="")
    rows = Person.objects.select_related("organization").order_by("pk")
    everybody = Prepared(lambda: rows.defer("name", "organization__created_at").filter(created_at__gte=Told("since")))
    told = everybody(since=LONG_AGO)
    assert len(told) == len(rows)
    for one, same in zip(told, rows, strict=True):
        assert one.get_deferred_fields() == {"name"}
        assert (one._state.adding, one._state.db) == (False, same._state.db)
        with django_assert_num_queries(0):
            assert one.organization == same.organization
            assert (one.created_at, one.role, one.public_id) == (same.created_at, same.role, same.public_id)
        with django_assert_num_queries(1):
            assert one.name == same.name
    told[0].name = "새 이름"
    told[0].save()
    told[0].refresh_from_db()
    assert told[0].name == "새 이름"


def test_several_questions_are_one_statement(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries):
    other = make_other_organization()
    own = Prepared(lambda: Store.objects.filter(organization_id=Told("organization_id")).values_list("slug", flat=True))
    first = Prepared(lambda: Store.objects.filter(slug=Told("slug")).order_by("pk").values_list("slug", flat=True))
    together, answered = Together(own, SLUGS), Answered(own=own, named=SLUGS, first=first)
    for organization, slugs, slug, found in (
        (cast.organization, ["gangnam"], "gangnam", {"own", "named", "first"}),
        (other.organization, [], "haeundae", {"own", "first"}),
        (None, ["gangnam"], "nowhere", set()),
    ):
        pk = organization.pk if organization else 0
        with django_assert_num_queries(1):
            stores = together(organization_id=pk, slugs=slugs)
        assert stores == {store.slug for store in Store.objects.filter(organization_id=pk)}
        with django_assert_num_queries(1):
            assert answered(organization_id=pk, slugs=slugs, slug=slug) == found


def test_words_that_never_change_stand_in_the_text(cast: Cast):
    """So that an index on a part of the table is used however often the statement is asked."""
    owners = Prepared(
        lambda: Person.objects.filter(organization_id=Told("organization_id"), role="owner").values_list(
            "email", flat=True
        )
    )
    assert owners(organization_id=cast.organization.pk) == [cast.owner.email]
    assert "'owner'" in owners.kept.statement
    assert [place.name for place in owners.kept.parameters] == ["organization_id"]


@pytest.mark.parametrize("name", ["O'Neill", "100%s", "50%", "back\\slash", "김 서연", ""])
def test_other_words_are_told_apart(cast: Cast, name: str):
    Person.objects.filter(pk=cast.agent.pk).update(name=name)
    named = Prepared(lambda: Person.objects.filter(pk=Told("pk"), name=name).values_list("pk", flat=True))
    assert named(pk=cast.agent.pk) == [cast.agent.pk]
    assert named(pk=cast.lead.pk) == []
