"""Puts the widget's one script together from static/widget/ and serves it: one file, no build step, no framework."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

# In this order; each may use what stands before it.
PARTS = (
    "words.js",
    "memory.js",
    "transport.js",
    "conversation.js",
    "colors.js",
    "chime.js",
    "elements.js",
    "attachments.js",
    "fields.js",
    "prechat.js",
    "closed.js",
    "survey.js",
    "composer.js",
    "panel.js",
    "earlier.js",
    "notices.js",
    "transcript.js",
    "preview.js",
    "start.js",
)
STYLES = "widget.css"
# Pages of shops name the script without a version, so its age is what an upgrade takes to arrive.
MAX_AGE_SECONDS = 300


@dataclass(frozen=True)
class Script:
    body: bytes
    packed: bytes
    etag: str


@lru_cache(maxsize=1)
def _built(newest: int) -> Script:
    folder = _folder()
    styles = json.dumps((folder / STYLES).read_text(encoding="utf-8"))
    parts = "\n".join((folder / part).read_text(encoding="utf-8") for part in PARTS)
    # `<!--` and the like are harmless here: the script is never written into a page.
    body = f'(() => {{\n"use strict";\nconst STYLES = {styles};\n{parts}}})();\n'.encode()
    return Script(body, gzip.compress(body, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:20]}"')


def built() -> Script:
    """Returns the script; made anew when a part has changed (in development), else from memory."""
    folder = _folder()
    return _built(max((folder / part).stat().st_mtime_ns for part in (*PARTS, STYLES)))


def response(request: HttpRequest) -> HttpResponse:
    made = built()
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer: HttpResponse
    if request.headers.get("If-None-Match") == made.etag:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(made.packed if is_packed else made.body, content_type="text/javascript; charset=utf-8")
        if is_packed:
            answer["Content-Encoding"] = "gzip"
    answer["ETag"] = made.etag
    answer["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    # Any page may load it (it is public); which page may talk to the hub is decided at the session.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "widget"
