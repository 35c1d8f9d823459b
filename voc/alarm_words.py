"""An alarm in words, for screens and mails alike: what it is, and where."""

from __future__ import annotations

from django.utils.formats import localize
from django.utils.translation import gettext as _

from voc.models import VoiceAlarm


def alarm_words(alarm: VoiceAlarm) -> str:
    """“배송” rises: 34 conversations in seven days, 12.1 in a usual week · with the word “송장”. No customer's name."""
    if alarm.kind == VoiceAlarm.Kind.SEVERE:
        return _("A severe word: %(what)s") % {"what": alarm.get_severity_display()}
    topic = alarm.topic.name if alarm.topic else ""
    if alarm.kind == VoiceAlarm.Kind.STORE:
        told = {"count": alarm.count, "topic": topic}
        return _("%(count)d customers with the same trouble within hours: %(topic)s") % told
    told = {"count": alarm.count, "topic": topic, "usual": localize(round(alarm.usual, 1))}
    words = _("“%(topic)s” rises: %(count)d conversations in seven days, %(usual)s in a usual week") % told
    return words + (" · " + _("with the word “%(word)s”") % {"word": alarm.word} if alarm.word else "")


def alarm_place(alarm: VoiceAlarm) -> str:
    """The store's or the center's name; "" where it is of all."""
    if alarm.store is not None:
        return alarm.store.name
    return alarm.center.name if alarm.center is not None else ""
