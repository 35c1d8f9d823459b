"""The organization's topics and the words by which they are known: begun, edited, merged. A slug stays what it was."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Organization
from cxhub.identifiers import uuid7
from tickets.models import Topic
from voc import policies, tagging
from voc.models import Listening, TopicWords, VoiceTopic

NAME_LENGTH = 100
LINES_AT_MOST = 200
LINE_LENGTH = 300
# What organizations called some of the tagger's topics before there was a tagger.
KNOWN_AS = {
    "quality": ("product",),
    "quality.defect": ("defect",),
    "quality.fit": ("size",),
    "returns": ("exchange", "return"),
    "order": ("payment",),
    "membership": ("points",),
    "other": ("etc",),
}


class TopicRefused(Exception):
    """The message says what to do instead."""


def begin_topics(organization: Organization, *, at: datetime) -> None:
    """Gives the organization the standard topics that it lacks. What it has under their names is taken for them.

    Where it had a list of its own for tickets, none of the new ones is offered there until somebody says so.
    """
    if TopicWords.objects.filter(organization=organization).exists():
        _adopt_others(organization)
        return
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        if TopicWords.objects.filter(organization=organization).exists():
            return
        _begin(organization)
        _adopt_others(organization)


def add_topic(organization: Organization, *, name: str, parent: Topic | None, by: Actor, at: datetime) -> Topic:
    """A topic of the organization's own. Raises NotAllowed, TopicRefused."""
    policies.require_may_edit_topics(by, organization)
    name = _checked_name(organization, name, parent)
    _check_parent(None, parent)
    with transaction.atomic():
        topic = Topic.objects.create(
            organization=organization,
            slug=_free_slug(organization, name),
            name=name,
            position=_next_position(organization),
            parent=parent,
            is_offered=False,
        )
        TopicWords.objects.create(organization=organization, topic=topic)
        _words_have_changed(organization)
        _record(topic, by=by, at=at, action="voc.topic.add", after={"name": name})
    return topic


def edit_topic(
    topic: Topic,
    *,
    name: str,
    parent: Topic | None,
    is_offered: bool,
    cues: str,
    examples: str,
    by: Actor,
    at: datetime,
) -> Topic:
    """Renames, moves, offers, and says by which words it is known. What was said of it stays its own.

    Examples are cut of numbers that identify somebody. Raises NotAllowed, TopicRefused.
    """
    policies.require_may_edit_topics(by, topic.organization)
    name = _checked_name(topic.organization, name, parent, but=topic)
    _check_parent(topic, parent)
    with transaction.atomic():
        words, _made = TopicWords.objects.select_for_update().get_or_create(
            organization=topic.organization, topic=topic
        )
        told = {"cues": _lines(cues), "examples": _lines(examples)}
        before = {"name": topic.name, "cues": words.cues, "examples": words.examples, "is_offered": topic.is_offered}
        changes_words = told != {"cues": words.cues, "examples": words.examples} or topic.parent_id != (
            parent.pk if parent else None
        )
        topic.name, topic.parent, topic.is_offered = name, parent, is_offered
        topic.save(update_fields=["name", "parent", "is_offered"])
        words.cues, words.examples = told["cues"], told["examples"]
        words.save(update_fields=["cues", "examples"])
        if changes_words:
            _words_have_changed(topic.organization)
        after = {"name": name, "is_offered": is_offered, **told}
        _record(topic, by=by, at=at, action="voc.topic.edit", before=before, after=after)
    return topic


def merge_topic(topic: Topic, into: Topic, *, by: Actor, at: datetime) -> None:
    """From here on all that was and will be said of `topic` counts for `into`. Its slug leads on; nothing is lost.

    Its parts become parts of `into`, or of what that is a part of. Raises NotAllowed, TopicRefused.
    """
    policies.require_may_edit_topics(by, topic.organization)
    if into.pk == topic.pk or into.merged_into_id is not None or into.parent_id == topic.pk:
        raise TopicRefused(_("Choose another topic to merge it into."))
    with transaction.atomic():
        rows = VoiceTopic.objects.filter(organization=topic.organization, topic=topic)
        both = VoiceTopic.objects.filter(topic=into, voice__in=rows.values("voice"))
        rows.filter(voice__in=both.values("voice")).delete()
        rows.update(topic=into)
        Topic.objects.filter(merged_into=topic).update(merged_into=into)
        heir = into if into.parent_id is None else into.parent
        Topic.objects.filter(parent=topic).update(parent=heir)
        topic.merged_into, topic.is_offered, topic.parent = into, False, None
        topic.save(update_fields=["merged_into", "is_offered", "parent"])
        # Voices of a moment ago may be on their way under the old name: they are looked at again.
        _words_have_changed(topic.organization)
        _record(topic, by=by, at=at, action="voc.topic.merge", after={"into": into.slug})


