"""Satisfaction, asked where the conversation ended: that it was asked, what she answered, and each change of it, each one event.

Written with source `/hub`, which belongs to no center, and under ids made of the ticket's: whichever tab, however
often, and wherever the widget has been moved meanwhile, the unique constraint of events lets one through.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from channels_app import rate_limits
from channels_app.intake import HUB
from channels_app.models.widget import WidgetConversation
from channels_app.rate_limits import Bucket
from channels_app.widget import queries, ratings
from channels_app.widget.delivery import Told, deliver
from channels_app.widget.payloads import MAX_COMMENT_CHARACTERS, WidgetRefusal
from channels_app.widget.ratings import Rating

SURVEY = "csat"


def note_asked(conversation: WidgetConversation, ticket_id: UUID, *, at: datetime) -> None:
    """The question stood before her eyes. Raises WidgetRefusal "survey_over" where there is nothing to ask."""
    _spend(conversation)
    agent = _asked_about(conversation, ticket_id)
    sent_id = queries.survey_sent_id(ticket_id)
    if not queries.is_stored(conversation, sent_id):
        deliver(conversation, [_sent(sent_id, agent)], source=HUB, at=at)


def answer(conversation: WidgetConversation, ticket_id: UUID, *, score: int, comment: str, at: datetime) -> None:
    """Records what she thinks of how it went, or what she has changed it to; the same once more changes nothing.

    Raises WidgetRefusal: "survey_over" (the conversation goes on, or it is too late), "too_long", "slow_down".
    """
    said = " ".join(comment.split())
    given = ratings.rating_of(conversation, ticket_id)
    if given is not None and (given.score, given.comment) == (score, said):
        return
    _spend(conversation)
    if len(said) > MAX_COMMENT_CHARACTERS:
        limit = MAX_COMMENT_CHARACTERS
        raise WidgetRefusal("too_long", _("A comment may have %(limit)d characters.") % {"limit": limit}, status=413)
    if given is not None:
        _change(conversation, ticket_id, given, score=score, comment=said, at=at)
        return
    agent = _asked_about(conversation, ticket_id)
    sent_id = queries.survey_sent_id(ticket_id)
    events = [] if queries.is_stored(conversation, sent_id) else [_sent(sent_id, agent)]
    events.append(Told("survey.answered", ratings.answer_id(ticket_id), _told(score, said)))
    _hand_in(conversation, events, at=at)
    now_given = ratings.rating_of(conversation, ticket_id)
    if now_given is not None and (now_given.score, now_given.comment) != (score, said):
        # Another tab was quicker: what is said last counts.
        _change(conversation, ticket_id, now_given, score=score, comment=said, at=at)


def _change(
    conversation: WidgetConversation, ticket_id: UUID, given: Rating, *, score: int, comment: str, at: datetime
) -> None:
    if not given.is_changeable(at):
        raise WidgetRefusal("survey_over", _("This conversation cannot be rated now."), status=409)
    told = {**_told(score, comment), "answer": ratings.answer_id(ticket_id)}
    change = Told("survey.changed", ratings.change_id(ticket_id, given.changes + 1), told)
    _hand_in(conversation, [change], at=at)


def _told(score: int, comment: str) -> dict[str, Any]:
    return {"survey": SURVEY, "score": score, **({"comment": comment} if comment else {})}


def _hand_in(conversation: WidgetConversation, events: list[Told], *, at: datetime) -> None:
    if any(outcome.is_refused for outcome in deliver(conversation, events, source=HUB, at=at)):
        raise WidgetRefusal("refused", _("This answer cannot be taken."))


def _asked_about(conversation: WidgetConversation, ticket_id: UUID) -> str:
    """Returns the mail address of whoever answers for it, "" where nobody does. Raises WidgetRefusal."""
    asked = queries.asked_about(conversation)
    if asked is None or asked[0] != ticket_id:
        raise WidgetRefusal("survey_over", _("This conversation cannot be rated now."), status=409)
    return asked[1]


def _sent(event_id: str, agent: str) -> Told:
    return Told("survey.sent", event_id, {"survey": SURVEY, **({"agent": agent} if agent else {})})


def _spend(conversation: WidgetConversation) -> None:
    if wait := rate_limits.take_from_each((Bucket(f"widget:survey:{conversation.visitor.pk}", 20, 60.0),)):
        detail = _("Too much at once. Please wait a moment.")
        raise WidgetRefusal("slow_down", detail, status=429, retry_after=wait)
