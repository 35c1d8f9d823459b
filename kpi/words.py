"""What the figures are called on screen, and what each means in plain words (METRICS.md, shortened)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class FigureWords:
    """`short` stands over a column; `meaning` is shown one tap away."""

    label: Words
    short: Words
    meaning: Words


FIGURES: dict[str, FigureWords] = {
    "first_response": FigureWords(
        _("First response"),
        _("First response"),
        _(
            "How long customers waited for the first answer by a person; half waited less, half longer. It counts from the "
            "customer's first message, or from when the bot handed over; for calls, until somebody picks up. Each ticket once, "
            "on the day of the answer. Bots' answers do not count."
        ),
    ),
    "first_response_within_target": FigureWords(
        _("Answered within target"),
        _("Within target"),
        _(
            "Of tickets whose target for the first answer ran out in the period: the share answered by then. Targets are those of "
            "channel and center when the wait began, counted in opening hours. A call that was given up is a miss."
        ),
    ),
    "reply": FigureWords(
        _("Each reply"),
        _("Each reply"),
        _(
            "How long customers waited for every answer, not only the first; chat, mail and messenger. Half waited less."
        ),
    ),
    "service_level": FigureWords(
        _("Calls answered in 20 s"),
        _("Calls in 20 s"),
        _(
            "Of incoming calls: the share picked up within 20 seconds. Callers who gave up within 5 seconds are left out."
        ),
    ),
    "abandonment": FigureWords(
        _("Calls given up"),
        _("Given up"),
        _("Of incoming calls: the share given up before anybody answered. Those within 5 seconds are left out."),
    ),
    "resolution_first": FigureWords(
        _("Time to resolution"),
        _("To resolution"),
        _("From the ticket's start to the first time it was resolved by a person; half took less."),
    ),
    "resolution_full": FigureWords(
        _("Time to the last resolution"),
        _("To the end"),
        _(
            "From the ticket's start to its last resolution by a person, of tickets that are resolved now; half took less."
        ),
    ),
    "reopen_rate": FigureWords(
        _("Reopened"),
        _("Reopened"),
        _("Of tickets resolved by a person: the share that was opened again afterwards."),
    ),
    "one_touch": FigureWords(
        _("Resolved with one answer"),
        _("One answer"),
        _("Of tickets resolved by a person: the share with one answer at most that was not opened again."),
    ),
    "fcr": FigureWords(
        _("First contact resolution"),
        _("FCR"),
        _(
            "Of tickets that a known customer opened and a person resolved: the share after which she did not come back about the "
            "same topic within 7 days, on any channel. Those whose 7 days are not over are left out until they are."
        ),
    ),
    "csat": FigureWords(
        _("Satisfaction"),
        _("CSAT"),
        _("Of customers who answered the survey after their ticket: the share who gave 4 or 5 of 5."),
    ),
    "nps": FigureWords(
        _("Recommendation (NPS)"),
        _("NPS"),
        _(
            "“Would you recommend us?”, 0 to 10: the share who gave 9 or 10, less the share who gave 0 to 6. From −100 to 100."
        ),
    ),
    "ces": FigureWords(
        _("How easy it was"),
        _("Ease"),
        _("“How easy was it?”, 1 to 7: the share who gave 5 to 7."),
    ),
    "waiting": FigureWords(
        _("Waiting now"),
        _("Waiting"),
        _(
            "Open tickets that nobody has answered yet, of the last 30 days. It is as of this moment, whatever period is shown."
        ),
    ),
    "sales": FigureWords(
        _("Turnover"),
        _("Turnover"),
        _("What the tills told: sales less refunds, in the period. Only center and store narrow it."),
    ),
    "channel_switch_dropout": FigureWords(
        _("Lost between channels"),
        _("Lost between channels"),
        _(
            "Of matters that a customer brought up on two or more channels: the share whose latest ticket is not resolved. One with "
            "something said in the last 7 days is left out until then."
        ),
    ),
    "return_rate": FigureWords(
        _("Came back to buy"),
        _("Came back"),
        _(
            "Of customers whose ticket was resolved in the period: the share who bought again within 30 days. Those whose 30 days are "
            "not over are left out until they are."
        ),
    ),
    "volume": FigureWords(
        _("Tickets"),
        _("Tickets"),
        _("Tickets that began in the period, whoever opened them."),
    ),
}

DURATIONS = ("first_response", "reply", "resolution_first", "resolution_full")
# Less is better.
LESS_IS_BETTER = (*DURATIONS, "abandonment", "reopen_rate", "channel_switch_dropout", "waiting")
