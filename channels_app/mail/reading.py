"""Reads a raw mail (RFC 5322): who wrote, what of it is new, what came along, and whether a machine wrote it.

Whatever it holds is hostile: nothing here fetches, opens or acts. Raises `Unreadable` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from channels_app.mail.bounces import Bounce, bounce_in
from channels_app.mail.charsets import decoded, header_text
from channels_app.mail.files import Files, MailFile, Part, files_of
from channels_app.mail.html_text import text_of_html
from channels_app.mail.quotations import part_history
from customers.email_addresses import normal_email

MAIL_BYTES = 20 * 1024 * 1024  # what the large Korean providers let through
PARTS_AT_MOST = 200
HEADERS_AT_MOST = 1000
TEXT_LENGTH = 50_000  # characters
HISTORY_LENGTH = 20_000
ATTACHMENTS_AT_MOST = 50
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_DMARC_PASSES = re.compile(r"\s*dmarc\s*=\s*pass\b", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_LONGEST_REFERENCE = 320
RESULTS_LENGTH = 4000


class Unreadable(Exception):
    """The bytes are no mail that anybody could have meant."""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """`text` is what was written new, `history` what stood below it. `sender` is normalised, "" where there is none."""

    message_id: str
    sender: str
    sender_name: str
    reply_to: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    history: str = ""
    # Newest last: the mail that this one answers.
    references: tuple[str, ...] = ()
    files: tuple[MailFile, ...] = ()
    sent_at: datetime | None = None
    is_automatic: bool = False
    is_automatic_answer: bool = False
    bounce: Bounce | None = None
    # Which servers say of the sender that she is who she says she is (DMARC).
    vouched_by: frozenset[str] = field(default_factory=frozenset)

    @property
    def answer_to(self) -> str:
        """Where an answer goes, and so who she is taken for."""
        return self.reply_to or self.sender


def read_mail(raw: bytes) -> ReadMail:
    """Raises Unreadable."""
    if len(raw) > MAIL_BYTES:
        raise Unreadable(f"A mail may have {MAIL_BYTES} bytes.")
    try:
        mail = message_from_bytes(raw, policy=default)
        return _read(mail, raw)
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, IndexError, TypeError) as error:
        # The library stumbles in many ways over what was made to trip it.
        raise Unreadable(f"The mail cannot be read: {type(error).__name__}.") from error


def known_as(message_id: str) -> str:
    """A Message-ID as it is kept and compared."""
    told = message_id.strip()
    fits = len(told) <= _LONGEST_REFERENCE and told.isascii() and told.isprintable()
    return told if fits else f"<{sha256(told.encode('utf-8', 'replace')).hexdigest()}@long.invalid>"


def _read(mail: EmailMessage, raw: bytes) -> ReadMail:
    heads = _heads(mail)
    if not heads.get("from") and not heads.get("subject") and not heads.get("message-id"):
        raise Unreadable("There is no head of a mail.")
    sender, name = _address(heads, "from")
    reply_to, _name = _address(heads, "reply-to")
    body, files = _content(mail)
    text, history = part_history(body)
    text = _cut(text, TEXT_LENGTH)
    ids = _MESSAGE_ID.findall(" ".join(heads.get("message-id", [])[:1]))
    answered = [*_ids(heads, "references")[-50:], *_ids(heads, "in-reply-to")[:5]]
    return ReadMail(
        message_id=known_as(ids[0] if ids else f"<{sha256(raw).hexdigest()}@unnamed.invalid>"),
        sender=sender,
        sender_name=name[:100],
        reply_to=reply_to if reply_to != sender else "",
        recipients=tuple(_recipients(heads)),
        subject=header_text(heads.get("subject", [""])[0])[:900],
        text=text,
        history=history[:HISTORY_LENGTH],
        references=tuple(dict.fromkeys(known_as(one) for one in answered)),
        files=files.placed(text),
        sent_at=_date(heads),
        is_automatic=_is_automatic(heads),
        is_automatic_answer=_is_automatic_answer(heads),
        bounce=bounce_in(mail),
        vouched_by=_vouching(heads),
    )


def _heads(mail: EmailMessage) -> dict[str, list[str]]:
    """Raw values by name: the library's own reading of them trips over what Korean programs write."""
    heads: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(mail.raw_items()):
        if number >= HEADERS_AT_MOST:
            break
        heads.setdefault(name.lower(), []).append(str(value))
    return heads


def _address(heads: dict[str, list[str]], name: str) -> tuple[str, str]:
    for display, address in _addresses(heads, name):
        return address, display
    return "", ""


