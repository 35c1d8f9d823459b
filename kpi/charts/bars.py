"""Bars beside words: one in each row of a table."""

from __future__ import annotations

from django.utils.safestring import SafeString

WIDTH, HEIGHT = 200, 14
TONES = {
    "primary": "fill-primary",
    "error": "fill-error",
    "success": "fill-success",
    "neutral": "fill-base-content/40",
}


def bar(value: float, most: float, tone: str = "primary") -> SafeString:
    """As long as the value is of the greatest; decoration, for the number stands beside it."""
    length = WIDTH * value / most if most > 0 else 0
    shown = max(length, 2) if value else 0
    return SafeString(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" class="h-3.5 w-full" aria-hidden="true" '
        f'focusable="false"><rect x="0" y="1" width="{WIDTH}" height="{HEIGHT - 2}" rx="2" class="fill-base-200"/>'
        f'<rect x="0" y="1" width="{shown:.1f}" height="{HEIGHT - 2}" rx="2" class="{TONES[tone]}"/></svg>'
    )
