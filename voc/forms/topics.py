"""The forms of the settings screen of topics."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Topic
from voc.actions.topics import NAME_LENGTH

TEXT_LENGTH = 20_000


class TopicChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A part is offered with the topic that it is of."""

    def label_from_instance(self, topic: Topic) -> str:
        return topic.full_name


class TopicForm(forms.Form):
    """`parents` are the topics of the first level that it may be a part of."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("Of the first level"),
        to_field_name="slug",
    )
    is_offered = forms.BooleanField(label=_("Offer it when a ticket is resolved"), required=False, initial=True)
    cues = forms.CharField(
        label=_("Cue words"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One in each line. Spaces do not matter; with _ in front, only where a word begins."),
    )
    examples = forms.CharField(
        label=_("Examples"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Sentences as customers say them, one in each line. Phone and card numbers are cut out."),
    )

    def __init__(self, *told: Any, parents: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    into = TopicChoice(
        label=_("Merge into"), queryset=Topic.objects.none(), to_field_name="slug", empty_label=_("Choose a topic")
    )

    def __init__(self, *told: Any, topics: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self.fields["into"].queryset = topics  # type: ignore[attr-defined]
