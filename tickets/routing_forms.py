"""What is typed on a center's routing screen: how tickets are given out, limits, and a line for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Person
from accounts.queries import agents_of_center
from tickets.actions.routing import Content, Special
from tickets.models import AgentRouting, CenterRouting, Topic
from tickets.models.routing import LONGEST_AWAY_MINUTES, LONGEST_WRAP_UP_SECONDS, MOST_CHATS


class RoutingForm(forms.Form):
    """Fields of the people are named `limit-<id>` and `topics-<id>`, by their public ids."""

    mode = forms.ChoiceField(
        label=_("Waiting tickets are given out"),
        choices=CenterRouting.Modes.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "By hand, people take what they want. Otherwise the oldest goes to somebody who is online: first to who has "
            "its topic, of these to who served the customer last. Calls are given out by the telephone system."
        ),
    )
    chat_limit = forms.IntegerField(
        label=_("Conversations at once for each person"),
        min_value=1,
        max_value=MOST_CHATS,
        help_text=_(
            "An answered one counts until the customer has been silent for an hour. Who takes more by hand may."
        ),
    )
    away_after_minutes = forms.IntegerField(
        label=_("Away after so many minutes without a key or the pointer"), min_value=1, max_value=LONGEST_AWAY_MINUTES
    )
    wrap_up_seconds = forms.IntegerField(
        label=_("Seconds to write up a call"),
        min_value=0,
        max_value=LONGEST_WRAP_UP_SECONDS,
        help_text=_("So long nothing is given to who has ended a call, unless she is done earlier. 0 is none."),
    )

    def __init__(self, data: Any = None, *, center: Center, routing: CenterRouting) -> None:
        fields = ("mode", "chat_limit", "away_after_minutes", "wrap_up_seconds")
        super().__init__(data, initial={name: getattr(routing, name) for name in fields})
        self.people = list(agents_of_center(center))
        topics = Topic.objects.filter(organization_id=center.organization_id, is_offered=True)
        self.choices = list(topics.order_by("position", "slug").values_list("slug", "name"))
        standing = {
            row.person_id: row for row in AgentRouting.objects.filter(person__in=self.people).prefetch_related("topics")
        }
        for person in self.people:
            self._add_person(person, standing.get(person.pk))

    def _add_person(self, person: Person, standing: AgentRouting | None) -> None:
        chosen = [topic.slug for topic in standing.topics.all()] if standing else []
        offered = {slug for slug, _name in self.choices}
        self.fields[f"limit-{person.public_id}"] = forms.IntegerField(
            label=_("Limit of her own"),
            required=False,
            min_value=1,
            max_value=MOST_CHATS,
            initial=standing.chat_limit if standing else None,
            widget=forms.NumberInput(attrs={"placeholder": self["chat_limit"].value() or ""}),
        )
        self.fields[f"topics-{person.public_id}"] = forms.MultipleChoiceField(
            label=_("Topics"),
            required=False,
            # One that is no longer offered stays hers until somebody takes it away.
            choices=[*self.choices, *((slug, slug) for slug in chosen if slug not in offered)],
            widget=forms.CheckboxSelectMultiple,
            initial=chosen,
        )

    def lines(self) -> Sequence[Line]:
        """The people with their fields, for the template."""
        return [
            Line(person, self[f"limit-{person.public_id}"], self[f"topics-{person.public_id}"])
            for person in self.people
        ]

    def content(self) -> Content:
        cleaned = self.cleaned_data
        return Content(
            mode=cleaned["mode"],
            chat_limit=cleaned["chat_limit"],
            away_after_minutes=cleaned["away_after_minutes"],
            wrap_up_seconds=cleaned["wrap_up_seconds"],
        )

    def specials(self) -> dict[int, Special]:
        cleaned = self.cleaned_data
        return {
            person.pk: Special(cleaned[f"limit-{person.public_id}"], tuple(cleaned[f"topics-{person.public_id}"]))
            for person in self.people
        }


@dataclass(frozen=True, slots=True)
class Line:
    person: Person
    limit: forms.BoundField
    topics: forms.BoundField