def _addresses(heads: dict[str, list[str]], name: str) -> Iterator[tuple[str, str]]:
    values = [value.replace("\r", "").replace("\n", "")[:20_000] for value in heads.get(name, [])[:20]]
    for display, address in getaddresses(values)[:100]:
        if normal := normal_email(address):
            yield header_text(display), normal


def _recipients(heads: dict[str, list[str]]) -> list[str]:
    """To whom it came, what the servers on its way noted first."""
    names = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to", "to", "cc")
    return list(dict.fromkeys(address for name in names for _display, address in _addresses(heads, name)))


def _ids(heads: dict[str, list[str]], name: str) -> list[str]:
    return _MESSAGE_ID.findall(" ".join(heads.get(name, []))[:100_000])


def _date(heads: dict[str, list[str]]) -> datetime | None:
    try:
        told = parsedate_to_datetime(heads.get("date", [""])[0])
    except (ValueError, TypeError, OverflowError):
        return None
    return told.astimezone(UTC) if told.tzinfo else None


def _is_automatic(heads: dict[str, list[str]]) -> bool:
    """Whether a machine wrote it, or it went to a list: nothing answers such a mail by itself."""
    submitted = " ".join(heads.get("auto-submitted", [])).strip().lower()
    precedence = " ".join(heads.get("precedence", [])).strip().lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(name in heads for name in ("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "feedback-id"))
        or heads.get("return-path", [""])[0].strip() == "<>"
    )


def _is_automatic_answer(heads: dict[str, list[str]]) -> bool:
    submitted = " ".join(heads.get("auto-submitted", [])).strip().lower()
    precedence = " ".join(heads.get("precedence", [])).strip().lower()
    return (
        submitted.startswith("auto-replied")
        or precedence == "auto_reply"
        or any(name in heads for name in ("x-autoreply", "x-autorespond"))
    )


def _vouching(heads: dict[str, list[str]]) -> frozenset[str]:
    """Each server whose topmost word on this mail is that DMARC passes. Those below may be anybody's."""
    told: dict[str, bool] = {}
    for value in heads.get("authentication-results", [])[:20]:
        server, _semicolon, results = value.partition(";")
        name = (server.split() or [""])[0].lower()
        told.setdefault(name, _says_pass(results))
    return frozenset(name for name, passes in told.items() if passes and name)


def _says_pass(results: str) -> bool:
    """A result repeats what the sender wrote, such as "; dmarc=pass"@…: what is quoted is hers, what is unclear no word."""
    if len(results) > RESULTS_LENGTH:
        return False
    said = _QUOTED.sub(" ", results)
    return not any(mark in said for mark in '"()') and any(_DMARC_PASSES.match(one) for one in said.split(";"))


def _content(mail: EmailMessage) -> tuple[str, Files]:
    """The words, and what came along. A plain part counts before an HTML one."""
    texts: list[Message] = []
    parts: list[Part] = []
    for part in _parts(mail):
        kind = part.get_content_type()
        name = _file_name(part)
        is_file = part.get_content_disposition() == "attachment" or bool(name)
        if not is_file and kind in ("text/plain", "text/html"):
            texts.append(part)
        elif len(parts) < ATTACHMENTS_AT_MOST:
            parts.append(Part(name or kind.replace("/", "."), _payload(part), _content_id(part)))
    files = files_of(parts)
    plain = [files.named(_text(part)) for part in texts if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        said = plain
    else:
        said = [text_of_html(_text(part), files.shown_as) for part in texts if part.get_content_type() == "text/html"]
    return "\n\n".join(text.strip() for text in said if text.strip()), files


def _parts(mail: Message) -> Iterator[Message]:
    """The leaves. A mail within the mail is one leaf: somebody else wrote it."""
    waiting, seen = [mail], 0
    while waiting and seen < PARTS_AT_MOST:
        part = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        if part.is_multipart() and part.get_content_maintype() != "message" and isinstance(inner, list):
            waiting = [one for one in inner if isinstance(one, Message)] + waiting
        else:
            yield part


def _payload(part: Message) -> bytes:
    if part.is_multipart():
        return part.as_bytes()
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    return decoded(_payload(part), str(part.get_param("charset", "utf-8")))


def _file_name(part: Message) -> str:
    told = part.get_filename() or ""
    return header_text(told)[:200]


def _content_id(part: Message) -> str:
    """Its raw value: as `_heads`."""
    told = next((str(value) for name, value in part.raw_items() if name.lower() == "content-id"), "")
    return told.strip().removeprefix("<").removesuffix(">")[:300]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
