"""Makes and moves what is done about what customers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization, Person, Store
from tickets.models import Topic
from voc.models import AnsweredVoice, Improvement, Voice
from voc.policies import require_may_edit_improvements, require_may_move

State = Improvement.State
# A list that nobody reads to its end answers nothing.
VOICES_AT_MOST = 500


class CannotMove(Exception):
    """The state is another by now, or does not follow; `str()` is fit for the person's screen. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody says about it in the form."""

    title: str
    note: str
    topic: Topic | None
    store: Store | None
    owner: Person | None
    due_on: date | None
    effort: int
    impact: int
    term: str


def make_improvement(
    organization: Organization, content: Content, *, voices: Sequence[Voice] = (), by: Actor, at: datetime
) -> Improvement:
    """Proposes one, with the sentences it answers. Raises NotAllowed."""
    require_may_edit_improvements(by, organization.pk)
    improvement = Improvement(organization=organization, created_at=at, **_fields(content))
    with transaction.atomic():
        improvement.save(force_insert=True)
        _answer(improvement, voices)
        _record(improvement, "voc.improvement.make", by=by, at=at, after={"title": content.title})
    return improvement


def edit_improvement(improvement: Improvement, content: Content, *, by: Actor, at: datetime) -> None:
    """Raises NotAllowed."""
    require_may_edit_improvements(by, improvement.organization_id)
    fields = _fields(content)
    with transaction.atomic():
        before = Improvement.objects.select_for_update().get(pk=improvement.pk)
        old = {name: _plain(getattr(before, name)) for name in fields}
        new = {name: _plain(value) for name, value in fields.items()}
        changed = [name for name in fields if old[name] != new[name]]
        if not changed:
            return
        for name in changed:
            setattr(before, name, fields[name])
        before.save(update_fields=changed)
        _record(
            improvement,
            "voc.improvement.edit",
            by=by,
            at=at,
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
        )


def move_improvement(
    improvement: Improvement, state: str, *, done_on: date | None = None, by: Actor, at: datetime
) -> None:
    """Says how far it is. `done_on` is the first day on which customers met it; today without. Raises NotAllowed, CannotMove."""
    require_may_move(by, improvement)
    assert state in State.values, state
    today = at.astimezone(improvement.organization.zone).date()
    day = (done_on or today) if state == State.DONE else None
    if day is not None and day > today:
        raise CannotMove(_("That day is still to come. Say it is done when customers have met it."))
    with transaction.atomic():
        rows = Improvement.objects.filter(pk=improvement.pk, state=improvement.state)
        if not rows.update(state=state, done_on=day):
            raise CannotMove(_("Somebody has moved this meanwhile. Look at it again."))
        _record(
            improvement,
            "voc.improvement.move",
            by=by,
            at=at,
            before={"state": improvement.state},
            after={"state": state, "done_on": _plain(day)},
        )
    improvement.state, improvement.done_on = state, day


def answer_voices(improvement: Improvement, voices: Sequence[Voice], *, by: Actor, at: datetime) -> int:
    """Adds sentences that it answers; returns how many are new. Raises NotAllowed."""
    require_may_edit_improvements(by, improvement.organization_id)
    with transaction.atomic():
        added = _answer(improvement, voices)
        if added:
            _record(improvement, "voc.improvement.answer", by=by, at=at, after={"voices": added})
    return added


def leave_voice(improvement: Improvement, voice: Voice, *, by: Actor, at: datetime) -> None:
    """Takes a sentence away from those that it answers. Raises NotAllowed."""
    require_may_edit_improvements(by, improvement.organization_id)
    with transaction.atomic():
        rows = AnsweredVoice.objects.filter(
            organization=improvement.organization_id, improvement=improvement, voice=voice
        )
        if rows.delete()[0]:
            _record(improvement, "voc.improvement.leave", by=by, at=at, before={"voice": str(voice.public_id)})


def _answer(improvement: Improvement, voices: Sequence[Voice]) -> int:
    assert all(voice.organization_id == improvement.organization_id for voice in voices)
    rows = AnsweredVoice.objects.filter(organization=improvement.organization_id, improvement=improvement)
    known = set(rows.values_list("voice_id", flat=True))
    fresh = [voice for voice in voices if voice.pk not in known][: max(0, VOICES_AT_MOST - len(known))]
    AnsweredVoice.objects.bulk_create(
        [
            AnsweredVoice(organization_id=improvement.organization_id, improvement=improvement, voice=voice)
            for voice in fresh
        ],
        ignore_conflicts=True,
    )
    return len(fresh)


def _fields(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in content.__slots__}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value


def _record(improvement: Improvement, action: str, *, by: Actor, at: datetime, **told: Any) -> None:
    obj = f"improvement:{improvement.public_id}"
    audit.record(improvement.organization, by=by, at=at, action=action, obj=obj, **told)
