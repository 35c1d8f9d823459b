"""Which words of an event are its customer's own. Pure: no database.

Never an agent's, a bot's, a button's label, what a mail quotes, or the signature below it. Of what staff note at the
counter, only what the customer said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from channels_app.mail.quotations import part_history

# A longer text is somebody's file; its beginning says what she wants.
LENGTH_READ = 20_000
# Of a messenger's message (`data.input`, `data.inputType`): what was chosen or sent by a tap is nobody's sentence.
_TAPPED = frozenset({"button", "sticker", "vphone", "product", "quick_reply", "postback", "location"})
ANSWERED, CHANGED = "survey.answered", "survey.changed"
SPOKEN_TYPES = (
    "chat.message",
    "mail.message",
    "message.message",
    "call.transcript",
    "store.inquiry",
    "store.visit",
    ANSWERED,
    CHANGED,
    "review.posted",
)

_MACHINE_LINE = re.compile(
    r"^\s*(?:나의 |내 )?(?:iPhone|iPad|갤럭시|Galaxy|Samsung)?.{0,30}(?:에서 보냄|에서 보낸 메일입니다|에서 전송됨)\.?\s*$"
    r"|^\s*(?:Sent from|Get Outlook for) .{1,60}$",
    re.IGNORECASE,
)
_DASHES = re.compile(r"^\s*(?:--+|__+|==+|—+)\s*$")
_GREETING_OFF = re.compile(r"^\s*(?:\S{1,12}\s){0,4}\S{0,12}\s?(?:드림|올림|배상)\s*[.!]?\s*$")
_CONTACT = re.compile(
    r"^\s*(?:(?:tel|mobile|phone|fax|e-?mail|전화|휴대폰|연락처|팩스|메일|이메일|주소|홈페이지|homepage|web|[TMFEP])\s*[.:)]"
    r"|\(주\)|㈜|주식회사|https?://\S+$|www\.\S+$|[\w.+-]+@[\w-]+\.[\w.]+\s*$|[+\d][\d\s().-]{7,}$)",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 12


# A colleague at the counter writes down what the customer said, and beside it what she did herself.
_REPORTS = re.compile(
    r"다고|라고|자고|냐고|래요|대요|문의|요청|원하심|원하셨|만족|언짢|불만|칭찬|항의|말씀|여쭤|궁금|서운|감사"
)


class Told(StrEnum):
    """Whose words a text is made of."""

    HERS = "hers"
    # By staff: only the sentences that say what she said; of an inquiry all, where none does.
    NOTED = "noted"
    RAISED = "raised"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text of hers. `part` tells several of one event apart; `score` is 1 to 5 where she gave one beside it."""

    part: int
    text: str
    channel: str
    product: str = ""
    score: int | None = None
    told: Told = Told.HERS

    def is_hers(self, sentences: Sequence[str]) -> list[bool]:
        """Which sentences of this text say what she said."""
        if self.told is Told.HERS:
            return [True] * len(sentences)
        reported = [bool(_REPORTS.search(sentence)) for sentence in sentences]
        return reported if any(reported) or self.told is Told.NOTED else [True] * len(sentences)


def spoken_in(kind: str, author: str, channel: str, text: str, data: dict[str, Any]) -> list[Spoken]:
    """What a customer said in an event of this type, in its order; nothing where it was somebody else."""
    return [one for one in _spoken(kind, author, channel, text, data) if one.text.strip()]


def _spoken(kind: str, author: str, channel: str, text: str, data: dict[str, Any]) -> Iterator[Spoken]:
    if kind == "call.transcript":
        for part, segment in enumerate(data.get("segments") or []):
            if segment.get("speaker") == "customer":
                yield Spoken(part, _tidy(segment.get("text")), "call")
    elif kind in ("survey.answered", "survey.changed"):
        yield Spoken(0, _tidy(text), "survey", score=stars_of(str(data.get("survey")), data.get("score")))
    elif kind == "review.posted":
        yield Spoken(0, _tidy(text), "review", _word(data.get("product")), stars_of("csat", data.get("score")))
    elif kind in ("store.inquiry", "store.visit"):
        told = Told.RAISED if kind == "store.inquiry" else Told.NOTED
        yield Spoken(0, _tidy(text), "store", _product(data), told=told)
    elif author == "customer" and not _is_tapped(data):
        text = _without_pictures(text, data)
        own = own_words(text) if kind == "mail.message" and not data.get("automatic") else text
        if not data.get("automatic"):
            yield Spoken(0, _tidy(own), channel, _product(data))


def own_words(mail: str) -> str:
    """A mail without the older ones below it, and without the writer's signature."""
    own, _history = part_history(mail)
    lines = [line for line in own.split("\n") if not line.lstrip().startswith(">")]
    return "\n".join(lines[: _begin_of_signature(lines)]).strip()


def _without_pictures(text: str, data: dict[str, Any]) -> str:
    """Where a mail's pictures stand in its text there are their names, which nobody has said."""
    for file in data.get("attachments") or []:
        if isinstance(file, dict) and file.get("inline"):
            text = text.replace(f"[{file.get('name')}]", " ")
    return text


def stars_of(survey: str, score: Any) -> int | None:
    """An answer as one of five: csat and stars as they are, nps 0–10 and ces 1–7 stretched over the five."""
    lowest, highest = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}.get(survey, (0, 0))
    if not highest or not isinstance(score, int) or not lowest <= score <= highest:
        return None
    return 1 + round(4 * (score - lowest) / (highest - lowest))


def _begin_of_signature(lines: list[str]) -> int:
    """The first line of the signature; the length where there is none. It stands at the end and is short."""
    end = len(lines)
    for place in range(len(lines) - 1, max(0, len(lines) - _SIGNATURE_LINES) - 1, -1):
        line = lines[place]
        if place > 0 and (_DASHES.match(line) or _GREETING_OFF.match(line) or _MACHINE_LINE.match(line)):
            end = place
    while end > 1 and (not lines[end - 1].strip() or _CONTACT.match(lines[end - 1])):
        end -= 1
    return end


def _is_tapped(data: dict[str, Any]) -> bool:
    return any(str(data.get(name) or "").lower() in _TAPPED for name in ("input", "inputType", "input_type"))


def _product(data: dict[str, Any]) -> str:
    told = data.get("product")
    return _word(told.get("name") if isinstance(told, dict) else told)


def _word(told: Any) -> str:
    return " ".join(unicodedata.normalize("NFC", told).split())[:200] if isinstance(told, str) else ""


def _tidy(told: Any) -> str:
    return unicodedata.normalize("NFC", told)[:LENGTH_READ] if isinstance(told, str) else ""
