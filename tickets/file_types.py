"""What a file is, told from its content and never from its name or from what its sender says. Pure.

A list of what is taken: everything else is refused, HTML and SVG above all, which a browser would run.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

NAME_LENGTH = 120  # characters
# A picture that unpacks to more stops the browser that shows it.
MOST_PIXELS = 60_000_000
# Of a text so much is looked at; the rest is text or rubbish, and never more than that.
LOOKED_AT_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class FileType:
    """`extensions`: the first is given to a name that has none of them. `is_picture`: a browser may show it in place."""

    media_type: str
    extensions: tuple[str, ...]
    is_picture: bool = False


PNG = FileType("image/png", ("png",), is_picture=True)
JPEG = FileType("image/jpeg", ("jpg", "jpeg"), is_picture=True)
GIF = FileType("image/gif", ("gif",), is_picture=True)
WEBP = FileType("image/webp", ("webp",), is_picture=True)
HEIC = FileType("image/heic", ("heic", "heif"))
PDF = FileType("application/pdf", ("pdf",))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
HWP = FileType("application/x-hwp", ("hwp",))
HWPX = FileType("application/hwp+zip", ("hwpx",))
MP3 = FileType("audio/mpeg", ("mp3",))
M4A = FileType("audio/mp4", ("m4a",))
WAV = FileType("audio/wav", ("wav",))
MP4 = FileType("video/mp4", ("mp4", "m4v", "mov"))
CSV = FileType("text/csv", ("csv",))
TXT = FileType("text/plain", ("txt",))

TYPES = (PNG, JPEG, GIF, WEBP, HEIC, PDF, DOCX, XLSX, HWP, HWPX, MP3, M4A, WAV, MP4, CSV, TXT)
# What a file chooser offers; without HEIC, which telephones then turn into JPEG by themselves.
ACCEPTED = ",".join(f".{extension}" for one in TYPES if one is not HEIC for extension in one.extensions)
PICTURES = frozenset(one.media_type for one in TYPES if one.is_picture)

_SIGNED = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
)
_BRANDS = {b"M4A ": M4A, b"M4B ": M4A, b"heic": HEIC, b"heix": HEIC, b"mif1": HEIC, b"msf1": HEIC}
_MOVIES = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"qt  ",
    b"3gp4",
    b"3gp5",
    b"dash",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(r"<\s*(?:!doctype|html|svg|script|\?xml|head|body|iframe|object|embed|math)\b", re.IGNORECASE)


class NotTaken(Exception):
    """Not one of TYPES, or broken. `code`: unknown_type | empty | too_many_pixels."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def type_of(file: BinaryIO, name: str) -> FileType:
    """Reads what the file is; of its name, only whether a text is a table. Raises NotTaken."""
    file.seek(0)
    head = file.read(64)
    if not head:
        raise NotTaken("empty")
    found = _by_signature(head) or _by_container(file, head) or _as_text(file, name)
    if found is None:
        raise NotTaken("unknown_type")
    if found.is_picture and _pixels(file, found) > MOST_PIXELS:
        raise NotTaken("too_many_pixels")
    return found


def clean_name(name: str, kind: FileType) -> str:
    """A name fit for any screen and disk: composed, without path and invisible signs, with an extension that is true."""
    shown = _plain(name)
    stem, dot, extension = shown.rpartition(".")
    if not dot or extension.lower() not in kind.extensions:
        stem, extension = shown or "file", kind.extensions[0]
    return f"{stem[: NAME_LENGTH - len(extension) - 1].rstrip('. ') or 'file'}.{extension.lower()}"


def plain_name(name: str) -> str:
    """As `clean_name`, for what is only spoken of: its extension is nobody's word."""
    return _plain(name)[:NAME_LENGTH].rstrip(". ") or "file"


def _plain(name: str) -> str:
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Direction marks (Cf) make “exe.gpj” of “jpg.exe”.
    shown = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter for letter in name
    )
    return re.sub(r'[<>:"|?*]', "_", " ".join(shown.split())).strip(". ")


def _by_signature(head: bytes) -> FileType | None:
    for signature, kind in _SIGNED:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or (MP4 if head[8:12] in _MOVIES else None)
    # A frame of MPEG audio without a tag before it: eleven bits of sync, a known version, layer III.
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] & 0xF0 not in (0xF0, 0x00):
        return MP3
    return None


def _by_container(file: BinaryIO, head: bytes) -> FileType | None:
    if head.startswith(_OLE):
        file.seek(0)
        # Its header stream begins with this; other files of this kind (doc, xls, msi) may hold macros.
        return HWP if b"HWP Document File" in file.read(LOOKED_AT_BYTES) or _holds(file, b"HWP Document File") else None
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            mimetype = b""
            if "mimetype" in names:
                # No more of it: what is small here may unpack to more than the machine has.
                with archive.open("mimetype") as told:
                    mimetype = told.read(100).strip()
    except (
        *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError),
        *(NotImplementedError, RuntimeError, OSError, ValueError),
    ):
        return None
    if mimetype == b"application/hwp+zip":
        return HWPX
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    file.seek(0)
    rest = b""
    while piece := file.read(1024 * 1024):
        if wanted in rest + piece:
            return True
        rest = piece[-len(wanted) :]
    return False


def _as_text(file: BinaryIO, name: str) -> FileType | None:
    file.seek(0)
    content = file.read(LOOKED_AT_BYTES)
    text = _decoded(content)
    if text is None or _MARKUP.search(text):
        return None
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n\f\x1b" for letter in text):
        return None
    return CSV if name.lower().endswith(".csv") else TXT


def _decoded(content: bytes) -> str | None:
    """UTF-8 or what Korean Windows writes. A letter cut in half at the end is none of the file's."""
    for encoding in ("utf-8-sig", "cp949"):
        for cut in range(4):
            try:
                return content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError as error:
                if error.start < len(content) - 4:
                    break
    return None


def _pixels(file: BinaryIO, kind: FileType) -> int:
    """Width by height as the picture's head says it. Raises NotTaken where it says nothing."""
    readers: dict[str, Callable[[BinaryIO], tuple[int, int]]] = {
        PNG.media_type: lambda file: struct.unpack(">II", _at(file, 16, 8)),
        GIF.media_type: lambda file: struct.unpack("<HH", _at(file, 6, 4)),
        JPEG.media_type: _jpeg_size,
        WEBP.media_type: _webp_size,
    }
    try:
        width, height = readers[kind.media_type](file)
    except (struct.error, IndexError) as error:
        raise NotTaken("unknown_type") from error
    if not width or not height:
        raise NotTaken("unknown_type")
    return width * height


def _at(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)


def _jpeg_size(file: BinaryIO) -> tuple[int, int]:
    place = 2
    # A picture has some dozens of segments before its frame.
    for _segment in range(500):
        marker, length = struct.unpack(">HH", _at(file, place, 4))
        if marker == 0xFFFF:  # padding
            place += 1
            continue
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = struct.unpack(">HH", _at(file, place + 5, 4))
            return width, height
        place += 2 + length
    raise NotTaken("unknown_type")


def _webp_size(file: BinaryIO) -> tuple[int, int]:
    kind, data = _at(file, 12, 4), _at(file, 20, 10)
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", data[6:10])
    return width & 0x3FFF, height & 0x3FFF
