"""Tells the pages of whoever asked for a call that it stands differently. Ids only."""

from __future__ import annotations

from channels_app.models import CallRequest
from cxhub.live import publish_on_commit


def announce_request(request: CallRequest) -> None:
    told = {"type": "hub.event", "kind": "call-request", "request": request.public_id.hex}
    publish_on_commit([(f"person.{request.person_id}", told)])
