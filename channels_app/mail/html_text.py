"""A mail that is HTML only, as text: what a person would have read, and nothing that acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import unquote

_UNSEEN = {"script", "style", "head", "title", "template", "noscript", "svg", "object"}
_BLOCKS = {
    *("p", "div", "tr", "table", "ul", "ol", "li", "section", "article", "header", "footer", "hr", "pre", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "address", "dl", "dt", "dd", "center", "form", "fieldset"),
}
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
# Beyond this a mail is no letter.
LONGEST = 1_000_000  # characters


def text_of_html(html: str, picture: Callable[[str], str] = lambda _content_id: "") -> str:
    """The visible text, lines where the page would break them, quoted parts marked as mails mark them.

    `picture` says what stands for a picture that came with the mail, by its Content-ID. One from elsewhere is left out.
    """
    reader = _Reader(picture)
    reader.feed(html[:LONGEST])
    reader.close()
    return reader.text


class _Reader(HTMLParser):
    """Builds lines. Knows no styles: what is hidden by one is shown, which is the safe side."""

    def __init__(self, picture: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=True)
        self._picture = picture
        self._lines: list[str] = []
        self._line = ""
        self._unseen: list[str] = []
        self._quotes = 0
        self._link = ("", "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "br":
            self._break(is_forced=True)
        elif tag in _BLOCKS:
            self._break()
            if tag == "li":
                self._line = "- "
        if tag == "img" and not self._unseen:
            self._show((dict(attrs).get("src") or "").strip())
        if tag == "blockquote":
            self._quotes += 1
        if tag == "a":
            self._link = (dict(attrs).get("href") or "", self._line)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `<style/>` opens nothing that would ever be closed.
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self._break(is_paragraph=tag == "p")
        if tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        if tag == "a":
            self._tell_address()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            text = _SPACE.sub(" ", data)
            self._line += text.lstrip() if not self._line else text

    def _show(self, source: str) -> None:
        scheme, _colon, content_id = source.partition(":")
        if scheme.lower() == "cid" and (shown := self._picture(unquote(content_id))):
            self._break()
            self._line = shown
            self._break()

    def _tell_address(self) -> None:
        """Where a link leads, unless its words say so."""
        href, before = self._link
        self._link = ("", "")
        words = self._line.removeprefix(before).strip()
        if href.lower().startswith(("http://", "https://")) and words and words not in href and len(href) <= 500:
            self._line += f" ({href})"

    def _break(self, *, is_forced: bool = False, is_paragraph: bool = False) -> None:
        if self._line.strip() or is_forced:
            self._lines.append("> " * min(self._quotes, 5) + self._line.strip())
        if is_paragraph:
            self._lines.append("")
        self._line = ""

    @property
    def text(self) -> str:
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()
