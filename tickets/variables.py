"""Places in a saved text that are filled in for each customer: `{{고객 이름}}`. Pure: a text and values in, a text out.

Both languages' names are taken whatever language the screen is in: a text is written once and used by all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Variable:
    """`instead` stands where there is nothing to fill in: in Korean and in English, fit to be read by a customer."""

    key: str
    ko: str
    en: str
    instead: tuple[str, str]

    @property
    def name(self) -> str:
        """As it is written in a text, in the running language."""
        return self.ko if _is_korean() else self.en

    @property
    def fallback(self) -> str:
        return self.instead[0 if _is_korean() else 1]


VARIABLES = (
    Variable("customer_name", "고객 이름", "customer name", ("고객", "customer")),
    Variable("agent_name", "상담원 이름", "agent name", ("상담원", "our agent")),
    Variable("organization_name", "회사 이름", "company name", ("저희", "us")),
    Variable("center_name", "센터 이름", "center name", ("고객센터", "our support team")),
    Variable("store_name", "매장 이름", "store name", ("매장", "our store")),
    Variable("opening_hours", "운영 시간", "opening hours", ("운영 시간", "our opening hours")),
    Variable("last_purchase", "최근 구매", "last purchase", ("구매하신 상품", "your purchase")),
    Variable("last_purchase_date", "최근 구매일", "last purchase date", ("구매하신 날", "the day of your purchase")),
    Variable("topic", "상담 주제", "topic", ("문의하신 내용", "your question")),
    Variable("today", "오늘 날짜", "today", ("오늘", "today")),
)
_BY_NAME = {name.casefold(): variable for variable in VARIABLES for name in (variable.ko, variable.en, variable.key)}
_PLACE = re.compile(r"\{\{([^{}\n]{0,80})\}\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """`missing`: name and what stands instead of it, for each variable that had nothing to fill in; each once."""

    text: str
    missing: tuple[tuple[str, str], ...]


def variable_named(name: str) -> Variable | None:
    """By a name of either language; case and spaces do not count for much."""
    return _BY_NAME.get(" ".join(unicodedata.normalize("NFC", name).split()).casefold())


def unknown_in(text: str) -> list[str]:
    """What stands between double braces and is no variable, in order, each once; half a pair of braces too."""
    unknown = [name.strip() or "{{}}" for name in _PLACE.findall(text) if variable_named(name) is None]
    rest = _PLACE.sub("", text)
    unknown += [mark for mark in ("{{", "}}") if mark in rest]
    return list(dict.fromkeys(unknown))


def used_in(*texts: str) -> set[str]:
    """Keys of the variables in some texts, so that only what is needed is looked up."""
    named = (variable_named(name) for text in texts for name in _PLACE.findall(text))
    return {variable.key for variable in named if variable is not None}


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Puts values, by key, in their places. What is unknown stays as it is: it was refused when it was written."""
    missing: dict[str, str] = {}

    def value_of(place: re.Match[str]) -> str:
        variable = variable_named(place[1])
        if variable is None:
            return place[0]
        if value := values.get(variable.key, "").strip():
            return value
        missing[variable.name] = variable.fallback
        return variable.fallback

    return Filled(_PLACE.sub(value_of, text), tuple(missing.items()))


def _is_korean() -> bool:
    return (get_language() or "ko").startswith("ko")
