"""The settings screen of the chat widgets: list, form with preview, snippet, signing secret."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.models.widget import DEFAULT_COLOR, WidgetSettings
from channels_app.widget import queries, settings_actions
from channels_app.widget.forms import WidgetForm
from channels_app.widget.settings_actions import WidgetSettingsRefused


@open_to(Permission.MANAGE_WIDGETS)
@require_GET
def widget_list(request: HttpRequest) -> HttpResponse:
    widgets = queries.widgets_for(person_of(request))
    return render(request, "channels_app/widget/list.html", {"widgets": widgets})


@open_to(Permission.MANAGE_WIDGETS)
@require_http_methods(["GET", "POST"])
def widget_new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = WidgetForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            widget = settings_actions.create_widget(
                organization_of(request),
                center=form.cleaned_data["center"],
                content=form.content(),
                by=person,
                at=timezone.now(),
            )
        except WidgetSettingsRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The widget is ready. Copy the line below into the shop's pages."))
            return redirect("channels:widget_detail", widget_id=widget.public_id)
    return _form_page(request, form, None)


@open_to(Permission.MANAGE_WIDGETS)
@require_http_methods(["GET", "POST"])
def widget_detail(request: HttpRequest, widget_id: UUID) -> HttpResponse:
    person = person_of(request)
    widget = queries.widget_for(person, widget_id)
    form = WidgetForm(request.POST or None, person=person, widget=widget)
    if request.method == "POST" and form.is_valid():
        try:
            settings_actions.update_widget(
                widget, center=form.cleaned_data["center"], content=form.content(), by=person, at=timezone.now()
            )
        except WidgetSettingsRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("channels:widget_detail", widget_id=widget.public_id)
    return _form_page(request, form, widget)


@never_cache
@open_to(Permission.MANAGE_WIDGETS)
@require_POST
def widget_secret(request: HttpRequest, widget_id: UUID) -> HttpResponse:
    """Shows the signing secret, or replaces it and shows the new one (`rotate`)."""
    person = person_of(request)
    widget = queries.widget_for(person, widget_id)
    is_new = "rotate" in request.POST
    act = settings_actions.rotate_signing_secret if is_new else settings_actions.reveal_signing_secret
    secret = act(widget, by=person, at=timezone.now())
    shown = {"secret": secret, "is_new": is_new}
    if not request.htmx:  # type: ignore[attr-defined]
        return _form_page(request, WidgetForm(None, person=person, widget=widget), widget, **shown)
    return render(request, "channels_app/widget/partials/secret.html", {"widget": widget, **shown})


def _form_page(request: HttpRequest, form: WidgetForm, widget: WidgetSettings | None, **more: object) -> HttpResponse:
    address = request.build_absolute_uri(reverse("channels:widget_js"))
    # Otherwise the button would have the shop's color only from the first opening on.
    color = f' data-color="{widget.brand_color}"' if widget and widget.brand_color != DEFAULT_COLOR else ""
    snippet = f'<script src="{address}" data-widget="{widget.public_id}"{color} defer></script>' if widget else ""
    topics = json.dumps(list(queries.topics_offered(organization_of(request).pk).items()), ensure_ascii=False)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "widget": widget, "snippet": snippet, "topics": topics, **more}
    return render(request, "channels_app/widget/form.html", context, status=status)
