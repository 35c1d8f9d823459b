"""The widget's HTTP side: its script, its session, and the same protocol by POST where sockets do not get through.

No cookie counts here, so neither does CSRF: a visitor is known by the secret in the body. The body is JSON whatever
its Content-Type says; the widget sends text/plain, which spares browsers the extra request of a CORS preflight.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from channels_app.deliveries.actions import carry_on_unseen
from channels_app.deliveries.queries import mail_account_for
from channels_app.models.widget import WidgetConversation, WidgetSettings
from channels_app.widget import actions, files, origins, presence, queries, script, survey_actions
from channels_app.widget import payloads as wire
from channels_app.widget.own_conversations import own_conversations, unread_elsewhere
from cxhub.middleware import client_address
from tickets.queries.attachments import uploads_told

logger = logging.getLogger(__name__)
Asked = TypeVar("Asked", bound=msgspec.Struct)
Answer = dict[str, object]


def widget_door(
    shape: type[Asked],
) -> Callable[
    [Callable[[HttpRequest, WidgetSettings, Asked], Answer | HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """Makes a view of a function from a widget and a checked body to a JSON answer, or to a response of its own.

    Checks the origin and writes the CORS headers for exactly that one; turns a refusal into its status.
    """
    decoder = msgspec.json.Decoder(shape)

    def door(
        answer: Callable[[HttpRequest, WidgetSettings, Asked], Answer | HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @require_http_methods(["POST", "OPTIONS"])
        @wraps(answer)
        def view(request: HttpRequest, widget_id: UUID) -> HttpResponseBase:
            origin = request.headers.get("Origin")
            try:
                widget = queries.active_widget(widget_id)
                if widget is None:
                    raise wire.WidgetRefusal("unknown_widget", "There is no such widget.", status=404)
                if not origins.is_allowed(origin, allowed_origins=widget.allowed_origins, own_host=request.get_host()):
                    raise wire.WidgetRefusal("forbidden_origin", "This page may not use the widget.", status=403)
            except wire.WidgetRefusal as refusal:
                return _json(refusal.as_error(), status=refusal.status)
            if request.method == "OPTIONS":
                return _open_to(origin, HttpResponse(status=204))
            return _open_to(origin, _answered(request, widget, decoder, answer))

        return view

    return door


@widget_door(wire.OpenSession)
def session(request: HttpRequest, widget: WidgetSettings, asked: wire.OpenSession) -> Answer:
    opened = actions.open_session(widget, asked, address=client_address(request), at=timezone.now())
    conversation = opened.conversation
    visitor = conversation.visitor
    return {
        "visitor": visitor.public_id,
        "secret": opened.new_secret or None,
        "conversation": conversation.public_id,
        "verified": visitor.is_verified,
        "told": sorted(visitor.about),
        "token_problem": opened.token_problem or None,
        "settings": _settings(widget),
        "seen": conversation.visitor_seen_seq,
        "unread_elsewhere": unread_elsewhere(conversation),
        # A conversation that is new has none.
        "uploads": []
        if opened.new_secret
        else uploads_told(conversation.organization_id, conversation.thread_key, by=None),
        # A new secret means a new conversation: what the browser knew of another one does not count.
        **_news(conversation, 0 if opened.new_secret else asked.after),
    }


@widget_door(wire.PostedMessage)
def messages(request: HttpRequest, widget: WidgetSettings, asked: wire.PostedMessage) -> Answer:
    conversation = queries.conversation_for(widget, asked)
    actions.note_seen_by_visitor(conversation, upto=asked.seen)
    ack = actions.send_message(
        conversation,
        message_id=asked.id,
        text=asked.text,
        attachments=asked.attachments,
        address=client_address(request),
        at=timezone.now(),
    )
    return {"ack": ack, **_news(conversation, asked.after)}


@widget_door(wire.Credentials)
def fetch(request: HttpRequest, widget: WidgetSettings, asked: wire.Credentials) -> Answer:
    conversation = queries.conversation_for(widget, asked)
    presence.note_page(conversation.pk, "post")
    actions.note_seen_by_visitor(conversation, upto=asked.seen)
    return _news(conversation, asked.after)


@widget_door(wire.PostedAbout)
def about(request: HttpRequest, widget: WidgetSettings, asked: wire.PostedAbout) -> Answer:
    conversation = queries.conversation_for(widget, asked)
    actions.tell_about_visitor(conversation, asked, at=timezone.now())
    carry_on_unseen(conversation, at=timezone.now())
    return {"told": sorted(conversation.visitor.about)}


@widget_door(wire.Credentials)
def conversations(request: HttpRequest, widget: WidgetSettings, asked: wire.Credentials) -> Answer:
    conversation = queries.conversation_for(widget, asked)
    actions.note_seen_by_visitor(conversation, upto=asked.seen)
    return {"conversations": own_conversations(conversation.visitor)}


@widget_door(wire.Credentials)
def begin(request: HttpRequest, widget: WidgetSettings, asked: wire.Credentials) -> Answer:
    conversation = queries.conversation_for(widget, asked)
    return {"conversation": actions.begin_conversation(conversation, at=timezone.now()).public_id}


@widget_door(wire.PostedSurvey)
def survey(request: HttpRequest, widget: WidgetSettings, asked: wire.PostedSurvey) -> Answer:
    conversation = queries.conversation_for(widget, asked)
    if asked.score is None:
        survey_actions.note_asked(conversation, asked.ticket, at=timezone.now())
    else:
        survey_actions.answer(conversation, asked.ticket, score=asked.score, comment=asked.comment, at=timezone.now())
    return {"state": queries.state_of(conversation)}


@widget_door(wire.UploadedFile)
def upload(request: HttpRequest, widget: WidgetSettings, asked: wire.UploadedFile) -> Answer:
    """One file, as the part `file` beside `asked` of a form."""
    conversation = queries.conversation_for(widget, asked)
    file = request.FILES.get("file")
    now = timezone.now()
    return {"attachment": files.keep_file(conversation, file, key=asked.key, address=client_address(request), at=now)}


@widget_door(wire.WantedFile)
def read_file(request: HttpRequest, widget: WidgetSettings, asked: wire.WantedFile) -> HttpResponseBase:
    return files.read_file(queries.conversation_for(widget, asked), asked.id)


@widget_door(wire.WantedFile)
def drop_file(request: HttpRequest, widget: WidgetSettings, asked: wire.WantedFile) -> Answer:
    files.drop_file(queries.conversation_for(widget, asked), asked.id)
    return {}


@require_safe
def widget_js(request: HttpRequest) -> HttpResponse:
    return script.response(request)


def _answered(
    request: HttpRequest,
    widget: WidgetSettings,
    decoder: msgspec.json.Decoder[Asked],
    answer: Callable[[HttpRequest, WidgetSettings, Asked], Answer | HttpResponseBase],
) -> HttpResponseBase:
    try:
        given = answer(request, widget, wire.decode_as(decoder, _asked(request)))
        return given if isinstance(given, HttpResponseBase) else _json(given)
    except wire.WidgetRefusal as refusal:
        response = _json(refusal.as_error(), status=refusal.status)
        if refusal.retry_after:
            response["Retry-After"] = str(int(refusal.retry_after) + 1)
        return response
    except OperationalError as error:
        logger.warning("A visitor's request has to wait for the database", extra={"cause": type(error).__name__})
        return _json(wire.Error("try_later", "Please try again.", retry_after=2.0), status=503)


def _settings(widget: WidgetSettings) -> Answer:
    """What the widget needs to know; nothing of it is worth hiding."""
    asks = widget.asks
    topics = queries.topics_offered(widget.organization_id) if "topic" in asks else {}
    return {
        "name": widget.name,
        "greeting": widget.greetings,
        "color": widget.brand_color,
        "asks": asks if topics or "topic" not in asks else {key: how for key, how in asks.items() if key != "topic"},
        "topics": list(topics.items()),
        "kept_months": widget.contact_kept_months,
        "privacy_url": widget.privacy_url,
        "closed_form": widget.takes_closed_messages,
        "sound": widget.plays_sound,
        "sends_transcript": mail_account_for(widget.organization_id, widget.center_id) is not None,
    }


def _asked(request: HttpRequest) -> bytes | str:
    """The body, or the part `asked` of a form that carries a file. Raises BadFrame."""
    is_form = request.content_type == "multipart/form-data"
    # Beside the file: what a form puts around its parts.
    most = wire.MAX_FRAME_BYTES + (settings.ATTACHMENT_MAX_BYTES if is_form else 0)
    if int(request.headers.get("Content-Length") or 0) > most:
        raise wire.BadFrame("too_big", f"A body may have {most} bytes.", status=413)
    return request.POST.get("asked", "") if is_form else request.body


def _news(conversation: WidgetConversation, after: int) -> Answer:
    news = queries.news_after(conversation, max(0, after))
    return {"messages": news.page.items, "upto": news.page.upto, "more": news.page.more, "state": news.state}


def _json(content: object, *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def _open_to(origin: str | None, response: HttpResponseBase) -> HttpResponseBase:
    assert origin, "Only an allowed origin comes this far."
    response["Access-Control-Allow-Origin"] = origin
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = "Content-Type"
    response["Access-Control-Max-Age"] = "7200"
    response["Access-Control-Expose-Headers"] = "Retry-After"
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Origin",))
    return response
