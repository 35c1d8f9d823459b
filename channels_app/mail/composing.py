"""Writes a mail: headers by which an answer finds its conversation, the words as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.db.models import Subquery
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from channels_app.deliveries.adapter import DeliveryFailed
from channels_app.deliveries.announcements import Announcement, announcement_of, is_announced
from channels_app.deliveries.contents import Said, last_said_before, said_in
from channels_app.mail.addresses import ascii_address, plus_address
from channels_app.mail.settings import MailSettings, settings_of
from channels_app.models import Delivery, DeliveryAttempt, MailReference, WidgetConversation
from customers.models import Event
from tickets.models import Attachment
from tickets.queries.attachments import attachments_of

# Of what she wrote before, so much stands below an answer: enough to know what it is about.
QUOTED_LENGTH = 2000
# Mail programs look at the last ones; a header must not grow with a conversation of years.
REFERENCES_AT_MOST = 15


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `lines` are messages, each with who said it and when where there are several."""

    subject: str
    lines: Sequence[Said]
    intro: str = ""
    outro: str = ""
    link: str = ""
    signature: str = ""
    quoted: Said | None = None
    stop_words: str = ""
    stop_link: str = ""
    is_automatic: bool = False
    names_speakers: bool = True
    files: Sequence[Attachment] = ()


def compose(delivery: Delivery) -> bytes:
    """The whole mail. The same bytes with each attempt, whatever was said since. Raises DeliveryFailed."""
    account = delivery.account
    settings = settings_of(account)
    with translation.override(delivery.language), timezone.override(delivery.organization.zone):
        letter = _letter(delivery, settings)
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(_one_line(account.name), addr_spec=ascii_address(account.address))
        mail["To"] = Address(addr_spec=ascii_address(delivery.recipient))
        if settings.takes_answers and settings.plus_addresses:
            reply_to = plus_address(ascii_address(account.address), delivery.key.hex)
            mail["Reply-To"] = Address(_one_line(account.name), addr_spec=reply_to)
        mail["Subject"] = _one_line(letter.subject)
        mail["Date"] = format_datetime(_began_at(delivery))
        if letter.is_automatic:
            # RFC 3834: what answers a mail by itself says so in another word than what comes of itself.
            is_answer = delivery.kind == Delivery.Kind.REPLY
            mail["Auto-Submitted"] = "auto-replied" if is_answer else "auto-generated"
            mail["X-Auto-Response-Suppress"] = "All"
        if letter.stop_link:
            mail["List-Unsubscribe"] = f"<{letter.stop_link}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(text_of(letter), cte="base64")
        mail.add_alternative(html_of(letter, delivery.language), subtype="html", cte="base64")
        for file in letter.files:
            _attach(mail, file)
        _name_boundaries(mail, delivery)
    return _references(delivery) + mail.as_bytes()


def text_of(letter: Letter) -> str:
    """The mail for programs that show no HTML."""
    parts = [letter.intro] if letter.intro else []
    for said in letter.lines:
        head = f"{_who(said)} · {_when(said.at)}\n" if letter.names_speakers else ""
        files = "".join(f"\n[{name}]" for name in said.attachments)
        parts.append(f"{head}{said.text}{files}")
    parts += [part for part in (letter.outro, letter.link) if part]
    if letter.signature:
        parts.append(f"-- \n{letter.signature}")
    if letter.stop_link:
        parts.append(f"{letter.stop_words} {letter.stop_link}")
    if letter.quoted:
        quoted = letter.quoted.text[:QUOTED_LENGTH]
        parts.append("\n".join([_quoted_head(letter.quoted), *(f"> {line}" for line in quoted.splitlines())]))
    return "\n\n".join(parts) + "\n"


def html_of(letter: Letter, language: str) -> str:
    context = {
        "letter": letter,
        "language": language,
        "lines": [
            {"said": said, "who": _who(said) if letter.names_speakers else "", "when": _when(said.at)}
            for said in letter.lines
        ],
        "quoted_head": _quoted_head(letter.quoted) if letter.quoted else "",
        "quoted_text": letter.quoted.text[:QUOTED_LENGTH] if letter.quoted else "",
    }
    return render_to_string("channels_app/mail/letter.html", context)


