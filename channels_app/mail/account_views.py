"""The settings screen of channel accounts: the list, one with its trial mail, and how mails come in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import open_to, organization_of, person_of
from accounts.policies import Permission
from channels_app.deliveries.actions import CannotSend, send_trial
from channels_app.deliveries.queries import account_for, accounts_for
from channels_app.mail.account_actions import AccountRefused, create_mail_account, update_mail_account
from channels_app.mail.forms import MailAccountForm
from channels_app.models import ChannelAccount


@open_to(Permission.MANAGE_CHANNELS)
@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    context = {"accounts": accounts_for(person_of(request), adapter="mail"), "sends_mail": settings.SENDS_MAIL}
    return render(request, "channels_app/mail/account_list.html", context)


@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    form = MailAccountForm(request.POST or None, person=person_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = create_mail_account(organization_of(request), form.content(), by=person_of(request), at=now())
        except AccountRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The account is ready. Send yourself a trial to see that it works."))
            return redirect("channels:account_detail", account_id=account.public_id)
    return _page(request, form, None)


@open_to(Permission.MANAGE_CHANNELS)
@require_http_methods(["GET", "POST"])
def account_detail(request: HttpRequest, account_id: UUID) -> HttpResponse:
    person = person_of(request)
    account = account_for(person, account_id)
    form = MailAccountForm(request.POST or None, person=person, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            update_mail_account(account, form.content(), by=person, at=now())
        except AccountRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("channels:account_detail", account_id=account.public_id)
    return _page(request, form, account)


@open_to(Permission.MANAGE_CHANNELS)
@require_POST
def account_trial(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A mail to herself; what became of it is shown where it leads."""
    person = person_of(request)
    account = account_for(person, account_id)
    try:
        delivery = send_trial(account, by=person, at=now())
    except CannotSend as refusal:
        messages.error(request, str(refusal))
        return redirect("channels:account_detail", account_id=account.public_id)
    messages.success(request, _("A trial is on its way to %(address)s.") % {"address": person.email})
    return redirect("channels:delivery_detail", delivery_id=delivery.public_id)


def _page(request: HttpRequest, form: MailAccountForm, account: ChannelAccount | None) -> HttpResponse:
    address = request.build_absolute_uri(reverse("channels:api-mail"))
    context = {
        "form": form,
        "account": account,
        "sends_mail": settings.SENDS_MAIL,
        "curl": f'curl -sS --fail -H "Authorization: Bearer cx_…" -H "Content-Type: message/rfc822" --data-binary @- {address}',
        "pipe": f"manage.py take_mail --organization {organization_of(request).slug}",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "channels_app/mail/account.html", context, status=status)
