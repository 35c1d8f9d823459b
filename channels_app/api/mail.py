"""The door for mails that came in elsewhere: a mail server's pipe or a provider's webhook hands in what it received."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema

from channels_app.api import schema
from channels_app.api.authentication import check_rate, sender_of
from channels_app.api.requests import raw_body
from channels_app.api.responses import json_response, problem_response
from channels_app.api.views import ApiView
from channels_app.mail.inbound import NoSuchMailbox, mailbox_of, take_mail
from channels_app.mail.reading import MAIL_BYTES, Unreadable, read_mail
from channels_app.models.api_key import Scope
from channels_app.outcomes import CREATED
from channels_app.problems import Problem, Refused
from customers.email_addresses import normal_email

MAIL = "message/rfc822"


class MailView(ApiView):
    scopes = {"POST": Scope.EVENTS_WRITE}

    @extend_schema(**schema.POST_MAIL)
    def post(self, request: Any) -> HttpResponse:
        """One raw mail. `?to=` is whom it was handed over for; without it the mail's own heads tell."""
        check_rate(request.auth, events=1)
        raw = _mail_in(request._request)
        try:
            mail = read_mail(raw)
        except Unreadable as error:
            raise Refused(Problem("not-a-mail", received=str(error)[:80])) from error
        told = normal_email(request.query_params.get("to", ""))
        try:
            account = mailbox_of(request.auth.organization, [told, *mail.recipients] if told else mail.recipients)
        except NoSuchMailbox as error:
            raise Refused(Problem("no-such-mailbox")) from error
        taken = take_mail(account, mail, sender=sender_of(request.auth), at=now())
        if taken.outcome is None:
            return json_response({"status": "ignored", "reason": taken.reason}, status=200)
        outcome = taken.outcome
        if outcome.is_refused:
            return problem_response(outcome.problem, event_id=outcome.id)
        answer = {"id": outcome.id, "status": outcome.status, "event": outcome.event, "ticket": outcome.ticket}
        return json_response(answer, status=201 if outcome.status == CREATED else 200)


def _mail_in(request: HttpRequest) -> bytes:
    kind = request.content_type or ""
    if kind != MAIL:
        raise Refused(Problem("not-a-mail", received=kind[:80]))
    return raw_body(request, at_most=MAIL_BYTES)
