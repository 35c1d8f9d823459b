"""Parts what somebody wrote from the older mails that her program put below it. Korean and English programs."""

from __future__ import annotations

import re

_RULE = re.compile(
    r"^[>\s]*[-_=]{3,}\s*(?:original message|forwarded message|원본 ?메[일시]지?|원본 메시지|전달된 메[일시]지?"
    r"|original mail|원문)\s*[-_=]{3,}\s*$",
    re.IGNORECASE,
)
_OUTLOOK_RULE = re.compile(r"^\s*_{20,}\s*$")
# “2026년 1월 5일 (월) 오후 2:03, 홍길동 <…>님이 작성:”, “On …, … wrote:”, each possibly broken into two lines.
_ATTRIBUTION = re.compile(
    r"^[>\s]*(?:\d{4}\s*[년.\-/].{3,200}(?:님이|께서)?\s*(?:작성|쓴 글|썼습니다|쓰셨습니다)\s*:?"
    r"|(?:on|am|le)\s.{5,200}(?:wrote|schrieb|a écrit)\s*:"
    r"|.{1,120}님이 (?:작성|쓴 글|보낸 메일)\s*:)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_OURS = re.compile(r"^[>\s]*(?:\d{4}.{3,40}에 고객님이 쓰신 내용:|On .{3,40} you wrote:)\s*$")
_HEADER = re.compile(
    r"^[>\s*]*(?:from|보낸\s?사람|보낸\s?이|발신|sent|보낸\s?날짜|보낸\s?시간|date|날짜|to|받는\s?사람|받는\s?이|수신"
    r"|cc|참조|subject|제목)\s*:\*?\s",
    re.IGNORECASE,
)
_SENDER = re.compile(r"^[>\s*]*(?:from|보낸\s?사람|보낸\s?이|발신)\s*:", re.IGNORECASE)


def part_history(text: str) -> tuple[str, str]:
    """What she wrote, and what stood below it. Where nothing would be left, all of it is hers."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((place for place in range(len(lines)) if _begins_history(lines, place)), len(lines))
    end = min(end, _begin_of_trailing_quote(lines[:end]))
    own = "\n".join(lines[:end]).strip()
    return (own, "\n".join(lines[end:]).strip()) if own else (text.strip(), "")


def _begins_history(lines: list[str], place: int) -> bool:
    line = lines[place]
    if len(line) > 400:
        return False
    if _RULE.match(line) or _OURS.match(line):
        return True
    if _OUTLOOK_RULE.match(line):
        return _are_headers([one for one in lines[place + 1 : place + 8] if one.strip()])
    if _SENDER.match(line):
        return _are_headers([one for one in lines[place : place + 6] if one.strip()])
    following = lines[place + 1] if place + 1 < len(lines) else ""
    if _ATTRIBUTION.match(line):
        # A sentence may end like that: below a real one there is something quoted, or nothing at all.
        rest = [one for one in lines[place + 1 : place + 6] if one.strip()]
        return not rest or rest[0].lstrip().startswith((">", "|")) or "@" in line or bool(re.search(r"\d:\d\d", line))
    starts_like_one = re.match(r"^[>\s]*(?:on\s|\d{4}\s*[년.\-/])", line, re.IGNORECASE)
    return bool(starts_like_one and "@" in f"{line}{following}" and _ATTRIBUTION.match(f"{line} {following.strip()}"))


def _are_headers(lines: list[str]) -> bool:
    """At least three lines of another mail's head, the first of them its sender."""
    return bool(lines) and bool(_SENDER.match(lines[0])) and sum(bool(_HEADER.match(line)) for line in lines) >= 3


def _begin_of_trailing_quote(lines: list[str]) -> int:
    """Where the last lines are all quoted, the first of these; lines quoted in between were answered, and stay."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin and (lines[begin - 1].startswith(">") or not lines[begin - 1].strip()):
        begin -= 1
    return begin if any(line.startswith(">") for line in lines[begin:end]) else len(lines)