def _letter(delivery: Delivery, settings: MailSettings) -> Letter:
    shop = delivery.organization.name
    if delivery.kind == Delivery.Kind.TEST:
        told = _("This mail shows that the hub can send from this address. Nothing else is to be done.")
        return Letter(_("[%(shop)s] A trial") % {"shop": shop}, (), intro=told, is_automatic=True)
    if is_announced(delivery.kind):
        return _announced(announcement_of(delivery), settings)
    lines = said_in(delivery)
    if not lines:
        raise DeliveryFailed("nothing_to_say", is_permanent=True)
    if delivery.kind == Delivery.Kind.REPLY:
        quoted = last_said_before(delivery)
        files = attachments_of(delivery.organization_id, [said.event for said in lines if said.event])
        return Letter(
            _subject_of(delivery),
            _without_names(lines, files),
            files=files,
            signature=settings.signature,
            quoted=quoted,
            # A rule's: another machine must not answer it.
            is_automatic=all(said.author == "bot" for said in lines),
            names_speakers=False,
        )
    if delivery.kind == Delivery.Kind.TRANSCRIPT:
        intro = _("You asked for what was said in your conversation with %(shop)s.") % {"shop": shop}
        subject = _("[%(shop)s] Your conversation") % {"shop": shop}
        return Letter(subject, lines, intro=intro, signature=settings.signature, is_automatic=True)
    answers = settings.takes_answers
    return Letter(
        _("[%(shop)s] We have answered in the chat") % {"shop": shop},
        lines,
        intro=_("We have answered in the chat while you were away."),
        outro=_("Answer to this mail, and it goes on in the same conversation.") if answers else "",
        link=_shop_link(delivery),
        signature=settings.signature,
        is_automatic=True,
    )


def _without_names(lines: Sequence[Said], files: Sequence[Attachment]) -> list[Said]:
    """What comes along need not be named; what lies elsewhere is."""
    known = {file.name for file in files}
    return [replace(said, attachments=tuple(name for name in said.attachments if name not in known)) for said in lines]


def _attach(mail: EmailMessage, file: Attachment) -> None:
    try:
        with file.file.open("rb") as content:
            held = content.read()
    except FileNotFoundError as error:
        raise DeliveryFailed("file_lost", file.name, is_permanent=True) from error
    main, _slash, sub = file.media_type.partition("/")
    mail.add_attachment(held, maintype=main, subtype=sub, filename=file.name)


def _name_boundaries(mail: EmailMessage, delivery: Delivery) -> None:
    """Parts are divided by words of the delivery's own and not by chance: a mail that is sent again is the same mail.

    All content is base64, which has no underscore.
    """
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{delivery.key.hex}_{number}")


def _began_at(delivery: Delivery) -> datetime:
    """When it was first handed over, since somebody last wanted it sent."""
    tries = DeliveryAttempt.objects.filter(
        organization=delivery.organization_id, delivery=delivery, began_at__gte=delivery.queued_at
    )
    return tries.order_by("number").values_list("began_at", flat=True).first() or timezone.now()


def _announced(told: Announcement, settings: MailSettings) -> Letter:
    return Letter(
        told.subject,
        (),
        intro=told.words,
        link=told.link,
        signature=settings.signature,
        stop_words=told.stop_words,
        stop_link=told.stop_link,
        is_automatic=True,
    )


def _subject_of(delivery: Delivery) -> str:
    """“Re:” and what the conversation is about."""
    rows = Event.objects.filter(
        organization_id=delivery.organization_id,
        thread=delivery.thread,
        thread_seq__lte=delivery.last_seq,
        type="mail.message",
    )
    told = rows.order_by("-thread_seq").values_list("data__subject", flat=True)[:20]
    subject = next((one.strip() for one in told if isinstance(one, str) and one.strip()), "")
    if not subject:
        return _("[%(shop)s] Our answer") % {"shop": delivery.organization.name}
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"


def _references(delivery: Delivery) -> bytes:
    """The headers that name other mails, as they are: the library would wrap a long name in two."""
    known = MailReference.objects.filter(organization_id=delivery.organization_id, thread=delivery.thread)
    # What came after this mail was written is not what it answers.
    own = known.filter(message_id=delivery.message_id).values("pk")[:1]
    others = known.filter(pk__lt=Subquery(own)) if delivery.thread else known.none()
    newest = list(others.order_by("-pk").values_list("message_id", "is_ours")[:REFERENCES_AT_MOST])
    hers = next((name for name, is_ours in newest if not is_ours), "")
    headers = [f"Message-ID: {delivery.message_id}"]
    if hers and delivery.kind == Delivery.Kind.REPLY:
        headers.append(f"In-Reply-To: {hers}")
    if newest:
        headers.append("References: " + "\r\n ".join(name for name, _is_ours in reversed(newest)))
    return "".join(f"{header}\r\n" for header in headers).encode("ascii", "replace")


def _shop_link(delivery: Delivery) -> str:
    """The shop's page with the chat: her browser knows the conversation there. Nobody else's does, so it opens nothing."""
    rows = WidgetConversation.objects.filter(organization_id=delivery.organization_id, thread_key=delivery.thread)
    origins = rows.values_list("visitor__widget__allowed_origins", flat=True).first() or []
    secure = [one for one in origins if urlsplit(one).scheme == "https"]
    return f"{secure[0]}/" if secure else ""


def _who(said: Said) -> str:
    if said.is_hers:
        return _("You")
    return said.name or (_("Automatic answer") if said.author == "bot" else _("Agent"))


def _when(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def _quoted_head(said: Said) -> str:
    return _("On %(at)s you wrote:") % {"at": _when(said.at)}


def _one_line(text: str) -> str:
    """A line's end in a name would end the header."""
    return " ".join(text.split())
