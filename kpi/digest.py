"""The mail with the figures: what it says, for one person in her language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _

from accounts.actions.mails import message_to
from customers.money import shown_amount
from kpi import shown
from kpi.models import DigestMail, Rhythm
from kpi.queries.findings import JUDGED, findings_for
from kpi.queries.morning import Head, Sold, head_for, sold_for, waiting_for
from kpi.queries.said import said_in
from kpi.queries.wanted import Wanted, wanted_of
from kpi.sentences import sentences_of
from kpi.templatetags.figures import growth_words, period_words
from kpi.words import FIGURES
from voc.queries.digest import RisingTopic, rising_for


@dataclass(frozen=True, slots=True)
class MailLine:
    """One figure: `tone` is good, bad or plain."""

    label: str
    value: str
    change: str
    note: str
    tone: str


def wanted_by(mail: DigestMail) -> Wanted:
    """What the mail is about: the week or the day before its own, within the person's reach."""
    days = 7 if mail.rhythm == Rhythm.WEEKLY else 1
    params = QueryDict(mutable=True)
    first, last = mail.day - timedelta(days=days), mail.day - timedelta(days=1)
    params.update({"period": "own", "first": first.isoformat(), "last": last.isoformat()})
    return wanted_of(mail.person, params, now=clock())


def message_of(mail: DigestMail) -> EmailMultiAlternatives | None:
    """The mail as it goes out, plain and as HTML; None where there is nothing to tell."""
    organization = mail.organization
    with translation.override(mail.person.language or organization.language), timezone.override(organization.zone):
        wanted = wanted_by(mail)
        head, sold = head_for(wanted, JUDGED), sold_for(wanted)
        if not any(tile.n for tile in head.tiles) and not sold.now.n:
            return None
        context = _context(mail, wanted, head, sold)
        body, html = "\n".join(_plain(context)), render_to_string("kpi/mail/digest.html", context)
        return message_to(mail.person, context["subject"], body, mail=mail, kind="figures", html=html)


def _context(mail: DigestMail, wanted: Wanted, head: Head, sold: Sold) -> dict[str, Any]:
    weekly = mail.rhythm == Rhythm.WEEKLY
    page = settings.HUB_URL + reverse("kpi:dashboard")
    tickets = settings.HUB_URL + reverse("kpi:tickets")
    return {
        "subject": _("Last week in figures") if weekly else _("Yesterday in figures"),
        "language": translation.get_language(),
        "person": mail.person,
        "organization": mail.organization,
        "period": period_words(wanted),
        "lines": _lines(wanted, head, sold),
        "sentences": [
            (sentence, f"{tickets}?{sentence.query}" if sentence.query else "")
            for sentence in sentences_of(findings_for(wanted, head), wanted)
        ],
        "said": said_in(wanted),
        "rising": [(topic, settings.HUB_URL + topic.url) for topic in _rising(mail, wanted)],
        "page": f"{page}?{urlencode(wanted.fixed)}",
        "settings_page": settings.HUB_URL + reverse("kpi:mails"),
    }


def _rising(mail: DigestMail, wanted: Wanted) -> list[RisingTopic]:
    """What customers say more of than before, where that is no chance."""
    start, end = wanted.period.instants(wanted.organization.zone)
    found = rising_for(wanted.organization, start, end, person=mail.person)
    return [topic for topic in found if topic.is_clear]


def _lines(wanted: Wanted, head: Head, sold: Sold) -> list[MailLine]:
    """The six figures."""
    lines = []
    for tile in head.tiles:
        is_clear = tile.change is not None and tile.change.is_clear
        tone = ("good" if tile.is_better else "bad") if is_clear else "plain"
        notes = [f"n={tile.n:,}"]
        if tile.goal is not None:
            notes.append(_("goal %(goal)s") % {"goal": f"{tile.goal}" if tile.name == "nps" else f"{tile.goal}%"})
        if tile.is_few:
            notes.append(_("few, a hint only"))
        change = shown.change_words(tile.name, tile.change)
        value = shown.words_of(tile.name, tile.value)
        lines.append(MailLine(str(FIGURES[tile.name].label), value, change, " · ".join(notes), tone))
    waiting = waiting_for(wanted)
    lines.append(
        MailLine(str(FIGURES["waiting"].label), f"{waiting.n:,}", "", _("when this mail was written"), "plain")
    )
    amount = shown_amount(sold.now.hundredths, wanted.organization.currency) if sold.now.n else "—"
    growth = growth_words(sold.change) if sold.change is not None and sold.now.n and not head.began_on else ""
    note = _("%(n)s sales") % {"n": f"{sold.now.n:,}"}
    return [*lines, MailLine(str(FIGURES["sales"].label), amount, growth, note, "plain")]


def _plain(told: dict[str, Any]) -> Iterator[str]:
    """The mail without any dress."""
    yield f"{told['organization'].name} · {told['subject']}"
    yield told["period"]
    yield ""
    yield _("In short")
    for sentence, url in told["sentences"]:
        yield "- " + " ".join(part for part in (sentence.text, sentence.where, sentence.note) if part)
        if url:
            yield f"  {url}"
    yield ""
    yield _("The six figures")
    for line in told["lines"]:
        yield f"- {line.label}: {line.value}" + (f" ({line.change})" if line.change else "") + f" · {line.note}"
    if told["said"]:
        yield ""
        yield _("What customers wrote")
    for said in told["said"]:
        score = _("%(score)s of %(highest)s") % {"score": said.score, "highest": said.highest}
        yield f"- “{said.text}” ({score}" + (f", {said.label})" if said.label else ")")
    if told["rising"]:
        yield ""
        yield _("What customers talk about more")
    for topic, url in told["rising"]:
        yield f"- {topic.topic.name}: {topic.before:,} → {topic.count:,}" + (
            f" “{topic.sentence}”" if topic.sentence else ""
        )
        yield f"  {url}"
    yield ""
    yield _("Open the dashboard") + ":"
    yield told["page"]
    yield ""
    yield _("Change or switch off") + ":"
    yield told["settings_page"]
