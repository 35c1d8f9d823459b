"""The routes of the inbox, and a conversation to try them with, for the isolation test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from channels_app.intake import receive
from tests.channels_app.envelopes import AT, TILL, envelope
from tests.isolation import MARK, Listed, Named, Route, World
from tickets.actions import save_view
from tickets.actions.alarms import watch_clocks
from tickets.actions.attachments import keep_upload
from tickets.actions.broadcasts import send_broadcast
from tickets.actions.rules import Draft, make_rule
from tickets.actions.tools import Audience, save_canned_reply, save_macro
from tickets.macros import Steps
from tickets.models import AlarmNotice, Ticket
from tickets.rules.content import Content, Part


def _add_ticket(world: World) -> None:
    said = envelope(
        "chat-1",
        "chat.message",
        source="/seoul/chat",
        customer={"phone": "010-0000-8765", "name": f"이채팅{MARK}"},
        thread="chat:1",
        from_="customer",
        text=f"소매가 뜯어졌어요 {MARK}",
    )
    (outcome,) = receive(world.hidden.organization, [said], sender=TILL, at=AT)
    world.made["ticket"] = outcome.ticket
    world.made["said"] = outcome.event


def _note(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["ticket"], "note_id": UUID(int=1)}


def _item(world: World) -> dict[str, UUID]:
    return _ticket(world) | {"event_id": world.made["said"]}


def _delivery(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["ticket"], "delivery_id": world.made["delivery"]}


def _ticket(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["ticket"]}


def _add_alarm(world: World) -> None:
    organization = world.hidden.organization
    watch_clocks(organization, at=timezone.now())
    notices = AlarmNotice.objects.filter(organization=organization)
    world.made["alarm"] = notices.first()
    # Alarms are each person's own: the owner is to find this one.
    notices.update(person=world.hidden.owner)


def _alarm(world: World) -> dict[str, UUID]:
    return {"notice_id": world.made["alarm"].public_id}


def _add_promise(world: World) -> None:
    told = {"thread": "chat:1", "agent": world.hidden.owner.email, "text": f"약속 메모 {MARK}"}
    told["promise"] = {"text": f"교환품 발송 {MARK}"}  # type: ignore[assignment]
    noted = envelope("note-1", "note.added", source="/seoul/chat", **told)
    (outcome,) = receive(world.hidden.organization, [noted], sender=TILL, at=AT)
    world.made["promise"] = outcome.event


def _promise(world: World) -> dict[str, UUID]:
    return {"promise_id": world.made["promise"]}


def _add_view(world: World) -> None:
    view = save_view(world.hidden.owner, name=f"보기{MARK}", query="?view=mine", center=world.hidden.seoul)
    world.made["view"] = view.public_id


def _view(world: World) -> dict[str, UUID]:
    return {"view_id": world.made["view"]}


def _add_rule(world: World) -> None:
    acts = (Part("tag", (f"태그{MARK}",)),)
    draft = Draft(f"규칙{MARK}", Content("opened", (), acts))
    world.made["rule"] = make_rule(world.hidden.organization, draft, by=world.hidden.owner, at=timezone.now()).public_id


def _rule(world: World) -> dict[str, UUID]:
    return {"rule_id": world.made["rule"]}


def _add_missed_call(world: World) -> None:
    rung = {
        "source": "/seoul/call",
        "customer": {"phone": "010-0000-4321", "name": f"박부재{MARK}"},
        "thread": "call:1",
    }
    events = [
        envelope("call-1", "call.queued", **rung, **{"from": "010-0000-4321"}),
        envelope("call-2", "call.abandoned", source="/seoul/call", thread="call:1", minutes=1),
        envelope(
            "call-3",
            "call.recording",
            source="/seoul/call",
            thread="call:1",
            minutes=2,
            url=f"https://recordings.example/{MARK}",
            seconds=3,
        ),
    ]
    outcomes = receive(world.hidden.organization, events, sender=TILL, at=AT)
    world.made |= {"missed": outcomes[0].ticket, "recording": outcomes[2].event}


def _missed(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["missed"]}


def _add_broadcast(world: World) -> None:
    cast, at = world.hidden, timezone.now()
    # To the owner as well: she is to find it among what is said to her.
    cast.owner.centers.add(cast.seoul)
    row = send_broadcast(
        f"오늘은 6시에 닫아요 {MARK}", to=[cast.seoul], ends_at=at + timedelta(hours=1), by=cast.lead, at=at
    )
    world.made["broadcast"] = row.public_id


def _broadcast(world: World) -> dict[str, UUID]:
    return {"broadcast_id": world.made["broadcast"]}


def _add_tools(world: World) -> None:
    organization, by = world.hidden.organization, world.hidden.owner
    told = {"title": f"교환 안내 {MARK}", "shortcut": "교환", "audience": Audience(), "by": by, "at": AT}
    world.made["canned"] = save_canned_reply(organization, text=f"교환해 드릴게요 {MARK}", **told).public_id
    world.made["macro"] = save_macro(organization, steps=Steps(priority="high"), **told).public_id


def _add_file(world: World) -> None:
    ticket = Ticket.objects.get(public_id=world.made["ticket"])
    upload = SimpleUploadedFile(f"사진 {MARK}.txt", f"소매 {MARK}".encode())
    kept = keep_upload(ticket.organization, ticket.thread, upload, by=world.hidden.owner, at=AT)
    world.made["file"] = kept.public_id


def _file(world: World) -> dict[str, UUID]:
    return _ticket(world) | {"attachment_id": world.made["file"]}


def _canned(world: World) -> dict[str, UUID]:
    return {"reply_id": world.made["canned"]}


def _macro(world: World) -> dict[str, UUID]:
    return {"macro_id": world.made["macro"]}


POPULATE: list[Callable[[World], None]] = [
    _add_ticket,
    _add_missed_call,
    _add_alarm,
    _add_promise,
    _add_view,
    _add_rule,
    _add_broadcast,
    _add_tools,
    _add_file,
]

ROUTES: dict[str, Route] = {
    "tickets:availability": Listed(post={"state": "online", "place": "rail"}),
    "tickets:availability_idle": Listed(post={"idle": "1"}),
    "tickets:team": Listed(),
    "tickets:colleague_state": Named(lambda world: {"person_id": world.hidden.agent.public_id}),
    "tickets:broadcasts": Listed(post={"text": "안녕하세요", "ends": "hour", "centers": "seoul"}),
    "tickets:broadcast_end": Named(_broadcast),
    "tickets:broadcast_read": Named(_broadcast),
    "tickets:notices": Listed(),
    "tickets:notice_read": Named(_ticket),
    "tickets:my_day": Listed(),
    "tickets:whisper": Named(_ticket),
    "tickets:center_routing": Named(lambda world: {"center_id": world.hidden.seoul.public_id}),
    "tickets:rules": Listed(),
    "tickets:rules_ready": Listed(post={}),
    "tickets:rule_new": Listed(
        post={"name": "새 규칙", "trigger": "opened", "act-0-word": "tag", "act-0-values": "가"}
    ),
    "tickets:rule": Named(_rule),
    "tickets:rule_edit": Named(_rule),
    "tickets:rule_trial": Named(_rule),
    "tickets:rule_switch": Named(_rule),
    "tickets:rule_up": Named(_rule),
    "tickets:rule_remove": Named(_rule),
    "tickets:inbox": Listed("?q=소매"),
    "tickets:message_search": Listed("?q=소매"),
    "tickets:rows": Listed("?q=소매"),
    "tickets:alarms": Listed(),
    "tickets:alarm_bell": Listed(),
    "tickets:alarms_read": Listed(post={}),
    "tickets:alarm_mails": Listed(post={"mails": "on"}),
    "tickets:alarm_read": Named(_alarm),
    "tickets:detail": Named(_ticket),
    "tickets:messages": Named(_ticket),
    "tickets:head": Named(_ticket),
    "tickets:history": Named(_ticket),
    "tickets:item": Named(_item),
    "tickets:caller": Named(_ticket),
    "tickets:reply": Named(_ticket),
    "tickets:note": Named(_ticket),
    "tickets:promises": Listed("?whose=center"),
    "tickets:promise_lead": Listed(post={"minutes": "60"}),
    "tickets:promise": Named(_promise),
    "tickets:promise_settle": Named(_promise),
    "tickets:promise_make": Named(_ticket),
    "tickets:mentions": Listed(),
    "tickets:own_waits": Listed(),
    "tickets:call_backs": Listed(),
    "tickets:call_back_count": Listed(),
    "tickets:call_back_claim": Named(_missed),
    "tickets:call_back_release": Named(_missed),
    "tickets:call_back_tried": Named(_missed),
    "tickets:call_back_close": Named(_missed),
    # There is no such note; who may change one, see test_together.
    "tickets:edit_note": Named(_note, opens_for_own=False),
    "tickets:mentionable": Named(_ticket),
    "tickets:draft": Named(_ticket),
    "tickets:others": Named(_ticket),
    "tickets:wrap_up": Named(_ticket),
    "tickets:take": Named(_ticket),
    "tickets:assign": Named(_ticket),
    "tickets:resolve": Named(_ticket),
    "tickets:reopen": Named(_ticket),
    "tickets:snooze": Named(_ticket),
    "tickets:wake": Named(_ticket),
    "tickets:priority": Named(_ticket),
    "tickets:tags": Named(_ticket),
    "tickets:unassign": Named(_ticket),
    "tickets:transfer": Named(_ticket),
    "tickets:escalate": Named(_ticket),
    "tickets:link": Named(_ticket),
    "tickets:merge": Named(_ticket),
    "tickets:unmerge": Named(_ticket),
    "tickets:unlink": Named(_ticket),
    "tickets:deliveries": Named(_ticket),
    "tickets:delivery_again": Named(_delivery),
    "tickets:transcript": Named(_ticket),
    **{f"tickets:many_{act}": Listed() for act in ("assign", "priority", "tags", "snooze", "move", "resolve", "undo")},
    "tickets:tools": Named(_ticket),
    "tickets:use_reply": Named(lambda world: _ticket(world) | _canned(world)),
    "tickets:macro": Named(lambda world: _ticket(world) | _macro(world)),
    "tickets:reply_list": Listed(),
    "tickets:reply_new": Listed(),
    "tickets:reply_detail": Named(_canned),
    "tickets:reply_delete": Named(_canned),
    "tickets:macro_list": Listed(),
    "tickets:macro_new": Listed(),
    "tickets:macro_detail": Named(_macro),
    "tickets:macro_delete": Named(_macro),
    "tickets:upload": Named(_ticket),
    # Before it is removed.
    "tickets:attachment": Named(_file),
    "tickets:remove_upload": Named(_file),
    "tickets:saved_views": Listed(),
    "tickets:saved_view": Named(_view),
    "tickets:saved_view_up": Named(_view),
    "tickets:saved_view_delete": Named(_view),
    "tickets:tag_names": Listed(),
    # Its form names a claim that this conversation lacks.
    "tickets:confirm": Named(_ticket, opens_for_own=False),
}
