"""What is written to a customer is in the language of the page on which she had the chat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app.deliveries.languages import language_of
from channels_app.models import WidgetVisitor
from customers.models import Customer
from customers.queries.history import member_ids
from kpi.actions.surveys_planning import plan_surveys
from kpi.models import Survey
from tests.cast import Cast, make_organization
from tests.channels_app.widget.visitors import Visitor, make_widget, signed
from tests.kpi.surveys.conftest import provider
from tests.kpi.surveys.shops import Provider, ask_after, buys, connect, happens

__all__ = ["provider"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_organization()


def chats(cast: Cast, language: str) -> Visitor:
    widget = make_widget(cast)
    visitor = Visitor(widget)
    token = signed(widget, phone="010-0123-4567")
    visitor.open(token=token, language=language)
    visitor.say("hello")
    return visitor


def hers(cast: Cast) -> str:
    customer = Customer.objects.roots().get(organization=cast.organization)
    return language_of(cast.organization, member_ids(customer))


@pytest.mark.parametrize(
    ("told", "language"), [("en", "en"), ("ko", "ko"), ("", "ko"), ("xx", "ko"), ("en-US'--", "ko")]
)
def test_the_pages_language_is_hers(cast: Cast, told: str, language: str):
    chats(cast, told)
    assert hers(cast) == language


def test_who_never_chatted_reads_the_shops(cast: Cast):
    buys(cast, at=timezone.now())
    assert hers(cast) == cast.organization.language


def test_the_last_one_counts_and_silence_changes_nothing(cast: Cast):
    visitor = chats(cast, "ko")
    token = signed(visitor.widget, phone="010-0123-4567")
    visitor.open(token=token, language="en")
    visitor.open(token=token)
    assert WidgetVisitor.objects.get().language == "en"
    assert hers(cast) == "en"


def test_a_survey_is_planned_in_it(cast: Cast, provider: Provider):
    at = timezone.now()
    connect(cast, provider, at=at)
    ask_after(cast, "purchase", at=at - timedelta(days=4))
    chats(cast, "en")
    buys(cast, at=at - timedelta(days=3, hours=1))
    happens(cast, "store.visit", at=at, source="/seoul/store", store="gangnam", customer={"phone": "010-0123-9999"})
    buys(cast, at=at - timedelta(days=3, hours=1), phone="010-0123-9999")
    plan_surveys(cast.organization, at=at)
    assert set(Survey.objects.values_list("language", "state")) == {("en", "planned"), ("ko", "planned")}
