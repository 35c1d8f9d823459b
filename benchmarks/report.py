"""What a run leaves behind: the table on the terminal, and the same as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure


def write(figures: Sequence[Figure], folder: Path, *, at: datetime, told: dict[str, Any]) -> Path:
    """Writes `bench-<date>.json`; `told` says what was run on."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-{at:%Y-%m-%d-%H%M}.json"
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()}
    rows = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
    content = {"at": at.isoformat(timespec="seconds"), "machine": machine, **told, "figures": rows}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
