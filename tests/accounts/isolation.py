"""The routes of the accounts room and of log-in, for the isolation test."""

from collections.abc import Callable
from typing import Any

from tests.isolation import Excused, Listed, Named, Route, World


def _center(world: World) -> dict[str, Any]:
    return {"center_id": world.hidden.seoul.public_id}


def _store(world: World) -> dict[str, Any]:
    return {"store_id": world.hidden.gangnam.public_id}


def _person(world: World) -> dict[str, Any]:
    return {"person_id": world.hidden.agent.public_id}


OWN_ACCOUNT = Excused("the page of whoever is logged in, without ids")
LOG_IN = Excused("allauth's own page, before or about the session of whoever asks")

POPULATE: list[Callable[[World], None]] = []

ROUTES: dict[str, Route] = {
    "accounts:start": Excused("leads elsewhere"),
    "accounts:set_language": Excused("sets a cookie"),
    "accounts:welcome": Excused("closed once there is an organization"),
    "accounts:welcome_done": Listed(),
    "accounts:profile": OWN_ACCOUNT,
    "accounts:settings": Listed(),
    "accounts:organization": Listed(),
    "accounts:center_list": Listed(),
    "accounts:center_create": Listed(),
    "accounts:center_detail": Named(_center),
    "accounts:center_update": Named(_center),
    "accounts:center_set_schedule": Named(_center),
    "accounts:store_list": Listed(),
    "accounts:store_create": Listed(),
    "accounts:store_detail": Named(_store),
    "accounts:person_list": Listed(),
    "accounts:person_create": Listed(),
    "accounts:person_detail": Named(_person),
    "accounts:person_update": Named(_person),
    "accounts:person_change_role": Named(_person),
    "accounts:person_deactivate": Named(_person),
    "accounts:person_reactivate": Named(_person),
    "accounts:person_reset_password": Named(_person),
    "accounts:person_remove_second_factor": Named(_person),
    "accounts:audit_log": Listed(),
    "accounts:audit_export": Listed(),
    "accounts:audit_reviews": Listed(),
    "accounts:audit_review": Excused("names a month; shows the reader's own organization, see test_audit_screens"),
    "account_login": LOG_IN,
    "account_logout": LOG_IN,
    "account_inactive": LOG_IN,
    "account_reauthenticate": LOG_IN,
    "account_change_password": OWN_ACCOUNT,
    "mfa_index": OWN_ACCOUNT,
    "mfa_authenticate": LOG_IN,
    "mfa_reauthenticate": LOG_IN,
    "mfa_activate_totp": OWN_ACCOUNT,
    "mfa_deactivate_totp": OWN_ACCOUNT,
    "mfa_view_recovery_codes": OWN_ACCOUNT,
    "mfa_generate_recovery_codes": OWN_ACCOUNT,
    "mfa_download_recovery_codes": OWN_ACCOUNT,
}
