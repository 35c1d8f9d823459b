"""The live board's figures in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

NO_DATA = "—"


@register.filter
def span_words(seconds: float | None) -> str:
    """“2 min 10 s”: a length of time in its two largest units; a dash where there is none."""
    if seconds is None:
        return NO_DATA
    whole = max(0, round(seconds))
    if whole < 60:
        return _("%(count)d s") % {"count": whole}
    if whole < 3600:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": whole // 60, "seconds": whole % 60}
    return _("%(hours)d h %(minutes)d min") % {"hours": whole // 3600, "minutes": whole % 3600 // 60}
