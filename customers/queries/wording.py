"""A sentence, and what it is made with besides the event: names, the reader's sight, and words used in many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from customers.models import Event
from customers.sight import IN_FULL, Sight

CUSTOMER, STAFF, MACHINE = "customer", "staff", "machine"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` says what happened, `quote` what was said; `icon` is a symbol of static/icons.svg."""

    text: str
    quote: str = ""
    icon: str = "info"
    speaker: str = MACHINE  # whose act it was: customer, staff, machine
    tone: str = ""  # warning, success; "" for everything that asks for no attention

    def __str__(self) -> str:
        return f"{self.text}: {self.quote}" if self.quote else self.text

    @property
    def is_of_customer(self) -> bool:
        return self.speaker == CUSTOMER


@dataclass(frozen=True, slots=True)
class Wording:
    """What sentences need besides the event: agents' and topics' names, the reader."""

    agents: Mapping[str, str] = field(default_factory=dict)  # e-mail → name
    topics: Mapping[str, str] = field(default_factory=dict)  # slug → name
    tags: Mapping[str, str] = field(default_factory=dict)  # key → name
    sight: Sight = IN_FULL
    customer_names: tuple[str, ...] = ()  # hidden in texts where the reader sees masked names

    def agent(self, event: Event) -> str:
        """Who did it; a rule goes by its name."""
        named = self.agents.get(event.agent_email) or event.agent_email.partition("@")[0]
        return named or rule_words(event)

    def words(self, text: object) -> str:
        return self.sight.text(str(text or ""), self.customer_names).strip()


def rule_of(event: Event) -> tuple[str, str]:
    """Id and name of the rule that did it; empty where none did."""
    told = event.data.get("rule")
    if not isinstance(told, dict):
        return "", ""
    return str(told.get("id", "")), str(told.get("name", ""))


def rule_words(event: Event) -> str:
    """“Rule ‘Out of hours’”; "" where it was none."""
    _id, name = rule_of(event)
    return _("Rule “%(name)s”") % {"name": name} if name else ""


def shown_duration(seconds: object) -> str:
    if not isinstance(seconds, int | float) or seconds < 0:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)d s") % {"seconds": rest}


def joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def by_agent(event: Event, wording: Wording) -> dict[str, str]:
    return {"agent": wording.agent(event)}
