"""What a file is comes from its content: names and senders' words count for nothing."""

from __future__ import annotations

import io
import tracemalloc
import unicodedata
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.files import DOCX, HWP, HWPX, XLSX, archive, jpeg, png
from tickets import file_types
from tickets.file_types import NAME_LENGTH, TYPES, NotTaken, clean_name, type_of

WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x01\x40\0\0" + b"\0" * 20
WAV = b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 20
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 20
M4A = b"\0\0\0\x18ftypM4A \0\0\2\0" + b"\0" * 20
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0" + b"\0" * 20


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (png(), "a.exe", file_types.PNG),
        (jpeg(), "a", file_types.JPEG),
        (b"GIF89a\2\0\2\0" + b"\0" * 20, "a.png", file_types.GIF),
        (WEBP, "a.webp", file_types.WEBP),
        (HEIC, "a.heic", file_types.HEIC),
        (b"%PDF-1.7\n", "a.txt", file_types.PDF),
        (DOCX, "a.docx", file_types.DOCX),
        (XLSX, "a.zip", file_types.XLSX),
        (HWP, "a.hwp", file_types.HWP),
        (HWPX, "a.hwpx", file_types.HWPX),
        (b"ID3\4\0" + b"\0" * 20, "a.mp3", file_types.MP3),
        (b"\xff\xfb\x90\x44" + b"\0" * 20, "a.mp3", file_types.MP3),
        (WAV, "a.wav", file_types.WAV),
        (MP4, "a.mp4", file_types.MP4),
        (M4A, "a.m4a", file_types.M4A),
        ("날짜,금액\n".encode(), "a.csv", file_types.CSV),
        ("날짜,금액\n".encode("cp949"), "a.csv", file_types.CSV),
        ("안녕하세요\r\n3 < 4".encode(), "a.png", file_types.TXT),
    ],
)
def test_types_by_content(content: bytes, name: str, kind: file_types.FileType):
    assert type_of(io.BytesIO(content), name) == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unknown_type"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><p>", "unknown_type"),
        (b"hello <script>alert(1)</script>", "unknown_type"),
        ("<html>".encode("utf-16"), "unknown_type"),
        (b"MZ\x90\0\3\0\0\0", "unknown_type"),
        (b"\x7fELF\2\1\1\0", "unknown_type"),
        (archive({"evil.exe": b"MZ"}), "unknown_type"),
        (archive({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b""}), "unknown_type"),
        (b"PK\x03\x04 not an archive", "unknown_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "unknown_type"),
        (b"\x89PNG\r\n\x1a\n", "unknown_type"),
        (png(60_000, 60_000), "too_many_pixels"),
        (jpeg(60_000, 60_000), "too_many_pixels"),
        (b"\xff\xd8\xff\xe0", "unknown_type"),
        (b"ab\0cd", "unknown_type"),
    ],
)
def test_everything_else_is_refused(content: bytes, code: str):
    with pytest.raises(NotTaken) as refusal:
        type_of(io.BytesIO(content), "photo.png")
    assert refusal.value.code == code


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_a_known_type_or_refused(content: bytes, name: str):
    with suppress(NotTaken):
        assert type_of(io.BytesIO(content), name) in TYPES


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("소매.png", "소매.png"),
        (unicodedata.normalize("NFD", "소매.PNG"), "소매.png"),
        ("../../etc/passwd", "passwd.png"),
        (r"C:\사진\소매.jpg", "소매.jpg.png"),
        ("a\u202egpj.exe", "a gpj.exe.png"),
        ("a\r\nContent-Type: text.png", "a Content-Type_ text.png"),
        ("", "file.png"),
        ("...", "file.png"),
        (".png", "png.png"),
    ],
)
def test_names_are_made_fit(name: str, shown: str):
    assert clean_name(name, file_types.PNG) == shown


@given(st.text(max_size=400))
def test_a_name_is_always_short_and_true(name: str):
    shown = clean_name(name, file_types.JPEG)
    assert shown.endswith((".jpg", ".jpeg"))
    assert 5 <= len(shown) <= NAME_LENGTH
    assert not set(shown) & set('/\\"<>:\r\n\0')
    assert shown == unicodedata.normalize("NFC", shown)


def test_what_unpacks_to_more_than_it_is_costs_nothing():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", b"a" * 100 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(NotTaken):
        type_of(file, "a.hwpx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * 1024 * 1024


def test_a_member_that_is_broken_is_no_file_of_ours():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", b"application/hwp+zip" * 50)
    broken = bytearray(file.getvalue())
    broken[40:48] = b"\xff" * 8
    with pytest.raises(NotTaken):
        type_of(io.BytesIO(bytes(broken)), "a.hwpx")
