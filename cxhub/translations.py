"""Compiles the translations that people edit (.po) into those that Django reads (.mo), where they have changed.

Django's own compilemessages needs gettext, which a shop's machine has not.
"""

from __future__ import annotations

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def compile_changed() -> list[str]:
    """Compile each catalogue that is newer than its compiled form. Returns the languages compiled."""
    compiled = []
    for source in sorted((BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        import polib

        polib.pofile(str(source)).save_as_mofile(str(target))
        compiled.append(source.parent.parent.name)
    return compiled
