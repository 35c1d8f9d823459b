"""What somebody sees after too many wrong passwords, and when it ends."""

from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import audit
from accounts.models import Person


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any) -> HttpResponse:
    """Answers 429 with the minutes left, for django-axes. Each refusal stands in the trail."""
    email = str((credentials or {}).get("login") or request.POST.get("login", "")).strip().lower()
    ends_at = _ends_at(request, email)
    minutes = max(1, -(-int((ends_at - timezone.now()).total_seconds()) // 60))
    _note(email)
    response = render(request, "account/lockout.html", {"minutes": minutes, "ends_at": ends_at}, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


def _ends_at(request: HttpRequest, email: str) -> datetime:
    attempt = (
        AccessAttempt.objects.filter(username=email, ip_address=get_client_ip_address(request))
        .order_by("-attempt_time")
        .first()
    )
    started_at = attempt.attempt_time if attempt else timezone.now()
    return started_at + (get_cool_off(request) or timedelta(minutes=15))


def _note(email: str) -> None:
    person = Person.objects.select_related("organization").filter(email=email).first()
    if person and person.organization:
        audit.record(person.organization, by=None, actor=email, action="accounts.lockout", obj=f"person:{email}")
