"""What is true of the whole organization."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import open_to, organization_of, person_of
from accounts.forms.refusal import show_refusal
from accounts.forms.structure import OrganizationForm
from accounts.policies import Permission

FIELDS = ("name", "timezone", "currency", "language", "reopen_days")


@require_http_methods(["GET", "POST"])
@open_to(Permission.MANAGE_ORGANIZATION)
def organization(request: HttpRequest) -> HttpResponse:
    current = organization_of(request)
    form = OrganizationForm(
        request.POST or None,
        initial={field: getattr(current, field) for field in FIELDS},
        targets=current.default_targets,
    )
    if request.method == "POST" and form.is_valid():
        values = {field: form.cleaned_data[field] for field in FIELDS}
        try:
            actions.update_organization(
                current, **values, default_targets=form.targets(), by=person_of(request), at=now()
            )
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:organization")
    status = 422 if form.errors else 200
    return render(request, "accounts/organization.html", {"form": form, "organization": current}, status=status)
