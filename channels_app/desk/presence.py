"""An open page says that its person is at her desk: when it connects, and with each ping."""

from __future__ import annotations

import logging

from django.db import OperationalError
from django.utils.timezone import now

from accounts.models import Person
from cxhub.presence import forget_socket, note_socket
from tickets.actions import availability

logger = logging.getLogger(__name__)


def note_page(person: Person, socket: str) -> None:
    """Writes down that the page is there; brings back whoever had left or was cut off."""
    if person.organization_id is None:
        return
    note_socket(person.pk, socket)
    try:
        availability.arrive(person, at=now())
    except OperationalError as error:
        logger.warning("An arrival waits for the next ping", extra={"cause": type(error).__name__})


def forget_page(person: Person, socket: str) -> None:
    forget_socket(person.pk, socket)
