"""A schedule in words: days with equal hours together, targets with their defaults."""

from django import template
from django.utils.translation import gettext as _

from accounts.forms.schedule import RESOLUTION_LABELS
from accounts.forms.structure import CHANNEL_LABELS, UNITS, split_seconds
from accounts.models import CenterSchedule
from accounts.schedules import DEFAULT_TARGETS, WEEKDAYS

register = template.Library()


@register.filter
def hours_lines(schedule: CenterSchedule) -> list[str]:
    """Returns lines such as “Mon–Fri 09:00–12:00, 13:00–18:00”; closed days are left out."""
    letters = {
        "mon": _("Mon"),
        "tue": _("Tue"),
        "wed": _("Wed"),
        "thu": _("Thu"),
        "fri": _("Fri"),
        "sat": _("Sat"),
        "sun": _("Sun"),
    }
    runs: list[tuple[str, str, str]] = []
    for day in WEEKDAYS:
        words = ", ".join("–".join(span) for span in schedule.hours.get(day, []))
        if runs and runs[-1][2] == words:
            runs[-1] = (runs[-1][0], day, words)
        else:
            runs.append((day, day, words))
    return [
        f"{letters[first] if first == last else f'{letters[first]}–{letters[last]}'} {words}"
        for first, last, words in runs
        if words
    ]


@register.filter
def target_lines(schedule: CenterSchedule) -> list[tuple[str, str]]:
    """Returns channel and target in words for every channel, with the default where none is set."""
    units = {unit: str(label) for unit, label in UNITS}
    lines = []
    for channel, default_seconds in DEFAULT_TARGETS.items():
        lines.append((str(CHANNEL_LABELS[channel]), _amount(schedule.targets.get(channel, default_seconds), units)))
    return lines


@register.filter
def further_lines(schedule: CenterSchedule) -> list[tuple[str, str]]:
    """Returns what else a schedule expects, in words: next responses, resolutions, and somebody who takes a ticket."""
    units = {unit: str(label) for unit, label in UNITS}
    parts = (
        (_("next response"), schedule.next_response_targets),
        (_("resolution"), schedule.resolution_targets),
    )
    lines = [
        (f"{what} ({RESOLUTION_LABELS[channel]})", _amount(seconds, units))
        for what, targets in parts
        for channel, seconds in targets.items()
    ]
    return [*lines, (_("without an owner"), _amount(schedule.unassigned_seconds, units))]


def _amount(seconds: int, units: dict[str, str]) -> str:
    amount, unit = split_seconds(seconds)
    return f"{amount}{units[unit]}"
