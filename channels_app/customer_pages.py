"""What the pages behind a customer's short link share: no log-in, her language, patience with haste, an answer after a POST.

A room of its own because surveys and consents both stand on it and neither on the other.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from channels_app.rate_limits import Bucket, take_from_each

# A shop's tablet and the customers on its network share one address.
POSTS_OF_ADDRESS, POSTS_OF_LINK = 120, 20
A_MINUTE_SECONDS = 60.0
LANGUAGES = ("ko", "en")


def chosen_language(request: HttpRequest, usual: str) -> str:
    """The one in the address, else the usual one."""
    chosen = request.GET.get("lang", "")
    return chosen if chosen in LANGUAGES else usual


def refused_for_haste(
    request: HttpRequest, link: str, *, room: str, page: Callable[[], HttpResponse]
) -> HttpResponse | None:
    """Too many POSTs for this link or from this address: `page` with when to come again; None where there are not. Each
    `room` counts for itself."""
    wait = take_from_each(
        [
            Bucket(f"{room}:{request.META.get('REMOTE_ADDR')}", POSTS_OF_ADDRESS, A_MINUTE_SECONDS),
            Bucket(f"{room}:{link}", POSTS_OF_LINK, A_MINUTE_SECONDS),
        ]
    )
    if not wait:
        return None
    response = page()
    response["Retry-After"] = str(max(1, round(wait)))
    return response


def see_other(address: str) -> HttpResponse:
    """After a POST: a reload sends nothing again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
