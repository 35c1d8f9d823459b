"""What a customer does with a link: answers, and thinks better of it. Each becomes an event.

The link is all she needs. Call these outside of any transaction: the intake owns its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from channels_app.hub.writing import envelope
from channels_app.intake import HUB, hub_sender, receive
from customers.models import Event
from kpi.actions.surveys_sending import place_of, sent_event, tell_sent
from kpi.models import Survey, SurveyPoint
from kpi.surveys.occasions import OPEN_DAYS, SCALES, Occasion

COMMENT_CHARACTERS = 1000
# Who changes her mind more often plays.
CHANGES_AT_MOST = 20


class CannotAnswer(Exception):
    """Nothing was written; `str()` is fit for the customer's page. `field` is what she has to mend, "" for nothing."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Given:
    """What she has answered so far."""

    score: int
    comment: str
    at: datetime
    changes: int

    @property
    def open_until(self) -> datetime:
        return self.at + timedelta(days=OPEN_DAYS)


def given_answer(survey: Survey) -> Given | None:
    """One statement."""
    ids = [survey.answer_id, *(survey.change_id(number) for number in range(1, CHANGES_AT_MOST + 1))]
    rows = Event.objects.filter(organization=survey.organization_id, source=HUB, event_id__in=ids)
    events = sorted(rows, key=lambda event: event.order)
    first = next((event for event in events if event.event_id == survey.answer_id), None)
    if first is None:
        return None
    return Given(events[-1].data["score"], events[-1].text, first.time, len(events) - 1)


def open_until(survey: Survey, given: Given | None) -> datetime:
    """Until when the link takes an answer, or a change of it."""
    return given.open_until if given else (survey.sent_at or survey.due_at) + timedelta(days=OPEN_DAYS)


def answer_survey(survey: Survey, *, score: int | None, comment: str, at: datetime) -> None:
    """Records the answer, or what she has changed it to. The same once more changes nothing. Raises CannotAnswer."""
    said = checked_comment(comment)
    _check_score(survey.kind, score)
    given = given_answer(survey)
    if at >= open_until(survey, given):
        raise CannotAnswer(_("This survey is over."))
    if given is not None:
        _change(survey, given, score=score, comment=said, at=at)
        return
    _see_to_sent(survey, at=at)
    told = {**place_of(survey), **_store(survey), "survey": survey.kind, "score": score}
    told |= {"comment": said} if said else {}
    _hand_in(survey, [envelope("survey.answered", told, at=at, key=survey.answer_id)], at=at)
    now_given = given_answer(survey)
    if now_given is not None and (now_given.score, now_given.comment) != (score, said):
        # Another tab was quicker: what is said last counts.
        _change(survey, now_given, score=score, comment=said, at=at)


def answer_at_point(
    point: SurveyPoint, *, nonce: UUID, score: int | None, comment: str, language: str, at: datetime
) -> Survey:
    """An answer of somebody who stands there: question and answer in one. The same page sent twice is one. Raises CannotAnswer."""
    said = checked_comment(comment)
    _check_score("csat", score)
    if not point.is_active:
        raise CannotAnswer(_("This survey is over."))
    with transaction.atomic():
        survey, is_new = Survey.objects.get_or_create(
            organization_id=point.organization_id,
            occasion=Occasion.COUNTER,
            cause=nonce.hex,
            defaults={
                "state": Survey.State.SENT,
                "point": point,
                "thread": f"counter:{nonce.hex}",
                "agent_email": point.person.email if point.person else "",
                "language": language,
                "planned_at": at,
                "due_at": at,
                "sent_at": at,
            },
        )
    if survey.point_id != point.pk:
        raise CannotAnswer(_("Please open the page again."))
    if not is_new and given_answer(survey) is not None:
        return survey
    sent = sent_event(survey, survey.sent_at or at)
    sent["data"] |= _store(survey)
    told = {**place_of(survey), **_store(survey), "survey": survey.kind, "score": score}
    told |= {"comment": said} if said else {}
    _hand_in(survey, [sent, envelope("survey.answered", told, at=at, key=survey.answer_id)], at=at)
    return survey


def checked_comment(comment: str) -> str:
    said = "\n".join(" ".join(line.split()) for line in comment.strip().splitlines())
    if len(said) > COMMENT_CHARACTERS:
        told = _("A comment may have %(limit)d characters.") % {"limit": COMMENT_CHARACTERS}
        raise CannotAnswer(told, field="comment")
    return said


def _check_score(kind: str, score: int | None) -> None:
    lowest, highest = SCALES[kind]
    if score is None or not lowest <= score <= highest:
        told = _("Choose a score from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
        raise CannotAnswer(told, field="score")


def _change(survey: Survey, given: Given, *, score: int | None, comment: str, at: datetime) -> None:
    if (given.score, given.comment) == (score, comment):
        return
    if given.changes >= CHANGES_AT_MOST:
        raise CannotAnswer(_("You have changed your answer many times. The last one stands."))
    told = {**place_of(survey), **_store(survey), "survey": survey.kind, "answer": survey.answer_id, "score": score}
    told |= {"comment": comment} if comment else {}
    key = survey.change_id(given.changes + 1)
    _hand_in(survey, [envelope("survey.changed", told, at=at, key=key)], at=at)


def _hand_in(survey: Survey, acts: list[dict[str, Any]], *, at: datetime) -> None:
    outcomes = receive(survey.organization, acts, sender=hub_sender(), at=at)
    if any(outcome.is_refused for outcome in outcomes):
        raise CannotAnswer(_("This answer cannot be taken."), field="comment")


def _see_to_sent(survey: Survey, *, at: datetime) -> None:
    """Who answers was asked: where no round has told so yet, or nobody knew whether it had gone, it is told now."""
    if survey.state == Survey.State.SENT:
        return
    done = survey.delivery.done_at if survey.delivery else None
    tell_sent(survey, sent_at=min(done or survey.due_at, at), at=at)


def _store(survey: Survey) -> dict[str, str]:
    return {"store": survey.point.store.slug} if survey.point else {}
