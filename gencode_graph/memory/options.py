"""Decision points as data: one YAML file each, with options that a user or a package can add to or change.

Read in this order, later ones win by the name of an option: the files beside this module, those of packages (an entry
point of the group ``gencode_graph.options`` names a package that holds ``<point>.yaml`` files), and the user's in
``home/options``. A file says in one line what it decides and lists its options::

    decides: what kind of app is asked for
    options:
      landing_page:
        description: one page that presents a product
        examples: [a page for the launch of my course]
        value: {pages: 1}
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from gencode_graph.decisions import Option
from gencode_graph.errors import SettingError
from gencode_graph.settings import Settings
from gencode_graph.types import Value

FOLDER = Path(__file__).with_name("options")
LARGEST = 1_000_000
"""Bytes of a file that is read."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One decision point: what it decides, and among what."""

    name: str
    decides: str
    options: dict[str, Option]
    closed: bool = False
    """Options can be changed, and none added: the names mean something to the program."""
    words: float = 0.0
    """Share of words, against meaning, by which options are told apart."""
    files: tuple[Path, ...] = field(default=())
    """Where it was read from."""


class _Entry(Value):
    """An option as a file has it; what it leaves out stays as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    description: str | None = Field(default=None, min_length=1)
    examples: list[str] | None = None
    value: dict[str, Any] | None = None


class _File(Value):
    decides: str | None = Field(default=None, min_length=1)
    closed: bool = False
    words: float | None = Field(default=None, ge=0, le=1)
    options: dict[str, _Entry] = Field(min_length=1)


def version(option: Option) -> str:
    """Changes whenever anything of the option does; what was learned of another version does not count."""
    return hashlib.sha256(option.model_dump_json().encode()).hexdigest()[:16]


def points(settings: Settings) -> dict[str, Point]:
    """All decision points by name; blocks. ``SettingError`` for a file that cannot be used, naming it and the fix."""
    known: dict[str, Point] = {}
    for path, may_found in _files(settings):
        if not may_found and path.stem not in known:
            raise SettingError(
                f"{path}: there is no decision point {path.stem!r}; rename it to one of {', '.join(sorted(known))}"
            )
        known[path.stem] = _with(known.get(path.stem), path, _read(path, path.stat().st_mtime_ns))
    return known


def _files(settings: Settings) -> Iterator[tuple[Path, bool]]:
    """Every file, and whether it may found a point of its own."""
    yield from ((path, True) for path in sorted(FOLDER.glob("*.yaml")))
    for point in sorted(entry_points(group="gencode_graph.options"), key=lambda point: point.name):
        yield from ((path, True) for path in sorted(_folder_of(point.value).glob("*.yaml")))
    yield from ((path, False) for path in sorted((settings.home.expanduser() / "options").glob("*.y*ml")))


def _folder_of(package: str) -> Path:
    from importlib.util import find_spec

    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SettingError(f"the entry point of gencode_graph.options names {package!r}, which is no package here")
    return Path(next(iter(found.submodule_search_locations)))


@cache
def _read(path: Path, _changed: int) -> _File:
    """A file's content, read again when it was changed."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST} bytes")
        return _File.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise SettingError(f"{path}: {place}: {first['msg']}; a file has options, each with a description") from error
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:
        said = " ".join(str(error).split())
        raise SettingError(f"{path} cannot be read: {said}; correct it, or move it away") from error


def _with(before: Point | None, path: Path, file: _File) -> Point:
    """A point with what another file says of it."""
    options = dict(before.options) if before else {}
    if before and before.closed and (new := sorted(file.options.keys() - options.keys())):
        raise SettingError(f"{path}: {new[0]}: {path.stem} has only {', '.join(options)}; change one of those")
    for name, entry in file.options.items():
        said = {key: value for key, value in entry.model_dump().items() if value is not None}
        was = options[name].model_dump() if name in options else {"name": name}
        if "description" not in {**was, **said}:
            raise SettingError(f"{path}: {name} is new, so it needs a description")
        options[name] = Option.model_validate({**was, **said})
    decides = file.decides or (before.decides if before else "")
    if not decides:
        raise SettingError(f"{path}: say in one line under 'decides' what is decided here")
    closed = before.closed if before else file.closed
    words = file.words if file.words is not None else before.words if before else 0.0
    files = (*(before.files if before else ()), path)
    return Point(name=path.stem, decides=decides, options=options, closed=closed, words=words, files=files)
