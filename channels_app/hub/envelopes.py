"""The envelope of what the hub itself does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_app.intake import HUB


def hub_envelope(kind: str, data: dict[str, Any], *, at: datetime, key: str) -> dict[str, Any]:
    return {"specversion": "1.0", "id": key, "source": HUB, "type": kind, "time": at.isoformat(), "data": data}
