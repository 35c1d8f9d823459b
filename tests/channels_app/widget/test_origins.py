"""Origins: one spelling, compared whole."""

import pytest

from channels_app.widget.origins import is_allowed, normalized_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        (" HTTPS://Shop.Example:443/ ", "https://shop.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://하늘상회.example", "https://xn--bb0by6rjzgm4w.example"),
        ("https://shop.example/page", None),
        ("https://user@shop.example", None),
        ("shop.example", None),
        ("ftp://shop.example", None),
        ("https://*", None),
        ("https://shop.example:99999", None),
        ("null", None),
        ("", None),
    ],
)
def test_one_spelling(text: str, origin: str | None):
    if origin and "xn--" in origin:
        origin = "https://" + "하늘상회".encode("idna").decode() + ".example"
    assert normalized_origin(text) == origin


@pytest.mark.parametrize(
    ("origin", "is_ok"),
    [
        ("https://shop.example", True),
        ("https://shop.example:8443", False),
        ("http://shop.example", False),
        ("https://evil.shop.example", False),
        ("https://shop.example.evil.example", False),
        ("https://hub.example", True),
        ("null", False),
        (None, False),
        ("", False),
    ],
)
def test_who_may(origin: str | None, is_ok: bool):
    assert is_allowed(origin, allowed_origins=["https://shop.example"], own_host="hub.example") is is_ok
