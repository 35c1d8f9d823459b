"""What corrections teach: a layer over the tagger, scored on corrections it has not seen before it is used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization
from voc import policies, tagging
from voc.models import Layer, Listening, Tagging, TopicWords, Voice
from voc.reading import key_of, tagger_topics

# Before so many there is nothing to learn from, nor anything to score by.
CORRECTIONS_AT_LEAST = 10
# What was corrected last says best how people here see it.
CORRECTIONS_READ = 5000
# So many say well enough what must not change; more would only take longer.
UNCORRECTED_READ = 3000
LEARNS_EVERY = timedelta(minutes=10)


def learn(organization: Organization, *, at: datetime) -> Layer | None:
    """Trains a layer where there are corrections that none has learned from; returns it, in use or refused.

    At most every ten minutes, and not before there are ten corrections. Training happens outside of any transaction.
    """
    listening = Listening.objects.filter(organization=organization).first()
    if listening is None or (listening.learned_at and at - listening.learned_at < LEARNS_EVERY):
        return None
    count = Tagging.objects.filter(organization=organization, is_by_person=True, is_current=True).count()
    if count < CORRECTIONS_AT_LEAST or not _is_news(organization, listening):
        return None
    corrections = corrections_of(organization)
    topics, _slugs = tagger_topics(organization)
    trained = tagging.train_layer(corrections, topics=topics, uncorrected=_uncorrected(organization))
    with transaction.atomic():
        listening = Listening.objects.select_for_update().get(pk=listening.pk)
        if listening.learned_at and at - listening.learned_at < LEARNS_EVERY:
            return None
        listening.learned_at, listening.learned_from = at, len(corrections)
        listening.save(update_fields=["learned_at", "learned_from"])
        return _keep(organization, trained, len(corrections), at=at)


def turn_back(layer: Layer, *, by: Actor, at: datetime) -> None:
    """The layer is used no longer; voices get the tags that they would have without it. Raises NotAllowed."""
    policies.require_may_edit_topics(by, layer.organization)
    with transaction.atomic():
        is_turned = Layer.objects.filter(pk=layer.pk, status=Layer.Status.ACTIVE).update(
            status=Layer.Status.TURNED_BACK, turned_back_at=at, turned_back_by=by if hasattr(by, "pk") else None
        )
        if is_turned:
            audit.record(layer.organization, by=by, action="voc.layer.turn_back", obj=f"layer {layer.number}", at=at)


def use_again(layer: Layer, *, by: Actor, at: datetime) -> None:
    """Takes a layer into use that was replaced or turned back. Raises NotAllowed."""
    policies.require_may_edit_topics(by, layer.organization)
    if layer.status not in (Layer.Status.REPLACED, Layer.Status.TURNED_BACK):
        return
    with transaction.atomic():
        Listening.objects.select_for_update().get(organization=layer.organization)
        _replace_active(layer.organization)
        Layer.objects.filter(pk=layer.pk).update(status=Layer.Status.ACTIVE, turned_back_at=None, turned_back_by=None)
        audit.record(layer.organization, by=by, action="voc.layer.use_again", obj=f"layer {layer.number}", at=at)


def corrections_of(organization: Organization) -> list[tagging.Correction]:
    """What people have said, as the tagger learns from it, oldest first. Two statements."""
    words = TopicWords.objects.filter(organization=organization).select_related("topic", "topic__parent__words")
    keys = {row.topic.slug: _learned_key(row) for row in words}
    rows = (
        Tagging.objects.filter(organization=organization, is_by_person=True, is_current=True)
        .select_related("voice")
        .order_by("-made_at", "-pk")[:CORRECTIONS_READ]
    )
    return [
        tagging.Correction(
            text=row.voice.text,
            sentiment=row.sentiment,
            topics={keys[one["topic"]]: one["sentiment"] for one in row.topics if one["topic"] in keys},
            act=row.act,
            register=tagging.register_of(row.voice.channel),
        )
        for row in sorted(rows, key=lambda row: (row.made_at, row.pk))
    ]


def _uncorrected(organization: Organization) -> list[tagging.Uncorrected]:
    """What people left as it was, the newest. One statement."""
    rows = Voice.objects.filter(organization=organization, is_corrected=False).order_by("-pk")
    return [
        tagging.Uncorrected(text, tagging.register_of(channel))
        for text, channel in rows.values_list("text", "channel")[:UNCORRECTED_READ]
    ]


def _learned_key(words: TopicWords) -> str:
    """A part teaches what it is a part of: the first level is what a layer knows."""
    if "." in words.standard:
        return words.standard.partition(".")[0]
    parent = words.topic.parent
    return key_of(parent.words) if parent is not None and hasattr(parent, "words") else key_of(words)


def _is_news(organization: Organization, listening: Listening) -> bool:
    if listening.learned_at is None:
        return True
    since = Tagging.objects.filter(organization=organization, is_by_person=True, made_at__gt=listening.learned_at)
    return since.exists()


def _keep(organization: Organization, trained: tagging.Layer, learned_from: int, *, at: datetime) -> Layer:
    if trained.better:
        _replace_active(organization)
    last = Layer.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
    return Layer.objects.create(
        organization=organization,
        number=last + 1,
        status=_status_of(trained),
        version=trained.version,
        tagger_version=tagging.VERSION,
        made_at=at,
        learned_from=learned_from,
        held_out=trained.held_out,
        score_before=trained.before,
        score_after=trained.after,
        uncorrected=trained.left,
        share_moved=trained.moved,
        data=trained.to_json(),
    )


def _status_of(trained: tagging.Layer) -> Layer.Status:
    if trained.better:
        return Layer.Status.ACTIVE
    return Layer.Status.TOO_WIDE if trained.too_wide else Layer.Status.REFUSED


def _replace_active(organization: Organization) -> None:
    Layer.objects.filter(organization=organization, status=Layer.Status.ACTIVE).update(status=Layer.Status.REPLACED)
