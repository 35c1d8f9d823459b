"""What is drawn once for all pages says the same to everybody, and what is drawn once a page belongs to that page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Cast:
    return make_organization()


def test_nobody_sees_anothers_menu(house: Cast, client: Client):
    for person in (house.agent, house.owner, house.agent):
        client.force_login(person)
        html = client.get(reverse("accounts:profile")).content.decode()
        # In the rail and in the bar.
        assert html.count(f'<p class="truncate text-xs text-base-content/60">{person.email}</p>') == 2
        assert html.count('name="csrfmiddlewaretoken"') >= 4
        other = house.owner if person == house.agent else house.agent
        assert other.email not in html
        assert (reverse("tickets:team") in html) == (person == house.owner)


def test_words_are_of_the_readers_language(house: Cast, client: Client):
    client.force_login(house.agent)
    for language, customers, connection_lost in (
        ("ko", "고객", "연결 끊김"),
        ("en", "Customers", "Connection lost"),
        ("ko", "고객", "연결 끊김"),
    ):
        type(house.agent).objects.filter(pk=house.agent.pk).update(language=language)
        html = client.get(reverse("customers:index")).content.decode()
        assert f'leading-tight">{customers}</span>' in html
        assert connection_lost in html
        (current,) = [line for line in html.split("<a ") if 'aria-current="page"' in line][:1]
        assert reverse("customers:index") in current
