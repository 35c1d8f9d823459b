"""The shape of what is typed on the screens for saved replies and macros. Apart from `forms`: those are a ticket's."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Person
from tickets.actions.tools import Audience
from tickets.forms import TEXT_LENGTH
from tickets.macros import Assign, Reply, Steps
from tickets.models import CannedReply, Macro, Ticket
from tickets.models.audience import EVERYONE, OWN, SHORTCUT_LENGTH, TITLE_LENGTH
from tickets.models.canned_reply import CANNED_LENGTH
from tickets.queries.tools import centers_shared_with, leads
from tickets.snoozing import Preset
from tickets.tag_keys import TAG_LENGTH

Choices = list[tuple[str, Any]]


class ToolForm(forms.Form):
    """A title, a shortcut without spaces, and whom it is for."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    shortcut = forms.CharField(
        label=_("Shortcut"),
        max_length=SHORTCUT_LENGTH,
        required=False,
        help_text=_("Typed after / in the composer. Found first when it fits exactly."),
    )
    audience = forms.ChoiceField(label=_("Who sees it"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.centers = {center.slug: center for center in centers_shared_with(person)}
        shared: Choices = [
            (EVERYONE, _("Everyone")),
            *((f"center:{slug}", one.name) for slug, one in self.centers.items()),
        ]
        own: Choices = [(OWN, _("Only me"))]
        self.fields["audience"].choices = [*shared, *own] if leads(person) else own  # type: ignore[attr-defined]

    def clean_shortcut(self) -> str:
        typed = unicodedata.normalize("NFC", self.cleaned_data["shortcut"]).strip().lstrip("/").casefold()
        if len(typed.split()) > 1:
            raise forms.ValidationError(_("A shortcut is one word, without spaces."))
        return typed

    def chosen_audience(self) -> Audience:
        said: str = self.cleaned_data["audience"]
        if said == OWN:
            return Audience(person=self.person)
        center: Center | None = self.centers.get(said.removeprefix("center:"))
        return Audience(center=center)


class CannedReplyForm(ToolForm):
    text = forms.CharField(label=_("Text"), max_length=CANNED_LENGTH, widget=forms.Textarea(attrs={"rows": 8}))
    field_order = ["title", "shortcut", "audience", "text"]


class MacroForm(ToolForm):
    """Everything but the title may be left out; the action refuses a macro that does nothing."""

    text = forms.CharField(
        label=_("Answer"), max_length=CANNED_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    reply = forms.ChoiceField(
        label=_("What happens to the answer"),
        choices=[(Reply.INSERT, _("Put it into the composer, to be sent by hand")), (Reply.SEND, _("Send it at once"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Internal note"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    tags = forms.CharField(
        label=_("Tags to add"), max_length=500, required=False, help_text=_("With commas between them.")
    )
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    assign = forms.ChoiceField(label=_("Who goes on"), required=False)
    snooze = forms.ChoiceField(label=_("Snooze"), required=False)
    resolves = forms.BooleanField(label=_("Resolve the ticket"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, *args: Any, people: Choices, all_centers: Choices, topics: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unchanged: Choices = [("", _("As it is"))]
        to_people: Choices = [(f"{Assign.PERSON}:{key}", name) for key, name in people]
        to_centers: Choices = [(f"{Assign.CENTER}:{slug}", name) for slug, name in all_centers]
        choices: dict[str, list[Any]] = {
            "priority": [*unchanged, *Ticket.Priority.choices],
            "assign": [
                *unchanged,
                (Assign.ME, _("Whoever uses the macro")),
                (Assign.QUEUE, _("Nobody: back to the queue")),
                (_("Colleague"), to_people),
                (_("Center"), to_centers),
            ],
            "snooze": [
                ("", _("No")),
                (Preset.HOUR, _("For one hour")),
                (Preset.TOMORROW, _("Until the next business day")),
                (Preset.MONDAY, _("Until next Monday")),
            ],
            "topic": [("", _("The ticket's own topic")), *topics],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_tags(self) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(name.strip() for name in self.cleaned_data["tags"].split(",") if name.strip()))
        if any(len(name) > TAG_LENGTH for name in names):
            raise forms.ValidationError(_("A tag has at most %(count)d characters."), params={"count": TAG_LENGTH})
        return names

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("resolves") and said.get("snooze"):
            self.add_error("snooze", _("What is resolved is not snoozed. Choose one of the two."))
        return said

    def steps(self) -> Steps:
        said = self.cleaned_data
        assign, _colon, whom = said["assign"].partition(":")
        return Steps(
            text=said["text"],
            reply=said["reply"],
            note=said["note"],
            tags=said["tags"],
            priority=said["priority"],
            assign=assign,
            person=whom if assign == Assign.PERSON else "",
            center=whom if assign == Assign.CENTER else "",
            snooze=said["snooze"],
            resolves=said["resolves"],
            topic=said["topic"] if said["resolves"] else "",
        )


def typed_tool(tool: CannedReply | Macro) -> dict[str, Any]:
    """Initial values of the fields that both have."""
    audience = OWN if tool.person_id else f"center:{tool.center.slug}" if tool.center else EVERYONE
    return {"title": tool.title, "shortcut": tool.shortcut, "audience": audience}


def typed_steps(steps: Steps) -> dict[str, Any]:
    whom = steps.person or steps.center
    return {
        "text": steps.text,
        "reply": steps.reply,
        "note": steps.note,
        "tags": ", ".join(steps.tags),
        "priority": steps.priority,
        "assign": f"{steps.assign}:{whom}" if whom else steps.assign,
        "snooze": steps.snooze,
        "resolves": steps.resolves,
        "topic": steps.topic,
    }
