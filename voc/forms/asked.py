"""What somebody asks the board for. The filters live in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Organization, Person, Store
from accounts.queries import centers_for, organization_for, stores_for
from voc.models import Mood
from voc.queries.slices import Slice, period

# Four weeks: each day of the week counts the same, and so they do in the period before.
USUAL_DAYS = 28
DAYS_AT_MOST = 366
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
