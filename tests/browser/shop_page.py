"""Another site than the hub's, with the widget on it and a strict policy of its own: a page of a shop."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.browsers import PageOpener
from tests.cast import Cast
from tests.channels_app.widget.visitors import make_widget

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>가게</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/hostile.css"></head>
<body><h1>가게</h1><p id="before"><a href="#">앞 링크</a></p>
<script src="{hub}/widget.js" data-widget="{widget}"{token} defer></script></body></html>"""

# What a shop's own styles may do to everything on the page.
HOSTILE_CSS = """
:root { --brand: lime !important; --ink: red !important; color-scheme: dark; }
* {
  --brand: lime !important; --ink: red !important; --paper: black !important;
  color: red !important; background: lime !important; font: italic 40px/3 monospace !important; display: inline !important;
  direction: rtl !important; unicode-bidi: bidi-override !important; text-transform: uppercase !important;
  letter-spacing: 5px !important; word-break: break-all !important; white-space: nowrap !important; cursor: wait !important;
  visibility: hidden !important; pointer-events: none !important; opacity: 0.1 !important; position: static !important;
  z-index: -1 !important; margin: 30px !important; padding: 30px !important; border: 9px solid red !important;
  width: 10px !important; max-height: 10px !important; overflow: hidden !important; transform: rotate(9deg) !important;
  filter: blur(4px) !important; animation: none !important; transition: all 9s !important; user-select: none !important;
}
button, textarea, section, ol, li { display: none !important; background: lime !important; }
cxhub-chat, cxhub-chat * { display: none !important; color: red !important; }
"""


@dataclass
class ShopPage:
    """A running site. `url` is its page; `token`, `lang` and `css` may be changed between two visits."""

    hub: str
    widget: str = ""
    token: str = ""
    lang: str = "ko"
    css: str = HOSTILE_CSS
    url: str = field(default="", init=False)

    def __post_init__(self) -> None:
        shop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_style = self.path == "/hostile.css"
                token = f' data-token="{shop.token}"' if shop.token else ""
                body = (
                    shop.css if is_style else PAGE.format(lang=shop.lang, hub=shop.hub, widget=shop.widget, token=token)
                )
                hub_socket = shop.hub.replace("http", "ws", 1)
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if is_style else "text/html; charset=utf-8")
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; script-src {shop.hub}; connect-src {shop.hub} {hub_socket}; "
                    "style-src 'self'; img-src data:; require-trusted-types-for 'script'",
                )
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args: object) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def shop_of(cast: Cast, hub: str) -> Iterator[ShopPage]:
    """A shop's page with a widget of the organization, for a fixture."""
    page = ShopPage(hub)
    content = {"greeting_en": "Hello!", "asks_contact": False, "takes_closed_messages": False}
    page.widget = str(make_widget(cast, allowed_origins=[page.url], **content).public_id)
    yield page
    page.close()


def widget_of(shop: ShopPage) -> Any:
    from channels_app.models.widget import WidgetSettings

    return WidgetSettings.objects.get(public_id=shop.widget)


def opened(open_page: PageOpener, shop: ShopPage, **options: Any) -> Any:
    """Returns the page with the chat open and connected."""
    page = open_page(shop.url, **options)
    page.get_by_role("button", name="채팅 상담 열기").click()
    page.get_by_role("dialog").wait_for()
    return page


def box(page: Any) -> Any:
    return page.get_by_role("textbox", name="메시지 입력")


def texts(page: Any) -> list[str]:
    return page.locator(".said .text").all_inner_texts()


def until_shown(page: Any, text: str) -> None:
    page.locator(".said:not(.is-pending) .text", has_text=text).first.wait_for(timeout=5000)
