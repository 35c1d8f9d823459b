"""Parts that are drawn once and not for every page: they take longer than all that is particular to many a page.

Only what depends on nothing but the language and a few plain values may be drawn so, never what belongs to a person.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.navigation import ShownEntry

register = template.Library()


@register.simple_tag
def drawn_once(template_name: str) -> SafeString:
    """A template without variables."""
    # Who works on a template wants to see it.
    return _draw(template_name, {}) if settings.DEBUG else _kept(template_name, get_language())


@register.simple_tag
def nav_entry(shown: ShownEntry) -> SafeString:
    """One entry of the rail or of the bottom bar."""
    entry = shown.entry
    return _nav_entry(shown.url, entry.icon, str(entry.label), shown.count, is_current=shown.is_current)


@register.simple_tag(takes_context=True)
def drawn_once_a_page(context: Context, template_name: str) -> SafeString:
    """What stands on one page twice and is alike in both places. Drawn anew where there is no request."""
    assert context.template is not None, "A tag is drawn within a template."
    request = context.get("request")
    drawn: dict[str, SafeString] = request.__dict__.setdefault("drawn_once", {}) if request is not None else {}
    if template_name not in drawn:
        drawn[template_name] = context.template.engine.get_template(template_name).render(context)
    return drawn[template_name]


def _draw(template_name: str, values: dict[str, Any]) -> SafeString:
    return SafeString(get_template(template_name).render(values))


@lru_cache(maxsize=64)
def _kept(template_name: str, _language: str | None) -> SafeString:
    return _draw(template_name, {})


@lru_cache(maxsize=256)
def _nav_entry(url: str, icon: str, label: str, count: int, *, is_current: bool) -> SafeString:
    entry = {"icon": icon, "label": label}
    return _draw(
        "components/nav_entry.html", {"shown": {"url": url, "is_current": is_current, "count": count, "entry": entry}}
    )
