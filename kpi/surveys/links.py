"""The links of surveys: for answering, and for a place with a code (cxhub.short_links)."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from cxhub import short_links
from cxhub.short_links import new_key as new_key

ANSWER, POINT = "answer", "point"


def token_of(key: str, purpose: str) -> str:
    return short_links.token_of(key, f"survey:{purpose}")


def key_of(token: str, purpose: str) -> str | None:
    """The key of a link that the hub has made; None for a forged one."""
    return short_links.key_of(token, f"survey:{purpose}")


def answer_url(key: str) -> str:
    """The whole address, for a message."""
    return settings.HUB_URL + reverse("kpi:survey", args=[token_of(key, ANSWER)])


def stop_url(key: str) -> str:
    return settings.HUB_URL + reverse("kpi:survey_stop", args=[token_of(key, ANSWER)])
