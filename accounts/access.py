"""How a view opens: for a logged-in person of an organization whose role includes something.

An area not open to a role does not exist for it: 404, never a hint.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase

from accounts import queries
from accounts.models import Organization, Person
from accounts.policies import Permission

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def person_of(request: HttpRequest) -> Person:
    """Returns who is logged in; only in a view behind `open_to` or `login_required`."""
    assert isinstance(request.user, Person), "This view must be closed to visitors."
    return request.user


def organization_of(request: HttpRequest) -> Organization:
    return queries.organization_for(person_of(request))


def open_to(permission: Permission) -> Callable[[View[Rest]], View[Rest]]:
    """Closes a view to visitors (to log-in), and to people whose role lacks the permission (404)."""

    def decorate(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            person = person_of(request)
            queries.organization_for(person)
            queries.require_permission(person, permission)
            return view(request, *args, **kwargs)

        return cast("View[Rest]", login_required(guarded))

    return decorate
