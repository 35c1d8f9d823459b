"""The forms of improvements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Store
from accounts.queries import stores_for
from tickets.models import Topic
from voc.forms.topics import TopicChoice
from voc.models import Improvement, Size, Term
from voc.queries.improvements import owners_for
from voc.queries.topics import standing

NOTE_LENGTH = 4_000


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
        self._offer("topic", standing(person), improvement)
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
