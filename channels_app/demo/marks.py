"""What the demo leaves in the data folder: with which seed and present it was made, and how the live demo gets in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from accounts.models import Organization
from channels_app.api.actions import create_api_key, revoke_api_key
from channels_app.demo.foundation import SETUP
from channels_app.demo.organization import CENTERS
from channels_app.models import ApiKey
from channels_app.models.api_key import Scope
from channels_app.models.widget import WidgetSettings
from channels_app.widget.settings_actions import reveal_signing_secret
from cxhub import data_folder

KEY_NAME = "demo-live"
SOURCES = tuple(f"/{center.slug}" for center in CENTERS)


@dataclass(frozen=True, slots=True)
class Mark:
    """With what the history was made. Kept, so that a run that was cut short goes on with the very same events."""

    seed: int
    customers: int
    now: str
    is_finished: bool = False

    @property
    def present(self) -> datetime:
        return datetime.fromisoformat(self.now)


@dataclass(frozen=True, slots=True)
class LiveAccess:
    """What the shop's till, exchange and web server would hold: a key, the widget's id, and its signing secret."""

    api_key: str
    widget: str
    signing_secret: str


def read_mark(folder: Path) -> Mark | None:
    """Returns the mark, or None where no demo was begun in this folder."""
    try:
        return Mark(**json.loads(_mark_path(folder).read_text("ascii")))
    except FileNotFoundError:
        return None


def write_mark(folder: Path, mark: Mark) -> None:
    data_folder.prepare(folder)
    data_folder.write_private(_mark_path(folder), json.dumps(asdict(mark)))


def keep_live_access(folder: Path, organization: Organization, *, at: datetime) -> None:
    """Sees to it that the folder holds a key with which the live demo may write; an older one ends with it."""
    standing = ApiKey.objects.filter(organization=organization, name=KEY_NAME, revoked_at=None)
    try:
        held = ApiKey.hash_of(read_live_access(folder).api_key)
    except FileNotFoundError:
        held = ""
    if standing.filter(key_hash=held).exists():
        return
    for key in standing:
        revoke_api_key(key, by=SETUP, at=at)
    # It reads, too: a colleague played by the live demo does not answer where a person has.
    scopes = [Scope.EVENTS_WRITE, Scope.EVENTS_READ]
    _key, secret = create_api_key(organization, name=KEY_NAME, scopes=scopes, sources=SOURCES, by=SETUP, at=at)
    widget = (
        WidgetSettings.objects.select_related("organization", "center").filter(organization=organization).earliest("pk")
    )
    access = LiveAccess(secret, str(widget.public_id), reveal_signing_secret(widget, by=SETUP, at=at))
    data_folder.write_private(_access_path(folder), json.dumps(asdict(access)))


def read_live_access(folder: Path) -> LiveAccess:
    """Returns what lets the live demo in. Raises FileNotFoundError where the demo has not been made."""
    return LiveAccess(**json.loads(_access_path(folder).read_text("ascii")))


def _mark_path(folder: Path) -> Path:
    return folder / "demo.json"


def _access_path(folder: Path) -> Path:
    return folder / "demo-live.json"
