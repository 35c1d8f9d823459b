"""The files that came with a mail: what each is, by its content, under a name fit for any screen and like no other's.

Pure. What is not taken keeps its name and says why; nothing of it is opened or shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO

from tickets.file_types import NAME_LENGTH, NotTaken, clean_name, plain_name, type_of

# How programs write a picture into the plain text of a mail: Outlook by its Content-ID, Gmail by its name.
_PICTURE = re.compile(r"\[(cid|image|이미지)\s*:\s*([^\[\]\r\n]{1,300})\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A file as the mail has it. `content_id` without its brackets, "" where it has none."""

    name: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class MailFile:
    """`problem` is a code of tickets.file_types where the file is not one that is taken. `is_inline`: a picture within the words."""

    name: str
    content: bytes = field(repr=False)
    problem: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """All files of a mail, and by which names its words may speak of those within them."""

    files: tuple[MailFile, ...] = ()
    by_content_id: Mapping[str, str] = field(default_factory=dict)
    by_told_name: Mapping[str, str] = field(default_factory=dict)

    def shown_as(self, content_id: str) -> str:
        """How the words name the picture of a Content-ID; "" where there is none."""
        name = self.by_content_id.get(content_id, "")
        return mark_of(name) if name else ""

    def named(self, text: str) -> str:
        """The words with each picture in them by the name that it has here."""

        def name_of(found: re.Match[str]) -> str:
            told = found[2].strip()
            known = self.by_content_id if found[1].lower() == "cid" else self.by_told_name
            return mark_of(known[told]) if told in known else found[0]

        return _PICTURE.sub(name_of, text)

    def placed(self, text: str) -> tuple[MailFile, ...]:
        """The files, those marked that the words speak of."""
        pictures = set(self.by_content_id.values())
        return tuple(
            replace(one, is_inline=True) if one.name in pictures and mark_of(one.name) in text else one
            for one in self.files
        )


def mark_of(name: str) -> str:
    """How a picture's place in the words is written: so everybody understands it who sees the words alone."""
    return f"[{name}]"


def files_of(parts: Iterable[Part]) -> Files:
    files: list[MailFile] = []
    by_content_id: dict[str, str] = {}
    by_told_name: dict[str, str] = {}
    names: set[str] = set()
    for part in parts:
        problem = ""
        kind = None
        try:
            kind = type_of(BytesIO(part.content), part.name)
        except NotTaken as refusal:
            problem = refusal.code
        name = _unlike(names, clean_name(part.name, kind) if kind else plain_name(part.name))
        names.add(name)
        files.append(MailFile(name, part.content, problem))
        if kind and kind.is_picture:
            by_told_name.setdefault(part.name, name)
            if part.content_id:
                by_content_id.setdefault(part.content_id, name)
    return Files(tuple(files), by_content_id, by_told_name)


def _unlike(names: set[str], name: str) -> str:
    """The name, with a number where another file of the mail has it already."""
    stem, dot, extension = name.rpartition(".")
    stem = stem or name
    number, wanted = 1, name
    while wanted in names:
        number += 1
        end = f" ({number}){dot}{extension if dot else ''}"
        wanted = f"{stem[: NAME_LENGTH - len(end)]}{end}"
    return wanted
