"""Every command that is about an organization is told which in the same way, and says which there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.cast import Cast, make_organization

ROOMS = Path(__file__).parents[2]
COMMANDS = {
    "create_api_key": ["--scope", "events:read"],
    "import_reviews": [__file__],
    "import_sales": [__file__],
    "rebuild_figures": [],
    "take_mail": [],
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_organization()


@pytest.mark.parametrize(("name", "told"), COMMANDS.items())
def test_a_name_that_is_none_is_answered_with_those_there_are(cast: Cast, name: str, told: list[str]) -> None:
    with translation.override("en"), pytest.raises(CommandError, match=r"no organization moon\. There are: haneul\."):
        call_command(name, *told, "--organization", "moon")


def test_a_mail_server_is_told_that_nobody_is_here(cast: Cast) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("take_mail", "--organization", "moon")
    assert refused.value.returncode == 67


def test_an_empty_hub_says_what_to_do(db: None) -> None:
    with pytest.raises(CommandError, match="create_organization"):
        call_command("rebuild_figures", "--organization", "moon")


def test_no_command_looks_for_itself() -> None:
    commands = [*ROOMS.glob("*/management/commands/*.py")]
    asking = {path.stem for path in commands if "add_organization(" in path.read_text(encoding="utf-8")}
    assert asking == set(COMMANDS)
    assert not [path for path in commands if '"--organization"' in path.read_text(encoding="utf-8")]
