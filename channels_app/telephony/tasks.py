"""Envelopes for the worker: one call to be handed over, and a step of a simulated one."""

from __future__ import annotations

from celery import shared_task
from django.utils.timezone import now

from channels_app.models import CallRequest
from channels_app.telephony import actions, simulator
from channels_app.telephony.waking import HAND_OVER, hand_over_soon


@shared_task(name=HAND_OVER, time_limit=30, max_retries=0)  # type: ignore[untyped-decorator]
def hand_over_call(*, request_id: int, **_unknown: object) -> None:
    pause = actions.hand_over(request_id, at=now())
    if pause is not None:
        hand_over_soon(request_id, after_seconds=pause)


@shared_task(name=simulator.PLAY, time_limit=30, max_retries=0)  # type: ignore[untyped-decorator]
def play_simulated_call(*, request_id: int, number: int, **_unknown: object) -> None:
    request = CallRequest.objects.select_related("organization", "person", "center").filter(pk=request_id).first()
    if request is not None:
        simulator.play_step(request, number)
