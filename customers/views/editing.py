"""Correcting a name, keeping a memo. Only in full sight: who sees a masked text would save the mask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import open_to, person_of
from accounts.policies import NotAllowed, Permission
from accounts.queries import NotFound
from customers.actions.profile import ProfileRefusal, rename_customer, write_memo
from customers.forms import MemoForm, NameForm
from customers.queries import Profile
from customers.views.opening import peek_at_profile


@require_POST
@open_to(Permission.USE_COUNTER)
def rename(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    profile = _in_full_sight(request, customer_id)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            rename_customer(
                profile.root,
                form.cleaned_data["name"],
                expected=form.cleaned_data["expected"],
                by=person_of(request),
                at=now(),
            )
        except ProfileRefusal as refusal:
            form.add_error("name", str(refusal))
        except NotAllowed as cause:
            raise NotFound from cause
        else:
            return _saved(request, profile)
    return _again(request, profile, {"name_form": form})


@require_POST
@open_to(Permission.USE_COUNTER)
def memo(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    profile = _in_full_sight(request, customer_id)
    form = MemoForm(request.POST)
    if form.is_valid():
        expected = form.cleaned_data["expected"].replace("\r\n", "\n")
        try:
            write_memo(profile.root, form.cleaned_data["memo"], expected=expected, by=person_of(request), at=now())
        except ProfileRefusal as refusal:
            form.add_error("memo", str(refusal))
        except NotAllowed as cause:
            raise NotFound from cause
        else:
            return _saved(request, profile)
    return _again(request, profile, {"memo_form": form})


def _in_full_sight(request: HttpRequest, customer_id: UUID) -> Profile:
    profile = peek_at_profile(request, customer_id)
    if profile.sight.is_masked:
        raise NotFound
    return profile


def _saved(request: HttpRequest, profile: Profile) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("customers:detail", profile.public_id)


def _again(request: HttpRequest, profile: Profile, context: dict[str, Any]) -> HttpResponse:
    """The form once more, with what was typed and what stands there now."""
    return render(request, "customers/edit.html", {"profile": profile, **context}, status=422)
