"""The readers of the environment refuse nonsense and name the variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cxhub import environment


def test_unset_gives_the_default(monkeypatch):
    monkeypatch.delenv("THING", raising=False)
    assert environment.text("THING", "x") == "x"
    assert environment.boolean("THING", default=True) is True
    assert environment.integer("THING", 7) == 7
    assert environment.words("THING", ["a"]) == ["a"]
    assert environment.postgresql("THING", pool_size=3) is None


def test_text_may_come_from_a_file(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    monkeypatch.setenv("THING_FILE", str(secret))
    assert environment.text("THING") == "from the file"
    monkeypatch.setenv("THING", "also here")
    with pytest.raises(ImproperlyConfigured, match="THING_FILE"):
        environment.text("THING")


def test_missing_file_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("THING_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="THING_FILE"):
        environment.text("THING")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("maybe", lambda: environment.boolean("THING", default=False)),
        ("many", lambda: environment.integer("THING", 1)),
        ("-1", lambda: environment.integer("THING", 1)),
        ("99", lambda: environment.integer("THING", 1, at_most=9)),
        ("red", lambda: environment.choice("THING", "a", among=["a", "b"])),
        ("http://localhost", lambda: environment.redis_url("THING")),
        ("mysql://localhost/x", lambda: environment.postgresql("THING", pool_size=1)),
        ("postgresql://localhost", lambda: environment.postgresql("THING", pool_size=1)),
        ("mail.example:25", lambda: environment.mail_server("THING")),
    ],
)
def test_nonsense_is_refused(monkeypatch, value, read):
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING"):
        read()


def test_postgresql_address(monkeypatch):
    monkeypatch.setenv("THING", "postgresql://hub:p%40ss@db:5433/cxhub?sslmode=require")
    found = environment.postgresql("THING", pool_size=4)
    assert found is not None
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "hub",
        "p@ss",
        "db",
        "5433",
        "cxhub",
    )
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert options["sslmode"] == "require"
    assert options["pool"] == {"min_size": 1, "max_size": 4, "timeout": 10}


def test_postgresql_by_socket_folder(monkeypatch):
    monkeypatch.setenv("THING", "postgresql:///cxhub?host=/var/run/postgresql")
    found = environment.postgresql("THING", pool_size=4)
    assert found is not None
    assert found["HOST"] == "/var/run/postgresql"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://hub:p%40ss@mail.example", ("mail.example", 587, "hub", "p@ss", False, True)),
        ("smtps://mail.example", ("mail.example", 465, "", "", True, False)),
        ("smtp://mail.example:25?tls=off", ("mail.example", 25, "", "", False, False)),
        ("", None),
    ],
)
def test_mail_server(monkeypatch, address, expected):
    monkeypatch.setenv("THING", address)
    assert environment.mail_server("THING") == expected
