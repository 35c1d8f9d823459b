"""Asks the worker to hand a call over. What was not asked for is found by the round, and given up: it came too late."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

HAND_OVER = "channels_app.hand_over_call"


def hand_over_soon(request_id: int, *, after_seconds: int = 0) -> None:
    try:
        current_app.send_task(HAND_OVER, kwargs={"request_id": request_id}, countdown=after_seconds, retry=False)
    except (OperationalError, RedisError) as error:
        logger.warning("The worker was not asked to call", extra={"cause": type(error).__name__})
