"""The hours editor: several spans a day, holidays offered and own, targets, and from when they hold."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.structure import CHANNEL_LABELS, TargetsForm, split_seconds, typed_seconds
from accounts.models import CenterSchedule, Organization
from accounts.public_holidays import PublicHoliday, public_holidays
from accounts.schedules import (
    ANY,
    DEFAULT_TARGETS,
    DEFAULT_UNASSIGNED_SECONDS,
    RESOLUTION_CHANNELS,
    WEEKDAYS,
    Hours,
    InvalidSchedule,
    Targets,
    normal_holidays,
    normal_hours,
)

WEEKDAY_LABELS = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}

RESOLUTION_LABELS = {
    ANY: gettext_lazy("All channels"),
    **CHANNEL_LABELS,
    "store": gettext_lazy("Store"),
}

NOW, LATER = "now", "later"
# Of other years, public holidays that were chosen are known for such as far away as this.
YEARS_AROUND = 10


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday of the editor: its spans as typed, and what is wrong with them."""

    key: str
    label: str
    spans: list[list[str]]
    error: str = ""


class ScheduleForm(TargetsForm):
    """Hours and holidays are read from repeated inputs: `mon_start`, `mon_end`, `holiday`, `own_holiday`."""

    starts = forms.ChoiceField(
        label=gettext_lazy("In force"),
        choices=[(NOW, gettext_lazy("from now on")), (LATER, gettext_lazy("from a later day on"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    starts_date = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        schedule: CenterSchedule | None = None,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, targets=schedule.targets if schedule else None, initial=_further(schedule), **kwargs)
        for channel in DEFAULT_TARGETS:
            self.add_seconds(f"next_{channel}", CHANNEL_LABELS[channel])
        for channel in RESOLUTION_CHANNELS:
            self.add_seconds(f"resolution_{channel}", RESOLUTION_LABELS[channel], unit="h")
        amount, unit = split_seconds(DEFAULT_UNASSIGNED_SECONDS)
        self.add_seconds("unassigned", gettext_lazy("Alarm after"), placeholder=str(amount), unit=unit)
        self.organization = organization
        self.today = today
        self._typed_hours: dict[str, list[list[str]]] = dict(schedule.hours) if schedule else {}
        self._chosen_holidays: list[str] = list(schedule.holidays) if schedule else []
        self._day_errors: dict[str, str] = {}
        self.holiday_error = ""
        if self.is_bound:
            self._read(self.data)

    def _read(self, data: Any) -> None:
        values = data if isinstance(data, MultiValueDict) else MultiValueDict(data)
        self._typed_hours = {
            day: [
                [start, end]
                for start, end in zip(values.getlist(f"{day}_start"), values.getlist(f"{day}_end"), strict=False)
                if start or end
            ]
            for day in WEEKDAYS
        }
        typed = [*values.getlist("holiday"), *values.getlist("own_holiday")]
        self._chosen_holidays = [day for day in typed if day]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["hours"] = normal_hours(self._typed_hours)
        except InvalidSchedule as error:
            day = error.path.split(".")[1].split("[")[0]
            self._day_errors[day] = _("Check the times: each span needs a start and an end, and none may overlap.")
            self.add_error(None, _("Some hours are not right."))
        try:
            cleaned["holidays"] = normal_holidays(self._chosen_holidays)
        except InvalidSchedule:
            self.holiday_error = _("Write dates such as 2026-08-15.")
            self.add_error(None, self.holiday_error)
        if cleaned.get("starts") == LATER and (cleaned.get("starts_date") or self.today) <= self.today:
            self.add_error("starts_date", _("Choose a day after today."))
        return cleaned

    def days(self) -> list[Day]:
        """The weekdays for the template, with what was typed."""
        return [
            Day(day, str(WEEKDAY_LABELS[day]), self._typed_hours.get(day, []), self._day_errors.get(day, ""))
            for day in WEEKDAYS
        ]

    def offered_holidays(self) -> list[tuple[PublicHoliday, bool]]:
        """The public holidays of this year and the next, and those of other years that are chosen, each with whether it is."""
        return [(holiday, holiday.day.isoformat() in self._chosen_holidays) for holiday in self._offered()]

    def own_holidays(self) -> list[str]:
        """The chosen days that are no public holiday."""
        offered = {holiday.day.isoformat() for holiday in self._offered()}
        return [day for day in self._chosen_holidays if day not in offered]

    def chosen_public_holidays(self) -> int:
        return sum(is_chosen for _holiday, is_chosen in self.offered_holidays())

    def _offered(self) -> list[PublicHoliday]:
        near = {self.today.year, self.today.year + 1}
        chosen = set(self._chosen_holidays)
        around = range(self.today.year - YEARS_AROUND, self.today.year + YEARS_AROUND + 1)
        years = near | {year for year in around if any(day.startswith(f"{year}-") for day in chosen)}
        return [
            holiday
            for holiday in public_holidays(years)
            if holiday.day.year in near or holiday.day.isoformat() in chosen
        ]

    def hours(self) -> Hours:
        hours: Hours = self.cleaned_data["hours"]
        return hours

    def next_response_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self.pairs(f"next_{channel}" for channel in DEFAULT_TARGETS)

    def resolution_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self.pairs(f"resolution_{channel}" for channel in RESOLUTION_CHANNELS)

    def unassigned_field(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self.pairs(["unassigned"])

    def next_response_targets(self) -> Targets:
        return {channel: seconds for channel in DEFAULT_TARGETS if (seconds := self.seconds(f"next_{channel}"))}

    def resolution_targets(self) -> Targets:
        return {
            channel: seconds for channel in RESOLUTION_CHANNELS if (seconds := self.seconds(f"resolution_{channel}"))
        }

    def unassigned_seconds(self) -> int:
        return self.seconds("unassigned") or DEFAULT_UNASSIGNED_SECONDS

    def effective_from(self) -> datetime | None:
        """Returns the first instant of the chosen day in the organization's zone, or None for now."""
        if self.cleaned_data["starts"] != LATER:
            return None
        return datetime.combine(self.cleaned_data["starts_date"], time.min, tzinfo=self.organization.zone)


def _further(schedule: CenterSchedule | None) -> dict[str, Any]:
    """What a schedule says besides its targets to the first response, as it is typed."""
    initial: dict[str, Any] = {}
    if schedule is not None:
        for channel, seconds in schedule.next_response_targets.items():
            initial |= typed_seconds(f"next_{channel}", seconds)
        for channel, seconds in schedule.resolution_targets.items():
            initial |= typed_seconds(f"resolution_{channel}", seconds)
        initial |= typed_seconds("unassigned", schedule.unassigned_seconds)
    return initial
