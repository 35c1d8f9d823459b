"""What was corrected, what was learned from it, and which tags that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from accounts.models import Organization, Person
from accounts.queries import NotFound, organization_for
from voc.actions.layers import CORRECTIONS_AT_LEAST
from voc.models import Act, Layer, Listening, Tagging, Voice
from voc.queries.numbers import topics_by_id
from voc.queries.sentences import ShownVoice, shown

LAYERS_SHOWN = 30
CHANGES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class LayerRow:
    layer: Layer
    changed: int


@dataclass(frozen=True, slots=True)
class Learning:
    """`corrections` that stand; `lacking` until there is enough to learn from; `behind` are voices still to be looked at again."""

    layers: list[LayerRow]
    corrections: int
    lacking: int
    version: str
    voices: int
    behind: int

    @property
    def active(self) -> LayerRow | None:
        return next((row for row in self.layers if row.layer.status == Layer.Status.ACTIVE), None)


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that was tagged otherwise before. `was` and `now` in words."""

    one: ShownVoice
    was: str
    now: str


def learning_of(person: Person) -> Learning:
    """Six statements."""
    organization = organization_for(person)
    listening = Listening.objects.filter(organization=organization).first()
    layers = list(Layer.objects.filter(organization=organization).order_by("-number")[:LAYERS_SHOWN])
    changed = dict(
        Tagging.objects.filter(organization=organization, layer__in=layers, before__isnull=False)
        .values_list("layer")
        .annotate(times=Count("voice", distinct=True))
        .order_by()
    )
    corrections = Tagging.objects.filter(organization=organization, is_by_person=True, is_current=True).count()
    voices = Voice.objects.filter(organization=organization)
    return Learning(
        layers=[LayerRow(layer, changed.get(layer.pk, 0)) for layer in layers],
        corrections=corrections,
        lacking=max(0, CORRECTIONS_AT_LEAST - corrections),
        version=listening.version if listening else "",
        voices=voices.count(),
        behind=voices.filter(generation__lt=listening.generation).count() if listening else 0,
    )


def layer_for(person: Person, public_id: UUID) -> Layer:
    """Raises NotFound."""
    layer = Layer.objects.filter(organization=organization_for(person), public_id=public_id).first()
    if layer is None:
        raise NotFound
    return layer


def changes_of(person: Person, layer: Layer) -> list[Change]:
    """The newest sentences that the layer tagged otherwise than what stood before. Ten statements at most."""
    organization = organization_for(person)
    rows = (
        Tagging.objects.filter(organization=organization, layer=layer, before__isnull=False)
        .select_related("voice", "before")
        .order_by("-pk")[:CHANGES_SHOWN]
    )
    by_voice = {row.voice_id: row for row in reversed(list(rows))}
    names = _names(organization)
    return [
        Change(one, _in_words(row.before, names), _in_words(row, names))
        for one in shown(person, [row.voice for row in by_voice.values()])
        for row in [by_voice[one.voice.pk]]
        if row.before is not None
    ][::-1]


def _names(organization: Organization) -> dict[str, str]:
    return {topic.slug: topic.full_name for topic in topics_by_id(organization).values()}


def _in_words(row: Any, names: dict[str, str]) -> str:
    """“배송 ▼ · 불만”; the mood of the whole sentence where none of its topics has it."""
    signs = {-1: "▼", 0: "●", 1: "▲"}
    topics = [f"{names.get(one['topic'], one['topic'])} {signs[one['sentiment']]}" for one in row.topics]
    whole = [] if row.sentiment in {one["sentiment"] for one in row.topics} else [signs[row.sentiment]]
    return " · ".join([*whole, *topics, str(Act(row.act).label)])
