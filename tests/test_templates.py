"""Every template obeys the strict CSP (no inline script, style or handler) and says what it needs."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
ALL = sorted(
    path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt")
)

FORBIDDEN = {
    "a style attribute": re.compile(r"""<[a-z][^>]*\sstyle\s*=""", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler attribute": re.compile(r"""<[a-z][^>]*\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "an htmx event handler": re.compile(r"\shx-on[:-]", re.IGNORECASE),
    "htmx values computed by script": re.compile(r"""hx-(vals|headers)\s*=\s*["']\s*(js|javascript):""", re.IGNORECASE),
    "a javascript address": re.compile(r"""(href|src|action)\s*=\s*["']\s*javascript:""", re.IGNORECASE),
    "an inline script": re.compile(
        r"""<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype\s*=\s*["']application/(json|ld\+json)["'])""", re.IGNORECASE
    ),
    "something fetched from elsewhere": re.compile(
        r"""<(script|link|img|iframe)\b[^>]*(src|href)\s*=\s*["']https?://"""
    ),
    # What is told while it is fetched would be told to an element that is gone: a place that stays is kept current.
    "a live element that replaces itself": re.compile(
        r"""<(?=[^>]*\sdata-live=)(?=[^>]*\shx-swap="outerHTML")(?![^>]*\shx-target=)[^>]*>"""
    ),
    "unescaped text": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
}


# Files for people to keep, and mails: never sent as a page of the hub, so they carry their own look.
DOWNLOADS = {
    "customers/export_file.html": {"a style element"},
    "channels_app/mail/letter.html": {"a style element"},
    "voc/mail/digest.html": {"a style element"},
    "kpi/mail/digest.html": {"a style element"},
}


@pytest.mark.parametrize("name", ALL)
def test_template_is_clean_and_loads(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    found = {what for what, pattern in FORBIDDEN.items() if pattern.search(source)} - DOWNLOADS.get(name, set())
    assert not found, f"{name} has {', '.join(sorted(found))}"
    get_template(name)


@pytest.mark.parametrize("name", [name for name in ALL if "/partials/" in name or name.startswith("components/")])
def test_partial_opens_with_its_variables(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert re.match(r"\s*(\{% comment|\{#)", source), f"{name} opens with a comment naming its variables"


def test_scripts_bring_no_markup_or_code_from_text() -> None:
    """One element's markup may become another's: the server has escaped it."""
    for path in sorted((Path(settings.BASE_DIR) / "static").rglob("*.js")):
        if "dist" in path.parts or "vendor" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        found = re.search(
            r"\beval\(|new Function\(|\.innerHTML\s*\+?=(?!.*\.innerHTML;)|insertAdjacentHTML|document\.write\(", source
        )
        assert not found, f"{path.name}: {found and found.group()}"
