"""The routes of the inbox, and a conversation to try them with, for the isolation test."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from channels_app.intake import receive
from tests.channels_app.envelopes import AT, TILL, envelope
from tests.isolation import MARK, Listed, Named, Route, World


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


def _note(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["ticket"], "note_id": UUID(int=1)}


def _ticket(world: World) -> dict[str, UUID]:
    return {"ticket_id": world.made["ticket"]}


POPULATE: list[Callable[[World], None]] = [_add_ticket]

ROUTES: dict[str, Route] = {
    "tickets:inbox": Listed("?q=소매"),
    "tickets:rows": Listed("?q=소매"),
    "tickets:detail": Named(_ticket),
    "tickets:messages": Named(_ticket),
    "tickets:head": Named(_ticket),
    "tickets:history": Named(_ticket),
    "tickets:caller": Named(_ticket),
    "tickets:reply": Named(_ticket),
    "tickets:note": Named(_ticket),
    "tickets:mentions": Listed(),
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
    "tickets:move": Named(_ticket),
    # Its form names a claim that this conversation lacks.
    "tickets:confirm": Named(_ticket, opens_for_own=False),
}
