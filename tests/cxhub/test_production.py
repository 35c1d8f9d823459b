"""A real installation refuses to start half-configured; the compose file names only what exists."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

BASE_DIR: Path = settings.BASE_DIR
_GUNICORN = BASE_DIR / "deploy/gunicorn.conf.py"
COMPOSE = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
HUB_SERVICES = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
WHOLE = {
    "CXHUB_PRODUCTION": "1",
    "SECRET_KEY": "a-long-enough-key-for-a-test-that-connects-to-nothing-at-all",
    "ALLOWED_HOSTS": "hub.example",
    "DATABASE_URL": "postgresql://cxhub@postgres/cxhub",
    "REDIS_URL": "redis://redis:6379/0",
}


def _settings(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"from cxhub import settings as s; {code}"],
        cwd=BASE_DIR,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_configuration_is_hardened():
    done = _settings("print(s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.EMBEDDED_WORKER, s.DEBUG)", **WHOLE)
    assert done.stdout.split() == ["True", "True", "False", "False"], done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_what_is_missing_is_named(missing):
    done = _settings("pass", **{name: value for name, value in WHOLE.items() if name != missing})
    assert done.returncode
    assert f"CXHUB_PRODUCTION=1 needs {missing}" in done.stderr


def test_debug_is_refused():
    assert "DEBUG shows secrets" in _settings("pass", **WHOLE, DEBUG="1").stderr


def test_other_machines_are_not_let_in_without_tls_by_accident():
    assert "CXHUB_PLAIN_HTTP=1" in _settings("pass", ALLOWED_HOSTS="192.0.2.7").stderr
    assert _settings("pass", ALLOWED_HOSTS="192.0.2.7", CXHUB_PLAIN_HTTP="1").returncode == 0


def test_secrets_come_from_files(tmp_path):
    for name, value in (("key", "k" * 50), ("database", "p@ss"), ("redis", "r/edis")):
        (tmp_path / name).write_text(value)
    done = _settings(
        "print(s.SECRET_KEY, s.DATABASES['default']['PASSWORD'], s.REDIS_URL)",
        **{name: value for name, value in WHOLE.items() if name != "SECRET_KEY"},
        SECRET_KEY_FILE=str(tmp_path / "key"),
        DATABASE_PASSWORD_FILE=str(tmp_path / "database"),
        REDIS_PASSWORD_FILE=str(tmp_path / "redis"),
    )
    assert done.stdout.split() == ["k" * 50, "p@ss", "redis://:r%2Fedis@redis:6379/0"], done.stderr


def test_compose_refers_to_what_it_defines():
    for name, service in COMPOSE["services"].items():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (BASE_DIR / source).exists(), (name, volume)


def test_compose_watches_every_lasting_service():
    lasting = {name for name, service in COMPOSE["services"].items() if service.get("restart") != "no"}
    assert {name for name in lasting if "healthcheck" not in COMPOSE["services"][name]} == set()


def test_compose_sets_only_variables_that_the_hub_reads():
    read = "".join(path.read_text(encoding="utf-8") for path in [*(BASE_DIR / "cxhub").glob("*.py"), _GUNICORN])
    for name, service in HUB_SERVICES.items():
        for variable in service["environment"]:
            assert re.search(rf'"{variable.removesuffix("_FILE")}"', read), (name, variable)


def test_compose_secrets_are_the_ones_that_are_made():
    made = re.search(r"for name in (.*); do", (BASE_DIR / "deploy/make-secrets").read_text(encoding="utf-8"))
    assert made is not None
    assert set(made[1].split()) == set(COMPOSE["secrets"])
    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"] == f"deploy/secrets/{name}"


def test_proxy_leads_to_services_that_exist():
    caddyfile = (BASE_DIR / "deploy/Caddyfile").read_text(encoding="utf-8")
    assert set(re.findall(r"name (\w+)", caddyfile)) == {"web", "sockets"} <= set(COMPOSE["services"])


def test_image_copies_what_exists():
    dockerfile = (BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
    for path in ("requirements/base.txt", "deploy/gunicorn.conf.py"):
        assert path in dockerfile
        assert (BASE_DIR / path).exists()
