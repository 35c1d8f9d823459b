"""What somebody asks the board for, and the forms of improvements. The filters live in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Organization, Person, Store
from accounts.queries import centers_for, organization_for, stores_for
from tickets.models import Topic
from voc.models import Improvement, Mood, Size, Term
from voc.queries.improvements import owners_for
from voc.queries.slices import Slice, period

# Four weeks: each day of the week counts the same, and so they do in the period before.
USUAL_DAYS = 28
DAYS_AT_MOST = 366
NOTE_LENGTH = 4_000
CHANNELS = ("chat", "message", "call", "mail", "store", "survey", "review")


class AskedForm(forms.Form):
    """The filters. What is not understood is as if it had not been said, but for the days: those are answered."""

    def __init__(self, *told: Any, person: Person, **named: Any) -> None:
        super().__init__(*told, **named)
        self.person = person
        for name, rows in (("center", centers_for(person)), ("store", stores_for(person))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows.order_by("name", "pk")

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)
    channel = forms.ChoiceField(required=False, choices=[(name, name) for name in CHANNELS])
    center = forms.ModelChoiceField(Center.objects.none(), required=False, to_field_name="slug")
    store = forms.ModelChoiceField(Store.objects.none(), required=False, to_field_name="slug")
    product = forms.CharField(required=False, max_length=200)
    mood = forms.ChoiceField(required=False, choices=[(str(one), one.label) for one in Mood])
    word = forms.CharField(required=False, max_length=40)

    def add_prefix(self, field_name: str) -> str:
        """As they stand in the address."""
        return {"first": "from", "last": "to"}.get(field_name, field_name)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the board is to show. `problem` says which of the days were not taken, and what stands instead."""

    first: date
    last: date
    chosen: Slice
    word: str
    center: Center | None
    store: Store | None
    problem: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is said, as it stands in the address; without the days."""
        chosen = self.chosen
        said = {
            "channel": chosen.channel,
            "center": self.center.slug if self.center else "",
            "store": self.store.slug if self.store else "",
            "product": chosen.product,
            "mood": "" if chosen.sentiment is None else str(chosen.sentiment),
            "word": self.word,
        }
        return [(name, value) for name, value in said.items() if value]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.pairs)

    def query(self, **changes: str) -> str:
        """The address's query with some parts changed; "" drops a part."""
        said: Mapping[str, str] = {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            **dict(self.pairs),
            **changes,
        }
        return "?" + urlencode({name: value for name, value in said.items() if value})


def asked_of(data: Mapping[str, Any], person: Person, *, at: datetime, topic_ids: tuple[int, ...] = ()) -> Asked:
    """Reads the address. Two statements where it names a center and a store."""
    form = AskedForm(data, person=person)
    form.is_valid()
    said = form.cleaned_data
    organization = organization_for(person)
    first, last, problem = _days(form, organization, at)
    since, until = period(organization, first, last)
    center, store = said.get("center"), said.get("store")
    chosen = Slice(
        since,
        until,
        channel=said.get("channel") or "",
        center=center.pk if center else None,
        store=store.pk if store else None,
        product=said.get("product") or "",
        topic_ids=topic_ids,
        sentiment=int(said["mood"]) if said.get("mood") else None,
    )
    return Asked(first, last, chosen, said.get("word") or "", center, store, problem)


def _days(form: AskedForm, organization: Organization, at: datetime) -> tuple[date, date, str]:
    today = at.astimezone(organization.zone).date()
    said = form.cleaned_data
    last = said.get("last") or today
    first = said.get("first") or last - timedelta(days=USUAL_DAYS - 1)
    usual = today - timedelta(days=USUAL_DAYS - 1), today
    if "first" in form.errors or "last" in form.errors:
        return *usual, str(_("A day was not understood. Write it as 2026-11-26; the last 28 days are shown."))
    if first > last:
        return *usual, str(_("The first day comes after the last one. The last 28 days are shown."))
    if (last - first).days >= DAYS_AT_MOST:
        return (
            last - timedelta(days=DAYS_AT_MOST - 1),
            last,
            str(_("At most a year is shown: the one until the last day.")),
        )
    return first, last, ""


class TopicChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A part is offered with the topic that it is of."""

    def label_from_instance(self, topic: Topic) -> str:
        return f"{topic.parent.name} · {topic.name}" if topic.parent else topic.name


class ImprovementForm(forms.Form):
    """`improvement` is the one that is changed: what it has stays to be chosen, though it is out of reach by now."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("Such as: pack glass in two layers")}),
    )
    note = forms.CharField(
        label=_("What is to be done, and why"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    topic = TopicChoice(
        Topic.objects.none(),
        label=_("Topic"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None"),
        help_text=_("Before and after are measured by it."),
    )
    store = forms.ModelChoiceField(
        Store.objects.none(), label=_("Store"), required=False, to_field_name="public_id", empty_label=_("Everywhere")
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who does it"),
        required=False,
        to_field_name="public_id",
        empty_label=_("Nobody yet"),
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=Size.choices, coerce=int, initial=Size.MIDDLE, widget=forms.RadioSelect
    )
    effort = forms.TypedChoiceField(
        label=_("Effort"), choices=Size.choices, coerce=int, initial=Size.MIDDLE, widget=forms.RadioSelect
    )
    term = forms.ChoiceField(label=_("Term"), choices=Term.choices, initial=Term.SHORT, widget=forms.RadioSelect)

    def __init__(self, *told: Any, person: Person, improvement: Improvement | None = None, **named: Any) -> None:
        if improvement is not None:
            named["initial"] = {name: _said(getattr(improvement, name)) for name in self.base_fields}
        super().__init__(*told, **named)
        topics = Topic.objects.filter(organization=organization_for(person), merged_into=None).select_related("parent")
        self._offer("topic", topics.order_by(Coalesce("parent__position", "position"), "position", "slug"), improvement)
        self._offer("store", stores_for(person).order_by("name", "pk"), improvement)
        self._offer("owner", owners_for(person), improvement)

    def _offer(self, name: str, rows: QuerySet[Any], improvement: Improvement | None) -> None:
        held = getattr(improvement, name, None)
        if held is not None:
            rows = rows | rows.model.objects.filter(pk=held.pk)
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


def _said(value: Any) -> Any:
    return getattr(value, "public_id", value)


class MoveForm(forms.Form):
    state = forms.ChoiceField(choices=Improvement.State.choices)
    done_on = forms.DateField(required=False)
