"""A visitor asks for her conversation by mail."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from channels_app import rate_limits
from channels_app.deliveries.actions import CannotSend, send_transcript
from channels_app.deliveries.queries import mail_account_for
from channels_app.models.widget import WidgetConversation, WidgetSettings
from channels_app.widget import queries
from channels_app.widget.payloads import Credentials, WidgetRefusal
from channels_app.widget.views import Answer, widget_door
from customers.models.event import Thread
from cxhub.middleware import client_address

# Whoever has many conversations behind one address is an office, and not that many.
TRANSCRIPTS_PER_ADDRESS, HOUR_SECONDS = 30, 3600.0


class PostedTranscript(Credentials, frozen=True, kw_only=True):
    email: str
    language: str = "ko"


@widget_door(PostedTranscript)
def transcript(request: HttpRequest, widget: WidgetSettings, asked: PostedTranscript) -> Answer:
    """Sends what was said until now. Raises WidgetRefusal: "bad_email", "no_mail", "nothing_said", "slow_down"."""
    conversation = queries.conversation_for(widget, asked)
    if rate_limits.take(
        f"widget:transcript:{client_address(request)}", limit=TRANSCRIPTS_PER_ADDRESS, per_seconds=HOUR_SECONDS
    ):
        raise WidgetRefusal("slow_down", _("Too much at once. Please wait a moment."), status=429, retry_after=60.0)
    ask_for_transcript(conversation, asked.email, language=asked.language, at=timezone.now())
    return {"sent": True}


def ask_for_transcript(conversation: WidgetConversation, email: str, *, language: str, at: datetime) -> None:
    organization = conversation.organization
    account = mail_account_for(organization.pk, conversation.visitor.widget.center_id)
    if account is None:
        raise WidgetRefusal("no_mail", _("Mails cannot be sent from here."), status=409)
    threads = Thread.objects.filter(organization=organization, key=conversation.thread_key)
    last_seq = threads.values_list("last_seq", flat=True).first() or 0
    if not last_seq:
        raise WidgetRefusal("nothing_said", _("Nothing has been said yet."), status=409)
    try:
        send_transcript(
            organization,
            conversation.thread_key,
            email,
            last_seq=last_seq,
            account=account,
            by=None,
            at=at,
            language=language if language in ("ko", "en") else (get_language() or "ko"),
        )
    except CannotSend as refusal:
        raise WidgetRefusal("not_sent", str(refusal), status=422) from refusal
