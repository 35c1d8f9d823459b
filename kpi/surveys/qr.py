"""QR codes of places, as SVG and PNG. Pure."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.urls import reverse

from kpi.surveys.links import POINT, token_of


def point_url(key: str) -> str:
    """What the code on the card leads to."""
    return settings.HUB_URL + reverse("kpi:survey_point", args=[token_of(key, POINT)])


def tablet_url(key: str) -> str:
    return settings.HUB_URL + reverse("kpi:survey_tablet", args=[token_of(key, POINT)])


def as_svg(url: str) -> bytes:
    """With a quiet border, and no size of its own: it fills what it stands in."""
    out = io.BytesIO()
    # M: a card on a counter gets scratched.
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=4, omitsize=True, dark="#000", light="#fff")
    return out.getvalue()


def as_png(url: str) -> bytes:
    """About 1,000 pixels wide: sharp on a printed card."""
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(out, kind="png", border=4, scale=max(1, 1000 // (code.symbol_size()[0])))
    return out.getvalue()
