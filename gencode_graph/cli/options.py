"""What the commands can be told, and the settings that come of it."""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

if TYPE_CHECKING:
    from gencode_graph.settings import Settings

STDIN_LIMIT = 1 << 20
"""Bytes that are read of a request; far more than one may have."""

Run = Annotated[str | None, typer.Argument(metavar="[RUN]", help="Id of a run; the newest by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to stdout, and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary, only warnings and errors.")]
ReportFile = Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Write the report there, as JSON.")]
Place = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="Folder of the app; named after the request by default.")
]
Kind = Annotated[
    str | None,
    typer.Option(
        help="Kind of app: admin_dashboard, saas_app, content_platform, landing_page, realtime_collab, "
        "ecommerce_store or project_management. The request decides by default."
    ),
]
Look = Annotated[
    str | None,
    typer.Option(help="Look: minimal, dark, glass, playful, bold or pastel. The request decides by default."),
]
Models = Annotated[
    str | None,
    typer.Option(
        help="Who improves on the built-in draft, as provider:name, with commas between those that take over; by "
        "default Google, OpenAI or Anthropic, whose key is set. Without a key nobody does, and nothing is paid."
    ),
]
Agents = Annotated[bool | None, typer.Option(help="Whether models are asked at all.", show_default=False)]
Walls = Annotated[
    str | None,
    typer.Option(
        "--sandbox",
        help="Where tools and the app run: docker, bubblewrap or local; by default the first of the first two that "
        "works here, and local, which has no walls, only for what no model wrote.",
    ),
]
UnsafeLocal = Annotated[
    bool | None,
    typer.Option("--unsafe-local", help="Let code that a model wrote run without walls, where there is no sandbox."),
]
Approve = Annotated[
    list[int] | None,
    typer.Option(help="Number of a change that the stopped run may make to what was asked for; 0 for none.", min=0),
]
Budget = Annotated[float | None, typer.Option(help="What the models may cost, 5 USD by default.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show each decision with its weights, and what was learned from it.")
]
Strict = Annotated[
    bool | None,
    typer.Option("--strict-budget", help="Stop when the budget is spent, instead of going on without models."),
]


def settings_from(**given: Any) -> Settings:
    """Settings of the environment and of what was given. Raises ``SettingError`` that lists what is known."""
    from pydantic import ValidationError

    from gencode_graph.errors import SettingError
    from gencode_graph.settings import Settings

    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise SettingError("; ".join(_problem(dict(e), chosen) for e in error.errors())) from None


def _problem(error: dict[str, Any], given: dict[str, Any]) -> str:
    """One line on a setting that cannot be used, with the name that the user knows it by."""
    from gencode_graph.spec import Archetype, Vibe

    name = str(error["loc"][0])
    known = {"archetype": get_args(Archetype), "vibe": get_args(Vibe)}.get(name)
    where = f"--{name.replace('_', '-')}" if name in given else f"GENCODE_{name.upper()}"
    wrong = f"{where} {error['input']!r} cannot be used"
    return f"{wrong}; known: {', '.join(known)}" if known else f"{wrong}: {error['msg'].lower()}"


def request_from(argument: str) -> str:
    """The request as it was given, or from stdin for ``-``. Raises ``RequestError`` for what is not UTF-8."""
    from gencode_graph.errors import RequestError

    if argument != "-":
        return argument
    try:
        return sys.stdin.buffer.read(STDIN_LIMIT).decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError("the request on stdin is not UTF-8 text; save it as UTF-8") from None


def writable(file: Path | None, option: str = "--report") -> Path | None:
    """The file to write to, if it can be written; ``InputError`` otherwise, before any work is done."""
    from gencode_graph.errors import InputError

    if file is None:
        return None
    file = file.expanduser().absolute()
    if file.is_dir():
        raise InputError(f"{option} {file} is a folder; name a file")
    if not file.parent.is_dir():
        raise InputError(f"{option} {file}: there is no folder {file.parent}; make it first")
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise InputError(f"{option} {file}: {file.parent} cannot be written ({error.strerror})") from None
    return file


FILLER = frozenset({
    "a", "an", "and", "app", "application", "build", "can", "create", "develop", "generate", "give", "i", "like",
    "make", "me", "my", "need", "new", "our", "please", "platform", "simple", "site", "software", "system", "that",
    "the", "to", "tool", "us", "want", "we", "web", "website", "with", "would", "you",
})  # fmt: skip
"""Words that say nothing of what the app is about."""
ENDS = frozenset({"where", "which", "that", "with", "for", "so", "who", "whose", "because"})
"""Words after which a request goes into detail."""


def slug(request: str) -> str:
    """A folder's name for a request: ``Create a bug tracking system with projects`` -> ``bug-tracking``."""
    text = unicodedata.normalize("NFKD", request).encode("ascii", "ignore").decode().lower()
    chosen: list[str] = []
    for word in re.findall(r"[a-z0-9]+", text):
        if chosen and (word in ENDS or len(chosen) == 3):
            break
        if word not in FILLER:
            chosen.append(word[:20])
    return "-".join(chosen) or "app"


def fresh(parent: Path, name: str) -> Path:
    """The first of ``name``, ``name-2``, ``name-3`` ... that is not there, or is an empty folder."""
    for number in itertools.count(1):
        place = parent / (name if number == 1 else f"{name}-{number}")
        if not place.exists() or (place.is_dir() and not any(place.iterdir())):
            return place
    raise AssertionError("numbers do not end")
