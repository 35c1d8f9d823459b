"""Korean is complete: no sentence is left in English, and none has lost a placeholder."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOG = polib.pofile(str(Path(settings.BASE_DIR) / "locale/ko/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def korean(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_is_translated() -> None:
    missing = [entry.msgid for entry in CATALOG if not entry.obsolete and not all(korean(entry))]
    assert missing == []


def test_nothing_is_only_guessed() -> None:
    assert [entry.msgid for entry in CATALOG if entry.fuzzy] == []


@pytest.mark.parametrize(
    "entry", [entry for entry in CATALOG if PLACEHOLDER.search(entry.msgid)], ids=lambda entry: entry.msgid[:40]
)
def test_placeholders_survive(entry: polib.POEntry) -> None:
    told = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
    for text in korean(entry):
        kept = set(PLACEHOLDER.findall(text))
        assert kept <= told
        # A plural form may leave the number out; a plain sentence may not.
        assert entry.msgid_plural or kept == told
