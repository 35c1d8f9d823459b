"""The shape of what the desk's people send: texts with the page's own id, topics, promises, and what a list should show."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet, TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Center
from customers.resolve_reasons import REASONS
from cxhub.identifiers import is_uuid
from tickets.models import Draft, Ticket
from tickets.models.availability import State
from tickets.models.broadcast import TEXT_LENGTH as BROADCAST_LENGTH
from tickets.models.saved_view import NAME_LENGTH
from tickets.queries.lists import CHANNELS, View
from tickets.queries.team import Order
from tickets.snoozing import Preset
from tickets.tag_keys import TAG_LENGTH

# The Events API takes more; nobody types it.
TEXT_LENGTH = 10_000
TOPIC_LENGTH = 100


class TextForm(forms.Form):
    """A reply. `key` is the page's own id of this utterance: sent twice, it is one.

    `to` is the ticket whose channel carries it, of several that were merged; `seen` is the number of the last message she had before her eyes, `quote` the event she answers to, `draft` the
    version of the draft that this was.
    """

    text = forms.CharField(
        max_length=TEXT_LENGTH,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("This text is too long: at most %(limit_value)d characters."),
        },
    )
    key = forms.UUIDField(required=False)
    to = forms.UUIDField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    quote = forms.UUIDField(required=False)
    draft = forms.UUIDField(required=False)

    def act_key(self) -> str:
        key: UUID | None = self.cleaned_data["key"]
        return str(key) if key else ""


class WhisperForm(TextForm):
    """A word to whoever has the ticket; `to` is whom the page said that it would reach."""

    to = forms.UUIDField(required=False)


class ReplyForm(TextForm):
    """With files, a text may be missing. Their fields are one for each, so that a browser without scripts sends none."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.attachments = [UUID(one) for one in data.getlist("attachment")[:50] if is_uuid(one)]
        self.fields["text"].required = not self.attachments


class MacroRunForm(forms.Form):
    """`key` is the page's own id of this use: sent twice, it is one. `seen` as for a reply."""

    key = forms.UUIDField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def act_key(self) -> str:
        key: UUID | None = self.cleaned_data["key"]
        return str(key) if key else ""


class NoteForm(TextForm):
    """An internal note; with `due` it is a promise, to be kept by the end of that day."""

    due = forms.DateField(required=False, error_messages={"invalid": _("Choose a day for the promise.")})
    kept = forms.CharField(required=False, max_length=199)

    def promise_due(self) -> datetime | None:
        day: date | None = self.cleaned_data["due"]
        if day is None:
            return None
        return datetime.combine(day, time(23, 59), tzinfo=timezone.get_current_timezone())


class DraftForm(forms.Form):
    """A text as far as it is typed: spaces and line breaks stay. `base` is the version that it takes the place of."""

    text = forms.CharField(required=False, strip=False, max_length=TEXT_LENGTH)
    mode = forms.ChoiceField(choices=Draft.Mode.choices)
    base = forms.UUIDField(required=False)
    key = forms.UUIDField(required=False)
    quote = forms.UUIDField(required=False)


class WrapUpForm(NoteForm):
    """What is left to do after a call: a note, if there is something to note, what it was about, and what comes next."""

    topic = forms.CharField(required=False, max_length=TOPIC_LENGTH)
    other_topic = forms.CharField(required=False, max_length=TOPIC_LENGTH)
    result = forms.ChoiceField(
        required=False,
        choices=[(one, one) for one in ("solved", "promised", "handed_on", "not_reached", "wrong_number")],
    )
    next = forms.ChoiceField(required=False, choices=[(step, step) for step in ("nothing", "stays_open", "call_back")])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].required = False

    def chosen_topic(self) -> str:
        """What was chosen from the longer list beats what was tapped: it was done on purpose."""
        listed: str = self.cleaned_data["other_topic"]
        tapped: str = self.cleaned_data["topic"]
        return listed or tapped


class CallBackOutcomeForm(forms.Form):
    """What came of calling back. `key` is the page's own id of the act: sent twice, it is one."""

    outcome = forms.ChoiceField(
        choices=[(outcome, outcome) for outcome in ("no_answer", "busy", "reached")],
        error_messages={"required": _("Say what came of the call."), "invalid_choice": _("Say what came of the call.")},
    )
    key = forms.UUIDField(required=False)


class CallBackClosingForm(forms.Form):
    """Why nobody need call back."""

    reason = forms.ChoiceField(
        choices=[(reason, reason) for reason in ("settled", "wrong_number", "no_contact", "duplicate", "other")],
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )
    text = forms.CharField(required=False, max_length=500)
    key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("reason") == "other" and not self.cleaned_data.get("text"):
            raise forms.ValidationError(_("Say in a few words why."))
        return self.cleaned_data


class TopicForm(forms.Form):
    topic = forms.CharField(required=False, max_length=TOPIC_LENGTH)
    other_topic = forms.CharField(required=False, max_length=TOPIC_LENGTH)

    def chosen(self) -> str:
        """What was typed beats what was tapped: it was done on purpose."""
        typed: str = self.cleaned_data["other_topic"]
        tapped: str = self.cleaned_data["topic"]
        return typed or tapped


