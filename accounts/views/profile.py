"""A person's own page: name, language, password, two-step log-in."""

from allauth.account.views import PasswordChangeView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, audit, second_factor
from accounts.access import organization_of, person_of
from accounts.forms.person import ProfileForm
from accounts.forms.refusal import show_refusal


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    organization_of(request)
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_profile(person, **form.cleaned_data, at=now())
        except actions.Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:profile")
    context = {"form": form, "has_second_factor": second_factor.has_second_factor(person)}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """allauth's change of password, with its line in the trail."""

    success_url = reverse_lazy("accounts:profile")

    def get_default_success_url(self) -> str:
        return str(self.success_url)

    def form_valid(self, form: Form) -> HttpResponse:
        person = person_of(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            if person.organization:
                audit.record_for(self.request, action="accounts.person.change_password", obj=f"person:{person.email}")
        messages.success(self.request, _("Your password is changed."))
        return response


class ActivateSecondFactor(ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Form) -> HttpResponse:
        person = person_of(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            second_factor.record_second_factor_change(person, is_on=True, by=person, at=now())
        return response


class DeactivateSecondFactor(DeactivateTOTPView):  # type: ignore[misc]
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: Form) -> HttpResponse:
        person = person_of(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            second_factor.record_second_factor_change(person, is_on=False, by=person, at=now())
        messages.success(self.request, _("Two-step log-in is switched off."))
        return response