def _begin(organization: Organization) -> None:
    own = {topic.slug: topic for topic in Topic.objects.filter(organization=organization)}
    position = _next_position(organization)
    begun: dict[str, Topic] = {}
    for number, standard in enumerate(tagging.DEFAULT_TOPICS):
        known = next((own.pop(slug) for slug in (standard.key, *KNOWN_AS.get(standard.key, ())) if slug in own), None)
        begun[standard.key] = known or Topic(
            organization=organization,
            slug=standard.key,
            name=_standard_name(organization, standard),
            position=position + number,
            is_offered=not position and not standard.parent,
        )
    Topic.objects.bulk_create([topic for topic in begun.values() if topic.pk is None and "." not in topic.slug])
    for standard in tagging.DEFAULT_TOPICS:
        topic = begun[standard.key]
        if standard.parent and topic.parent_id is None and topic.pk != begun[standard.parent].pk:
            topic.parent = begun[standard.parent]
    Topic.objects.bulk_create([topic for topic in begun.values() if topic.pk is None])
    Topic.objects.bulk_update([topic for topic in begun.values() if topic.parent_id is not None], ["parent"])
    TopicWords.objects.bulk_create(
        [
            TopicWords(
                organization=organization,
                topic=begun[standard.key],
                standard=standard.key,
                cues="\n".join(standard.cues),
                examples="\n".join(standard.examples),
            )
            for standard in tagging.DEFAULT_TOPICS
        ]
    )


def _adopt_others(organization: Organization) -> None:
    """Tickets may have topics that the tagger has no word for: they are known by their names."""
    lacking = list(Topic.objects.filter(organization=organization, words=None))
    for topic in lacking:
        parts = [part for part in topic.name.replace("·", " ").replace("/", " ").split() if len(part) > 1]
        TopicWords.objects.get_or_create(topic=topic, defaults={"organization": organization, "cues": "\n".join(parts)})
    if lacking:
        _words_have_changed(organization)


def _standard_name(organization: Organization, standard: tagging.Topic) -> str:
    if organization.language == "ko":
        return standard.name
    return standard.key.partition(".")[2].replace("_", " ").capitalize() or standard.key.capitalize()


def _checked_name(organization: Organization, name: str, parent: Topic | None, *, but: Topic | None = None) -> str:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > NAME_LENGTH:
        raise TopicRefused(_("Give the topic a name of up to %(limit)d characters.") % {"limit": NAME_LENGTH})
    same = Topic.objects.filter(organization=organization, name=name, parent=parent, merged_into=None)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise TopicRefused(_("There is a topic of that name already."))
    return name


def _check_parent(topic: Topic | None, parent: Topic | None) -> None:
    if parent is None:
        return
    if parent.parent_id is not None or parent.merged_into_id is not None or (topic and topic.pk == parent.pk):
        raise TopicRefused(_("A topic can only be part of one of the first level."))
    if topic is not None and topic.children.exists():
        raise TopicRefused(_("This topic has parts of its own. Move those first."))


def _lines(text: str) -> str:
    lines = [" ".join(line.split())[:LINE_LENGTH] for line in unicodedata.normalize("NFC", text).splitlines()]
    kept = dict.fromkeys(tagging.scrub(line) for line in lines if line)
    return "\n".join(list(kept)[:LINES_AT_MOST])


def _free_slug(organization: Organization, name: str) -> str:
    slug = slugify(name, allow_unicode=True)[:80] or uuid7().hex[-8:]
    taken = Topic.objects.filter(organization=organization, slug=slug).exists()
    return f"{slug}-{uuid7().hex[-6:]}" if taken else slug


def _next_position(organization: Organization) -> int:
    last = Topic.objects.filter(organization=organization).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _words_have_changed(organization: Organization) -> None:
    Listening.objects.get_or_create(organization=organization)
    Listening.objects.filter(organization=organization).update(words=F("words") + 1)


def _record(topic: Topic, *, by: Actor, at: datetime, action: str, before: object = None, after: object = None) -> None:
    audit.record(topic.organization, by=by, action=action, obj=f"topic {topic.slug}", before=before, after=after, at=at)
