"""The settings page: what this person may set, from every room."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import navigation, queries
from accounts.access import person_of


@require_GET
@login_required
def settings_index(request: HttpRequest) -> HttpResponse:
    """Lists the entries open to this person; who has none finds no such page."""
    groups = navigation.settings_groups(person_of(request), request.path)
    if not groups:
        raise queries.NotFound
    return render(request, "accounts/settings.html", {"groups": groups})
