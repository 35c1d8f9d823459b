"""Hands one mail to the mail server of this installation and says what became of it.

Step by step rather than by one call: where the connection breaks decides whether the mail may have been taken.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from channels_app.deliveries.adapter import DeliveryFailed

T = TypeVar("T")
# All steps together; less than half of what a worker's claim lasts (deliveries.sending.CLAIM_SECONDS).
SEND_SECONDS = 60.0

# RFC 3463: what a server may say more exactly than by its three digits.
_BY_ENHANCED_CODE = {"5.1": "no_such_address", "5.2.2": "mailbox_full", "4.2.2": "mailbox_full"}


def hand_over(mail: bytes, *, sender: str, recipient: str) -> None:
    """Returns when the server has taken the mail. Raises DeliveryFailed."""
    began = time.monotonic()
    server = _connected()
    try:
        _step(lambda: server.mail(sender), server, began, if_refused="sender_refused")
        _step(lambda: server.rcpt(recipient), server, began, if_refused="no_such_address")
        _step(lambda: server.docmd("DATA"), server, began, if_refused="refused", taken=354)
        _step(lambda: _content(server, mail), server, began, if_refused="refused", is_content=True)
    finally:
        _leave(server)


def _connected() -> smtplib.SMTP:
    backend = EmailBackend()
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError as error:
        # Whoever runs the hub can mend it, and then all of it goes.
        raise DeliveryFailed("login_refused", _said(error.smtp_code, error.smtp_error), is_everybodys=True) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise DeliveryFailed("unreachable", f"{type(error).__name__}: {error}", is_everybodys=True) from error
    server = backend.connection
    assert server is not None, "An open backend has a connection."
    try:
        server.ehlo_or_helo_if_needed()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed("unreachable", f"{type(error).__name__}: {error}", is_everybodys=True) from error
    return server


def _step(
    act: Callable[[], tuple[int, bytes]],
    server: smtplib.SMTP,
    began: float,
    *,
    if_refused: str,
    taken: int = 250,
    is_content: bool = False,
) -> None:
    left = SEND_SECONDS - (time.monotonic() - began)
    try:
        if left <= 0:
            raise TimeoutError("The mail server takes too long.")
        if server.sock is not None:
            server.sock.settimeout(min(left, settings.EMAIL_TIMEOUT))
        code, words = act()
    except (smtplib.SMTPException, OSError) as error:
        told = f"{type(error).__name__}: {error}"
        if is_content:
            # It may have taken the mail and died before it could say so.
            raise DeliveryFailed("interrupted", told, is_unknown=True) from error
        raise DeliveryFailed("unreachable", told, is_everybodys=True) from error
    if code == taken or (taken == 250 and code == 251):
        return
    raise refusal(code, words.decode("utf-8", "replace"), if_refused=if_refused)


def _content(server: smtplib.SMTP, mail: bytes) -> tuple[int, bytes]:
    """The mail itself, its lines as SMTP wants them: a dot in front of one is doubled."""
    lines = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    server.send(b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n")
    return server.getreply()


def refusal(code: int, words: str, *, if_refused: str = "refused") -> DeliveryFailed:
    """What a server's answer comes to: 4yz another time, 5yz never, and why."""
    status = next((word for word in words.split()[:1] if word[:2] in ("4.", "5.")), "")
    exact = next((cause for start, cause in _BY_ENHANCED_CODE.items() if f"{status}.".startswith(f"{start}.")), "")
    if code == 421 or (400 <= code < 500):
        return DeliveryFailed(exact or "busy", _said(code, words), is_everybodys=code == 421)
    if if_refused == "no_such_address" and status and not exact:
        exact = "refused"  # a reason of its own: no mails from strangers, a policy
    return DeliveryFailed(exact or if_refused, _said(code, words), is_permanent=True)


def _leave(server: smtplib.SMTP) -> None:
    """Politely where it still listens; what it says to that changes nothing."""
    try:
        if server.sock is not None:
            server.sock.settimeout(2)
            server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
