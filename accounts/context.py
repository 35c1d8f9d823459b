"""What every page of the shell needs to know: the navigation of the person who looks."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import navigation
from accounts.models import Person


def shell(request: HttpRequest) -> dict[str, Any]:
    """Gives templates `main_entries`, `bar` and `has_settings`; nothing to visitors and to fragments."""
    person = getattr(request, "user", None)
    is_fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    if not isinstance(person, Person) or is_fragment:
        return {}
    # Not before a template asks: lists that are fetched while somebody types have no rail.
    entries = SimpleLazyObject(lambda: navigation.main_entries(person, request.path))
    has_settings = SimpleLazyObject(lambda: navigation.has_settings(person))
    return {
        "main_entries": entries,
        "bar": SimpleLazyObject(lambda: navigation.bar_of(list(entries), with_settings=bool(has_settings))),
        "has_settings": has_settings,
    }
