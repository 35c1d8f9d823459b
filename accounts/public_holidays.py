"""Korea's public holidays with their substitutes, to offer when a center's holidays are set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PublicHoliday:
    day: date
    name: str


def public_holidays(years: Iterable[int]) -> list[PublicHoliday]:
    """Returns the public holidays of these years in order, named in Korean."""
    # Here: the package loads tables for every country, and only the settings page needs one.
    import holidays

    korean = holidays.country_holidays("KR", years=years, language="ko")
    return [PublicHoliday(day, name) for day, name in sorted(korean.items())]
