"""What the bytes really are, whatever the file's name says, and how much they would unpack to.

Looks at signatures and archive directories only. Refuses what is not a table and what unpacks too large.
"""

from __future__ import annotations

import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext_noop as _

from channels_app.sales_file.reasons import FileProblem

MEGABYTE = 1024 * 1024
MAX_FILE_MB = 50
# The largest honest file at hand, 105,335 rows, is 8 MB of CSV; its sheet unpacks to 60 MB of XML.
MAX_UNPACKED_MB = 150
PIECE = 256 * 1024


class Content(StrEnum):
    TEXT = "text"
    GZIP = "gzip"
    XLSX = "xlsx"


SIGNATURES = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"Rar!", _("a RAR archive")),
    (b"7z\xbc\xaf", _("a 7z archive")),
    (b"SQLite format 3", _("a database")),
    (b"\x7fELF", _("a program")),
    (b"MZ\x90", _("a program")),
    (b"{\\rtf", _("a text document")),
)
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path) -> Content:
    """Returns what the file is. Raises FileProblem for anything that is no table."""
    size = path.stat().st_size
    if size == 0:
        raise FileProblem("empty")
    if size > MAX_FILE_MB * MEGABYTE:
        raise FileProblem("too_large", limit=MAX_FILE_MB)
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    if head.startswith(b"\x1f\x8b"):
        return Content.GZIP
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        check_workbook(path)
        return Content.XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # A workbook locked with a password is wrapped in the container of the old format.
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise FileProblem("locked" if locked else "old_excel")
    check_text(head)
    return Content.TEXT


def check_text(head: bytes) -> None:
    """Raises FileProblem where the first bytes of an unpacked file are no text of a table."""
    for signature, what in SIGNATURES:
        if head.startswith(signature):
            raise FileProblem("not_a_table", what=what)
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
        raise FileProblem("not_a_table", what=_("an archive in an archive"))
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        raise FileProblem("web_page")
    if start.startswith(b"<?xml"):
        raise FileProblem("web_page" if b"spreadsheet" in start else "not_a_table", what=_("an XML document"))
    if b"\x00" in head and not head.startswith(UTF16_BOMS):
        raise FileProblem("not_a_table", what=_("binary data"))


def check_workbook(path: Path) -> None:
    """Raises FileProblem unless the ZIP is an XLSX of honest size.

    First the declared sizes, then the real ones: every member is unpacked once, piece by piece, into nothing.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "EncryptedPackage" in names or any(member.flag_bits & 0x1 for member in members):
                raise FileProblem("locked")
            if "xl/workbook.xml" not in names:
                raise FileProblem("not_a_table", what=_("a ZIP archive"))
            if sum(member.file_size for member in members) > MAX_UNPACKED_MB * MEGABYTE:
                raise FileProblem("unpacks_too_large", limit=MAX_UNPACKED_MB)
            unpacked = 0
            for member in members:
                with archive.open(member) as file:
                    first = file.read(4096)
                    if b"<!DOCTYPE" in first or b"<!ENTITY" in first:
                        raise FileProblem("unsafe_xml")
                    unpacked += len(first)
                    while piece := file.read(PIECE):
                        unpacked += len(piece)
                        if unpacked > MAX_UNPACKED_MB * MEGABYTE:
                            raise FileProblem("unpacks_too_large", limit=MAX_UNPACKED_MB)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise FileProblem("broken_archive") from error
