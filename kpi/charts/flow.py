"""A picture of how matters move between channels: columns of channels, bands as thick as many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HEIGHT, TOP, BAR, GAP = 260, 26, 12, 10
COLUMN_WIDTH = 230
LABEL_WIDTH = 80
# Bands of one channel have one colour, wherever they end.
BANDS = {
    "store": "fill-amber-500/35",
    "call": "fill-sky-500/35",
    "chat": "fill-emerald-500/35",
    "message": "fill-violet-500/35",
    "mail": "fill-rose-500/35",
}
NODES = {
    "store": "fill-amber-600",
    "call": "fill-sky-600",
    "chat": "fill-emerald-600",
    "message": "fill-violet-600",
    "mail": "fill-rose-600",
}


@dataclass(frozen=True, slots=True)
class Band:
    step: int
    start: str
    end: str
    n: int
    url: str


def flow_chart(bands: Sequence[Band], label: Callable[[str], str]) -> SafeString:
    """The changes of channel, column by column; each band leads to its tickets. Its table stands beside it."""
    if not bands:
        return SafeString("")
    columns = _columns(bands)
    most = max(sum(sizes.values()) for sizes in columns)
    widest = max(len(sizes) for sizes in columns)
    scale = (HEIGHT - TOP - GAP * (widest - 1)) / most
    places = [_placed(sizes, scale) for sizes in columns]
    width = COLUMN_WIDTH * (len(columns) - 1) + BAR + LABEL_WIDTH
    parts = [_head(number) for number in range(len(columns))]
    parts += _bands(bands, places, scale, label)
    for number, (sizes, tops) in enumerate(zip(columns, places, strict=True)):
        parts += [_node(number, name, size, tops[name], scale, label) for name, size in sizes.items()]
    return SafeString(
        f'<svg viewBox="0 0 {width} {HEIGHT + 4}" width="{width}" height="{HEIGHT + 4}" class="h-auto max-w-full" '
        f'aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _columns(bands: Sequence[Band]) -> list[dict[str, int]]:
    """Of each column its channels and how many matters are there: what comes in or what goes on, whichever is more."""
    steps = max(band.step for band in bands) + 2
    coming: list[dict[str, int]] = [{} for _ in range(steps)]
    going: list[dict[str, int]] = [{} for _ in range(steps)]
    for band in bands:
        going[band.step][band.start] = going[band.step].get(band.start, 0) + band.n
        coming[band.step + 1][band.end] = coming[band.step + 1].get(band.end, 0) + band.n
    found = []
    for one, other in zip(coming, going, strict=True):
        names = sorted(one.keys() | other.keys(), key=lambda name: list(BANDS).index(name) if name in BANDS else 9)
        found.append({name: max(one.get(name, 0), other.get(name, 0)) for name in names})
    return found


def _placed(sizes: dict[str, int], scale: float) -> dict[str, float]:
    tops, top = {}, float(TOP)
    for name, size in sizes.items():
        tops[name] = top
        top += size * scale + GAP
    return tops


def _bands(
    bands: Sequence[Band], places: list[dict[str, float]], scale: float, label: Callable[[str], str]
) -> list[str]:
    left: dict[tuple[int, str], float] = {}
    right: dict[tuple[int, str], float] = {}
    parts = []
    order = sorted(bands, key=lambda band: (band.step, places[band.step][band.start], places[band.step + 1][band.end]))
    for band in order:
        thick = band.n * scale
        y0 = left.get((band.step, band.start), places[band.step][band.start])
        y1 = right.get((band.step + 1, band.end), places[band.step + 1][band.end])
        left[band.step, band.start], right[band.step + 1, band.end] = y0 + thick, y1 + thick
        x0, x1 = band.step * COLUMN_WIDTH + BAR, (band.step + 1) * COLUMN_WIDTH
        middle = (x0 + x1) / 2
        path = (
            f"M{x0},{y0:.1f} C{middle},{y0:.1f} {middle},{y1:.1f} {x1},{y1:.1f} "
            f"V{y1 + thick:.1f} C{middle},{y1 + thick:.1f} {middle},{y0 + thick:.1f} {x0},{y0 + thick:.1f} Z"
        )
        title = f"{label(band.start)} → {label(band.end)}: {band.n:,}"
        css = BANDS.get(band.start, "fill-base-content/30")
        parts.append(
            f'<a href="{escape(band.url)}" tabindex="-1"><path d="{path}" class="{css} hover:opacity-70">'
            f"<title>{escape(title)}</title></path></a>"
        )
    return parts


def _node(column: int, name: str, size: int, top: float, scale: float, label: Callable[[str], str]) -> str:
    x, height = column * COLUMN_WIDTH, max(size * scale, 2)
    return (
        f'<rect x="{x}" y="{top:.1f}" width="{BAR}" height="{height:.1f}" rx="2" '
        f'class="{NODES.get(name, "fill-base-content/60")}"/>'
        f'<text x="{x + BAR + 6}" y="{top + max(height / 2, 6) + 4:.1f}" font-size="12" class="fill-base-content">'
        f"{escape(label(name))} {size:,}</text>"
    )


def _head(column: int) -> str:
    words = _("At first") if column == 0 else _("Then, %(number)d.") % {"number": column + 1}
    return (
        f'<text x="{column * COLUMN_WIDTH}" y="14" font-size="11" class="fill-base-content/70">{escape(words)}</text>'
    )
