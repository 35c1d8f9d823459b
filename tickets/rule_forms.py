"""A rule as somebody puts it together: plain rows, one word each with what it takes, drawn anew when a word is chosen.

Rows are named `condition-<n>-word` and `condition-<n>-values`, acts alike; their numbers say their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Center
from tickets.actions.rules import Draft
from tickets.models import Rule
from tickets.models.rule import RULE_NAME_LENGTH
from tickets.queries.rule_choices import Choices
from tickets.rules.checking import LARGEST_NUMBER, MOST_PARTS, MOST_WORDS, TEXT_LENGTH, WORD_LENGTH
from tickets.rules.content import Content, Part
from tickets.rules.vocabulary import ACTS, LONGEST_MINUTES, TESTS, TIMED, TRIGGERS, Value, Word

KINDS: Mapping[str, Mapping[str, Word]] = {"condition": TESTS, "act": ACTS}
# A number of three figures: nobody adds a thousand rows.
_ROW = re.compile(r"(condition|act)-(\d{1,3})-word")


# By which time a timed rule counts its minutes.
BUSINESS, AROUND_THE_CLOCK = "business", "clock"

# What the form's buttons ask for besides: `add-<kind>`, `drop-<kind>-<n>`, and `redraw-<kind>-<n>` where another word was
# chosen, whose values are others.
SAVE = "save"


def redrawn(data: QueryDict, do: str) -> QueryDict:
    """What was typed, with what a button has changed of it."""
    act, _dash, what = do.partition("-")
    changed = data.copy()
    if act == "add" and what in KINDS:
        numbers = [int(match[2]) for match in map(_ROW.fullmatch, data) if match and match[1] == what]
        changed[f"{what}-{max(numbers, default=-1) + 1}-word"] = ""
    elif act in ("drop", "redraw"):
        changed.pop(f"{what}-values", None)
        if act == "drop":
            changed.pop(f"{what}-word", None)
    return changed


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form, for the template; `name` is what its buttons call it. `is_new`: just added."""

    name: str
    word: forms.BoundField
    values: forms.BoundField | None
    is_new: bool


class CommaField(forms.CharField):
    """Words parted by commas."""

    def clean(self, value: Any) -> list[str]:
        words = [word.strip() for word in re.split(r"[,\n]", super().clean(value))]
        words = list(dict.fromkeys(word for word in words if word))
        if self.required and not words:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(words) > MOST_WORDS or any(len(word) > WORD_LENGTH for word in words):
            told = _("At most %(count)d words of %(length)d characters each.")
            raise forms.ValidationError(told, params={"count": MOST_WORDS, "length": WORD_LENGTH})
        return words


class RuleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=RULE_NAME_LENGTH)
    center = forms.ChoiceField(label=_("For tickets of"), required=False)
    trigger = forms.ChoiceField(label=_("When"), choices=[(name, word.label) for name, word in TRIGGERS.items()])
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_MINUTES)
    counted = forms.ChoiceField(
        label=_("Counted in"),
        choices=[(BUSINESS, _("The center's business time")), (AROUND_THE_CLOCK, _("Around the clock"))],
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        choices: Choices,
        centers: Sequence[Center],
        may_for_all: bool,
        rule: Rule | None = None,
        do: str = SAVE,
    ) -> None:
        """`do` is the button that was pressed; see `SAVE`."""
        super().__init__(redrawn(data, do) if data is not None else None, initial=_initial(rule))
        self._added = do.removeprefix("add-")
        self._choices, self._centers = choices, {center.public_id.hex: center for center in centers}
        names = [(key, center.name) for key, center in self._centers.items()]
        self.fields["center"].choices = [("", _("All centers")), *names] if may_for_all else names  # type: ignore[attr-defined]
        self.fields["center"].required = not may_for_all
        if self["trigger"].value() not in TIMED:
            del self.fields["minutes"], self.fields["counted"]
        self.rows = {kind: self._add_rows(kind, rule) for kind in KINDS}

    def show_no_errors(self) -> None:
        """Somebody is still putting it together: nothing is wrong yet."""
        self._errors = ErrorDict()

    @property
    def conditions(self) -> list[Row]:
        return self._shown("condition")

    @property
    def acts(self) -> list[Row]:
        return self._shown("act")

    @property
    def may_add_condition(self) -> bool:
        return len(self.rows["condition"]) < MOST_PARTS

    @property
    def may_add_act(self) -> bool:
        return len(self.rows["act"]) < MOST_PARTS

    def clean(self) -> dict[str, Any]:
        if not self.rows["act"]:
            raise forms.ValidationError(_("Say what the rule is to do: add at least one act."))
        return dict(self.cleaned_data)

    def draft(self) -> Draft:
        cleaned = self.cleaned_data
        parts = {kind: tuple(self._part(kind, number) for number in numbers) for kind, numbers in self.rows.items()}
        content = Content(
            cleaned["trigger"],
            parts["condition"],
            parts["act"],
            cleaned.get("minutes") or 0,
            cleaned.get("counted") == BUSINESS,
        )
        return Draft(cleaned["name"], content, self._centers.get(cleaned["center"]))

    def _part(self, kind: str, number: int) -> Part:
        told = self.cleaned_data.get(f"{kind}-{number}-values")
        values: Iterable[Any] = told if isinstance(told, list) else [told]
        return Part(
            self.cleaned_data[f"{kind}-{number}-word"],
            tuple(str(value).strip() for value in values if value not in (None, "")),
        )

    def _shown(self, kind: str) -> list[Row]:
        return [
            Row(
                f"{kind}-{number}",
                self[f"{kind}-{number}-word"],
                self[f"{kind}-{number}-values"] if f"{kind}-{number}-values" in self.fields else None,
                is_new=kind == self._added and number == self.rows[kind][-1],
            )
            for number in self.rows[kind]
        ]

    def _add_rows(self, kind: str, rule: Rule | None) -> list[int]:
        if self.is_bound:
            data = self.data
            found = (_ROW.fullmatch(name) for name in data)
            numbers = sorted({int(match[2]) for match in found if match and match[1] == kind})[:MOST_PARTS]
            for number in numbers:
                self._add_row(kind, number, Part(str(data.get(f"{kind}-{number}-word", ""))))
            return numbers
        parts: Sequence[Part] = [] if kind == "condition" else [Part("")]
        if rule is not None:
            parts = rule.content.conditions if kind == "condition" else rule.content.acts
        for number, part in enumerate(parts):
            self._add_row(kind, number, part)
        return list(range(len(parts)))

    def _add_row(self, kind: str, number: int, part: Part) -> None:
        words = KINDS[kind]
        label = _("Condition %(number)d") if kind == "condition" else _("Act %(number)d")
        self.fields[f"{kind}-{number}-word"] = forms.ChoiceField(
            label=label % {"number": number + 1},
            choices=[("", _("Choose …")), *((name, word.label) for name, word in words.items())],
            initial=part.word,
        )
        word = words.get(part.word)
        if word is not None and word.value is not Value.NONE:
            self.fields[f"{kind}-{number}-values"] = self._values_field(word, part)

    def _values_field(self, word: Word, part: Part) -> forms.Field:
        common: dict[str, Any] = {"label": word.label, "help_text": word.hint, "required": not word.is_optional}
        names = list(self._choices[word.listed].items()) if word.listed else []
        match word.value:
            case Value.CHOICES:
                widget = forms.CheckboxSelectMultiple
                return forms.MultipleChoiceField(choices=names, widget=widget, initial=part.values, **common)
            case Value.CHOICE:
                none = _("None") if word.is_optional else _("Choose …")
                return forms.ChoiceField(choices=[("", none), *names], initial=part.value, **common)
            case Value.WORDS:
                return CommaField(initial=", ".join(part.values), **common)
            case Value.TEXT:
                area = forms.Textarea(attrs={"rows": 3})
                return forms.CharField(max_length=TEXT_LENGTH, widget=area, initial=part.value, **common)
        return forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER, initial=part.value or None, **common)


def _initial(rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"trigger": next(iter(TRIGGERS)), "counted": BUSINESS}
    return {
        "name": rule.name,
        "center": rule.center.public_id.hex if rule.center else "",
        "trigger": rule.trigger,
        "minutes": rule.minutes or None,
        # One that had no time yet is as new.
        "counted": BUSINESS if rule.in_business_time or not rule.is_timed else AROUND_THE_CLOCK,
    }
