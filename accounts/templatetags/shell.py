"""Small pieces of every screen: icons, times, initials, form fields. Words come from the caller."""

from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from html import escape
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# daisyUI's class by widget, the most particular first: a Select is no Input in Django.
_WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkbox checkbox-sm"),
    (forms.RadioSelect, "radio radio-sm"),
    (forms.CheckboxInput, "checkbox checkbox-sm"),
    (forms.SelectMultiple, "select w-full h-auto"),
    (forms.Select, "select w-full"),
    (forms.Textarea, "textarea w-full"),
    (forms.FileInput, "file-input w-full"),
    (forms.Widget, "input w-full"),
)


@register.simple_tag
def icon(name: str, css: str = "size-5") -> SafeString:
    """An icon of static/icons.svg; decoration only, so a text must stand beside it."""
    return _icon(name, css)


@lru_cache(maxsize=512)
def _icon(name: str, css: str) -> SafeString:
    # A timeline draws fifty: the address of a static file alone takes longer than the rest of a line.
    return format_html(
        # The stroke stands here: an external symbol inherits from where it is used.
        '<svg class="{} shrink-0" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def relative_time(at: datetime | None, css: str = "") -> SafeString:
    """“3 minutes ago”, exact on hover; kept current by static/js/relative-time.js. Nothing for None."""
    return Reading().ago(at, css) if at is not None else SafeString("")


_NO_TIME, _AN_HOUR = timedelta(0), timedelta(hours=1)


class Reading:
    """When and where somebody reads: found out once for a list, which shows dozens of times."""

    def __init__(self) -> None:
        self._zone = timezone.get_current_timezone()
        self._now = timezone.now().astimezone(self._zone)
        self._today = self._now.date().isoformat()

    def ago(self, at: datetime | None, css: str = "") -> SafeString:
        """As `relative_time`."""
        if at is None:
            return SafeString("")
        # Digits and signs of a time need no escaping, and no filter to be put together.
        local = at.astimezone(self._zone)
        exact = local.isoformat(timespec="seconds")
        day, clock = exact[:10], exact[11:19]
        words, classes = self._words(local, day, clock[:5]), conditional_escape(css) if css else ""
        return SafeString(
            f'<time datetime="{exact}" title="{day} {clock}" class="{classes}" data-relative-time>{words}</time>'
        )

    def _words(self, at: datetime, day: str, clock: str) -> str:
        """HTML for a person at a desk: relative within a day, then the date."""
        age = self._now - at
        if _NO_TIME <= age < _AN_HOUR:
            minutes = age.seconds // 60
            return escape(_("%(count)d min ago") % {"count": minutes} if minutes else _("just now"))
        if day == self._today:
            return clock
        if at.year == self._now.year:
            return self._date % {"month": at.month, "day": at.day, "time": clock}
        return day

    @cached_property
    def _date(self) -> str:
        return escape(_("%(month)d/%(day)d %(time)s"))


@register.filter
def initial(name: object) -> str:
    """The first letter of a name, for an avatar; Korean given names are told apart by the family's rest."""
    text = str(name or "").strip()
    return text[0].upper() if text else "?"


@register.filter
def tint(seed: object) -> str:
    """One of six calm background classes, always the same for the same seed."""
    tints = (
        "bg-sky-100 text-sky-800 dark:bg-sky-900 dark:text-sky-100",
        "bg-emerald-100 text-emerald-800 dark:bg-emerald-900 dark:text-emerald-100",
        "bg-amber-100 text-amber-800 dark:bg-amber-900 dark:text-amber-100",
        "bg-rose-100 text-rose-800 dark:bg-rose-900 dark:text-rose-100",
        "bg-violet-100 text-violet-800 dark:bg-violet-900 dark:text-violet-100",
        "bg-teal-100 text-teal-800 dark:bg-teal-900 dark:text-teal-100",
    )
    return tints[sum(str(seed).encode()) % len(tints)]


@register.inclusion_tag("components/field.html")
def form_field(field: BoundField, css: str = "", *, says_optional: bool = True) -> dict[str, Any]:
    """A labelled form field with its help and errors. In a filter, where all is optional, nothing says so."""
    widget = field.field.widget
    classes = next(classes for kind, classes in _WIDGET_CLASSES if isinstance(widget, kind))
    if field.errors:
        classes += " " + classes.split()[0] + "-error"
    is_group = isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
    return {
        "field": field,
        "widget": field.as_widget(attrs={"class": classes}) if not is_group else "",
        "is_group": is_group,
        "group_class": classes,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "css": css,
        "says_optional": says_optional and not field.field.required,
    }
