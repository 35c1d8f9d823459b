"""Visitor tokens: what proves, and everything that does not."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_app.widget import tokens
from tests.channels_app.widget.visitors import signed

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
WIDGET = SimpleNamespace(signing_secret="river-lantern-secret")
TIMES = {"iat": NOW.timestamp(), "exp": NOW.timestamp() + 300}


def read(token: str, at: datetime = NOW) -> tokens.Claims:
    return tokens.read_token(token, signing_secret=WIDGET.signing_secret, at=at)


def test_valid_token_tells_who_she_is():
    claims = read(signed(WIDGET, **TIMES, member_no="M-1001", name=" 홍길동 ", phone="010-0000-1001"))
    assert claims.sub == "u-1001"
    assert claims.about() == {"member_no": "M-1001", "name": "홍길동", "phone": "010-0000-1001"}


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (signed(WIDGET, secret="another", **TIMES), "signature"),
        (signed(WIDGET, header={"alg": "none"}, **TIMES), "algorithm"),
        (signed(WIDGET, header={"alg": "RS256"}, **TIMES), "algorithm"),
        (signed(WIDGET, **{**TIMES, "exp": NOW.timestamp() - 61}), "expired"),
        (signed(WIDGET, iat=NOW.timestamp() + 90, exp=NOW.timestamp() + 300), "not_yet"),
        (signed(WIDGET, iat=NOW.timestamp(), exp=NOW.timestamp() + 86_500), "lifetime"),
        (signed(WIDGET, **TIMES, sub=""), "claims"),
        (signed(WIDGET, **TIMES, sub=7), "claims"),
        (signed(WIDGET, **TIMES, email="x" * 201), "claims"),
        (signed(WIDGET, iat=NOW.timestamp(), exp=None), "claims"),
        ("", "malformed"),
        ("a.b", "malformed"),
        ("한.글.들", "malformed"),
        ("a" * 5000 + ".b.c", "malformed"),
    ],
)
def test_what_proves_nothing(token: str, code: str):
    with pytest.raises(tokens.BadToken) as refused:
        read(token)
    assert refused.value.code == code


def test_clocks_may_differ_by_a_minute():
    token = signed(WIDGET, iat=NOW.timestamp() + 50, exp=NOW.timestamp() + 200)
    assert read(token).sub == "u-1001"
    assert read(token, NOW + timedelta(seconds=250)).sub == "u-1001"


@given(st.text(max_size=300) | st.from_regex(r"[\w=-]{0,40}\.[\w=-]{0,40}\.[\w=-]{0,40}"))
def test_no_text_is_a_token_by_chance(text: str):
    with pytest.raises(tokens.BadToken):
        read(text)


def test_visitor_secret_is_known_by_its_hash():
    secret = tokens.new_visitor_secret()
    assert tokens.is_secret_of(secret, tokens.hash_of(secret))
    assert not tokens.is_secret_of(secret + "x", tokens.hash_of(secret))
    assert not tokens.is_secret_of("\ud800", tokens.hash_of(secret))