class ResolveForm(TopicForm):
    """What it was about, and why nothing more is to be done."""

    reason = forms.ChoiceField(
        choices=list(REASONS.items()),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the reasons.")},
    )


class SnoozeForm(forms.Form):
    """A preset, or a day and time of one's own."""

    preset = forms.ChoiceField(choices=[(preset, preset) for preset in Preset], required=False)
    until = forms.DateTimeField(required=False, error_messages={"invalid": _("Choose a day and a time.")})

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["preset"] and not self.cleaned_data["until"]:
            raise forms.ValidationError(_("Choose until when."))
        return self.cleaned_data


class PriorityForm(forms.Form):
    priority = forms.ChoiceField(
        choices=Ticket.Priority.choices,
        error_messages={"required": _("Choose a priority."), "invalid_choice": _("Choose a priority.")},
    )


class TagsForm(forms.Form):
    """Names with commas between. On one ticket those it should have; on many those to put on and to take off."""

    tags = forms.CharField(required=False, max_length=2000)
    removed = forms.CharField(required=False, max_length=2000)

    def names(self, field: str = "tags") -> list[str]:
        return [name.strip() for name in self.cleaned_data[field].split(",") if name.strip()]

    def clean(self) -> dict[str, Any]:
        for name in (*self.names(), *self.names("removed")):
            if len(name) > TAG_LENGTH:
                raise forms.ValidationError(_("A tag has at most %(count)d characters."), params={"count": TAG_LENGTH})
        return self.cleaned_data


class TransferForm(forms.Form):
    """A colleague or a center, and a word to whoever goes on."""

    person = forms.CharField(required=False, max_length=50)
    center = forms.CharField(required=False, max_length=50)
    note = forms.CharField(
        required=False,
        max_length=TEXT_LENGTH,
        error_messages={"max_length": _("This text is too long: at most %(limit_value)d characters.")},
    )


class SavedViewForm(forms.Form):
    """A name for a list; with `center`, the slug of one, all who answer there see it."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        error_messages={
            "required": _("Give the view a name."),
            "max_length": _("This name is too long: at most %(limit_value)d characters."),
        },
    )
    center = forms.CharField(required=False, max_length=50)


class TagNameForm(forms.Form):
    key = forms.CharField(max_length=TAG_LENGTH)
    name = forms.CharField(
        max_length=TAG_LENGTH,
        error_messages={
            "required": _("Give the tag a name."),
            "max_length": _("This name is too long: at most %(limit_value)d characters."),
        },
    )


class ListForm(forms.Form):
    """What a list should show. Anything unreadable is as if it had not been said."""

    view = forms.ChoiceField(choices=[(view, view) for view in View], required=False)
    channel = forms.ChoiceField(choices=[(channel, channel) for channel in CHANNELS], required=False)
    center = forms.CharField(required=False, max_length=50)
    priority = forms.ChoiceField(choices=Ticket.Priority.choices, required=False)
    tag = forms.CharField(required=False, max_length=TAG_LENGTH)
    q = forms.CharField(required=False, max_length=200)


class MessageSearchForm(forms.Form):
    """What to look for in what was said. Anything unreadable is as if it had not been said."""

    q = forms.CharField(required=False, max_length=200)
    channel = forms.ChoiceField(choices=[(channel, channel) for channel in CHANNELS], required=False)
    center = forms.CharField(required=False, max_length=50)
    author = forms.ChoiceField(choices=[("customer", "customer"), ("agent", "agent")], required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


class BroadcastForm(forms.Form):
    """A word to the people of some centers. `key` is the form's own: sent twice, it is one."""

    class Until(TextChoices):
        HOUR = "hour", _("for an hour")
        TODAY = "today", _("until the end of today")
        TOMORROW = "tomorrow", _("until the end of tomorrow")
        WEEK = "week", _("for a week")

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What should they know?"),
        max_length=BROADCAST_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": BROADCAST_LENGTH}),
        error_messages={"required": _("Write something first.")},
    )
    centers = forms.ModelMultipleChoiceField(
        label=_("Whose people"),
        queryset=Center.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose whose people should read it.")},
    )
    ends = forms.ChoiceField(label=_("Shown"), choices=Until.choices, initial=Until.TODAY, widget=forms.RadioSelect)

    def __init__(self, *args: Any, centers: QuerySet[Center], **more: Any) -> None:
        super().__init__(*args, **more)
        field = cast("forms.ModelMultipleChoiceField[Center]", self.fields["centers"])
        field.queryset = centers
        if len(centers) == 1:
            field.initial = [centers[0].slug]

    def ends_at(self, at: datetime) -> datetime:
        """When it goes from the pages by itself."""
        days = {self.Until.TODAY: 1, self.Until.TOMORROW: 2}.get(self.cleaned_data["ends"])
        if days is None:
            return at + (timedelta(days=7) if self.cleaned_data["ends"] == self.Until.WEEK else timedelta(hours=1))
        day = timezone.localdate(at) + timedelta(days=days)
        return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


class BoardForm(forms.Form):
    """How the people of the live board are narrowed and sorted. What is not understood is as if it had not been said."""

    state = forms.ChoiceField(required=False, choices=State.choices)
    sort = forms.ChoiceField(required=False, choices=Order.choices)
