"""Satisfaction, asked where the conversation ended: that it was asked, and what she answered, each one event.

Written with source `/hub`, which belongs to no center, and under ids made of the ticket's: whichever tab, however
often, and wherever the widget has been moved meanwhile, the unique constraint of events lets one through.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from channels_app import rate_limits
from channels_app.intake import HUB
from channels_app.models.widget import WidgetConversation
from channels_app.rate_limits import Bucket
from channels_app.widget import queries
from channels_app.widget.delivery import Told, deliver
from channels_app.widget.payloads import MAX_COMMENT_CHARACTERS, WidgetRefusal

SURVEY = "csat"


def note_asked(conversation: WidgetConversation, ticket_id: UUID, *, at: datetime) -> None:
    """The question stood before her eyes. Raises WidgetRefusal "survey_over" where there is nothing to ask."""
    _spend(conversation)
    agent = _asked_about(conversation, ticket_id)
    sent_id = queries.survey_sent_id(ticket_id)
    if not queries.is_stored(conversation, sent_id):
        deliver(conversation, [_sent(sent_id, agent)], source=HUB, at=at)


def answer(conversation: WidgetConversation, ticket_id: UUID, *, score: int, comment: str, at: datetime) -> None:
    """Records what she thinks of how it went; the first answer counts, and whoever answers again is told that one.

    Raises WidgetRefusal: "survey_over" (the conversation goes on, or it is too late), "too_long", "slow_down".
    """
    if queries.is_stored(conversation, queries.survey_answer_id(ticket_id)):
        return
    _spend(conversation)
    said = " ".join(comment.split())
    if len(said) > MAX_COMMENT_CHARACTERS:
        limit = MAX_COMMENT_CHARACTERS
        raise WidgetRefusal("too_long", _("A comment may have %(limit)d characters.") % {"limit": limit}, status=413)
    agent = _asked_about(conversation, ticket_id)
    sent_id = queries.survey_sent_id(ticket_id)
    events = [] if queries.is_stored(conversation, sent_id) else [_sent(sent_id, agent)]
    answered = {"survey": SURVEY, "score": score, **({"comment": said} if said else {})}
    events.append(Told("survey.answered", queries.survey_answer_id(ticket_id), answered))
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
