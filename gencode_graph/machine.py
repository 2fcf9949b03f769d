"""What this machine has and lacks: each tool, what needs it, and how to get it."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from gencode_graph.errors import MissingError, SettingError
from gencode_graph.settings import Settings

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
"""Programs that will do, the quickest first."""
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NODE_MAJOR = 20
ROOM = 3
"""Gigabytes that a first run needs for its installs and one app."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A program that we use, and where it comes from."""

    name: str
    needed_for: str
    apt: str
    brew: str
    windows: str
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that a run needs, found or not."""

    name: str
    found: str | None
    """Version and path, or None when it is missing or too old."""
    needed_for: str
    how: str
    """How to get it on this machine."""
    optional: bool = False


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            name="node",
            needed_for="the web app: its build, its tests and its browser checks",
            apt="install Node.js 20 or newer from nodejs.org or your distribution (apt-get install nodejs npm)",
            brew="brew install node",
            windows="winget install OpenJS.NodeJS.LTS",
        ),
        Tool(
            name="npm",
            needed_for="installing the web app's packages",
            apt="apt-get install npm",
            brew="brew install node",
            windows="winget install OpenJS.NodeJS.LTS",
        ),
        Tool(
            name="git",
            needed_for="looking at the history of what was generated",
            apt="apt-get install git",
            brew="brew install git",
            windows="winget install Git.Git",
            optional=True,
        ),
        Tool(
            name="chromium",
            needed_for="screenshots and browser tests",
            apt="apt-get install chromium-headless-shell (or: chromium)",
            brew="brew install --cask chromium",
            windows="winget install Google.Chrome",
        ),
        Tool(
            name="docker",
            needed_for="running code that a model wrote, away from your files and network",
            apt="apt-get install docker.io, then start the daemon (service docker start)",
            brew="brew install --cask docker, then start it",
            windows="winget install Docker.DockerDesktop, then start it",
            optional=True,
        ),
        Tool(
            name="bwrap",
            needed_for="the same where there is no Docker daemon",
            apt="apt-get install bubblewrap",
            brew="brew install --cask docker, as bubblewrap is for Linux only",
            windows="winget install Docker.DockerDesktop, as bubblewrap is for Linux only",
            optional=True,
        ),
    )
}


def how_to_get(name: str) -> str:
    """One line for the system we run on; a tool we do not know is named as such."""
    tool = TOOLS.get(name)
    if tool is None:
        return f"install {name} with your system's package manager"
    if sys.platform == "darwin":
        return tool.brew
    return tool.windows if sys.platform == "win32" else tool.apt


def missing(name: str) -> str:
    """The message for a tool that is not there."""
    tool = TOOLS.get(name)
    wanted = f", needed for {tool.needed_for}," if tool else ""
    return f"{name}{wanted} is not on this machine; {how_to_get(name)}"


def find_browser(chosen: Path | None = None) -> Path | None:
    """Chromium's program: the chosen one, else that of ``CHROMIUM``, else the first on the path; None without one.

    Raises ``SettingError`` when one was named that is not a program.
    """
    named = chosen or (Path(value) if (value := os.environ.get("CHROMIUM")) else None)
    if named is not None:
        found = shutil.which(named.expanduser())
        if found is None:
            raise SettingError(f"the browser {str(named)!r} is not a program; correct GENCODE_BROWSER or CHROMIUM")
        return Path(found)
    for name in (*BROWSERS, *(MAC_BROWSERS if sys.platform == "darwin" else ())):
        if found := shutil.which(name):
            return Path(found)
    return None


def require(*names: str, settings: Settings) -> None:
    """Raise ``MissingError`` unless these are on the machine; the message says how to get each that is not."""
    lacking = [it for name in names if (it := examine_tool(TOOLS[name], settings)).found is None]
    if lacking:
        raise MissingError("; ".join(f"{it.name} is missing (needed for {it.needed_for}): {it.how}" for it in lacking))


def examine(settings: Settings) -> list[Need]:
    """Everything that a run needs, found or not; takes about a quarter of a second."""
    return [
        Need(
            name="python",
            found=f"{sys.version.split()[0]} ({sys.executable})" if sys.version_info >= (3, 11) else None,
            needed_for="this library and the generated server",
            how="install Python 3.11 or newer",
        ),
        *(examine_tool(tool, settings) for tool in TOOLS.values()),
        examine_folder("home", settings.home, "records of runs", "GENCODE_HOME"),
        examine_folder("cache", settings.cache, "installs shared by runs", "GENCODE_CACHE"),
        examine_room(settings.cache),
    ]


def examine_tool(tool: Tool, settings: Settings) -> Need:
    """One program: there, new enough and, for Docker, with a daemon that answers."""
    how = how_to_get(tool.name)
    path = None if tool.name == "chromium" else shutil.which(tool.name)
    if tool.name == "chromium":
        try:
            browser = find_browser(settings.browser)
            path = str(browser) if browser else None
        except SettingError as error:
            how = str(error)
    version = version_of(path, tool.name) if path else None
    if tool.name == "node" and version and int(re.split(r"\D+", version.lstrip("v"))[0] or 0) < NODE_MAJOR:
        how, version = f"Node.js {version} is too old, {NODE_MAJOR} is the oldest that will do: {how}", None
    if tool.name == "docker" and path and not version:
        how = "Docker is installed but its daemon does not answer: start it (service docker start)"
    found = f"{version} ({path})" if version else None
    return Need(name=tool.name, found=found, needed_for=tool.needed_for, how=how, optional=tool.optional)


@functools.cache
def version_of(path: str, name: str) -> str | None:
    """What a program says of its version, or for Docker of its daemon's; None when it cannot be run."""
    argv = [path, "version", "--format", "{{.Server.Version}}"] if name == "docker" else [path, "--version"]
    try:
        ran = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"v?\d+(\.\d+)+", ran.stdout)
    return found[0] if found else None


def examine_folder(name: str, folder: Path, needed_for: str, variable: str) -> Need:
    """Whether a folder can be written, or made."""
    place = nearest(folder)
    can = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    how = f"{folder} cannot be written: set {variable} to a folder that can"
    return Need(name=name, found=str(folder) if can else None, needed_for=needed_for, how=how)


def examine_room(folder: Path) -> Need:
    """Whether the disk has room for a first run."""
    free = shutil.disk_usage(nearest(folder)).free / 1e9
    how = f"{free:.1f} GB are free at {folder}, a first run needs {ROOM}: free some, or set GENCODE_CACHE"
    found = f"{free:.0f} GB free" if free >= ROOM else None
    return Need(name="disk", found=found, needed_for="installs, builds and screenshots", how=how)


def nearest(folder: Path) -> Path:
    """The folder itself, or the first one above it that exists."""
    place = folder.expanduser().absolute()
    while not place.exists():
        place = place.parent
    return place
