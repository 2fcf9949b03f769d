"""Imports of Python: the module is there, and binds what is taken from it; a package is declared."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Collection, Iterator, Mapping

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.python_modules import PythonImport, python_module

WIRED_LAST = ("backend/app/main.py", "backend/app/core/config.py", "backend/app/seed.py")
"""What the wiring step writes: while the first is not there, imports of them are not judged."""

_ALIASES = {
    "yaml": "pyyaml", "dotenv": "python-dotenv", "jose": "python-jose", "pil": "pillow", "dateutil": "python-dateutil",
    "bs4": "beautifulsoup4", "jwt": "pyjwt", "multipart": "python-multipart", "psycopg2": "psycopg2-binary",
    "attr": "attrs", "sklearn": "scikit-learn", "cv2": "opencv-python", "crypto": "pycryptodome",
    "magic": "python-magic", "slugify": "python-slugify", "serial": "pyserial", "git": "gitpython",
}  # fmt: skip
_BRINGS = {
    "fastapi": ("starlette", "pydantic", "typing-extensions", "annotated-types", "anyio"),
    "starlette": ("anyio",),
    "pydantic": ("pydantic-core", "typing-extensions", "annotated-types"),
    "pydantic-settings": ("pydantic", "python-dotenv"),
    "sqlmodel": ("sqlalchemy", "pydantic"),
    "sqlalchemy": ("typing-extensions",),
    "httpx": ("anyio", "certifi", "httpcore"),
    "uvicorn": ("click", "h11"),
}
"""What comes with a package and may be relied on."""


def python_imports(files: Mapping[str, str], only: Collection[str] | None = None) -> list[Finding]:
    """A finding for each import that leads nowhere, takes what is not bound, or needs an undeclared package.

    ``only`` names the files to judge; all of them where it is not given.
    """
    folders = {parent for path in files for parent in _parents(path)}
    found: list[Finding] = []
    lists = [path for path in files if re.match(r"requirements.*\.txt$", _name(path))]
    for path in files if only is None else only:
        module = python_module(files[path]) if kind_of(path) == "python" else None
        for one in module.imports if module is not None else ():
            found += _judge(path, one, files, folders, lists)
    return found


def _judge(
    path: str, one: PythonImport, files: Mapping[str, str], folders: set[str], lists: list[str]
) -> Iterator[Finding]:
    if one.guarded or (not one.level and one.module.split(".")[0] in sys.stdlib_module_names):
        return
    root = import_root(path, one, files, folders)
    if root is None:
        yield from _undeclared(path, one, files, lists)
        return
    place = posixpath.normpath(posixpath.join(root, *one.module.split("."))) if one.module else root
    target = module_at(place, files)
    if target is None and place not in folders:
        if f"{place}.py" not in WIRED_LAST or WIRED_LAST[0] in files:
            dotted = "." * one.level + one.module
            yield _finding("imports/unresolved", path, one.line, f"there is no module {dotted}", "import what exists")
        return
    module = python_module(files[target]) if target is not None else None
    if target is not None and (module is None or module.opaque):
        return
    for name in one.names:
        inside = posixpath.join(place, name)
        known = module is not None and name in module.names
        if not known and name != "*" and module_at(inside, files) is None and inside not in folders:
            if f"{inside}.py" in WIRED_LAST and WIRED_LAST[0] not in files:
                continue
            message = f"{target or place} does not define {name}"
            yield _finding("imports/name", path, one.line, message, "define it there, or import another name")


def import_root(path: str, one: PythonImport, files: Mapping[str, str], folders: set[str]) -> str | None:
    """The folder that an import starts from; None where it leads out of the tree."""
    if one.level:
        folder = posixpath.dirname(path)
        for _ in range(one.level - 1):
            folder = posixpath.dirname(folder)
        return folder
    head = one.module.split(".")[0]
    for folder in _parents(path):
        place = posixpath.join(folder, head)
        is_package = posixpath.join(folder, "__init__.py") in files
        if not is_package and (f"{place}.py" in files or _has_python(place, files, folders)):
            return folder
    return None


def _has_python(place: str, files: Mapping[str, str], folders: set[str]) -> bool:
    return place in folders and (
        f"{place}/__init__.py" in files or any(f.startswith(f"{place}/") and f.endswith(".py") for f in files)
    )


def module_at(place: str, files: Mapping[str, str]) -> str | None:
    """The file of the module, or package, at a place without an ending; None where there is none."""
    return next((path for path in (f"{place}.py", posixpath.join(place, "__init__.py")) if path in files), None)


def _undeclared(path: str, one: PythonImport, files: Mapping[str, str], lists: list[str]) -> Iterator[Finding]:
    """A finding where no list of requirements beside or above a file provides a package."""
    head = one.module.split(".")[0]
    for folder in _parents(path):
        here = [name for name in lists if posixpath.dirname(name) == folder]
        if not here:
            continue
        tested = "tests" in path.split("/") or _name(path).startswith(("test_", "conftest"))
        used = [name for name in here if tested or "dev" not in _name(name)] or here
        if not _provided(head, {package for name in used for package in _declared(files[name])}):
            where = posixpath.join(folder, "requirements.txt")
            message = f"{head} is not declared in {' or '.join(sorted(used))}"
            hint = f"use a package that is, or add it to {where}"
            yield _finding("imports/undeclared", path, one.line, message, hint)
        return


def _provided(head: str, declared: set[str]) -> bool:
    name = _plain(head)
    known = declared | {inner for outer in declared for inner in _BRINGS.get(outer, ())}
    known |= {inner for outer in known for inner in _BRINGS.get(outer, ())}
    return bool({name, _ALIASES.get(name, name), f"python-{name}", f"py{name}", f"{name}-binary"} & known) or any(
        one.startswith(f"{name}-") for one in known if name in ("google", "azure", "opentelemetry", "psycopg", "jaraco")
    )


def _declared(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if match := re.match(r"\s*([A-Za-z0-9][\w.-]*)", line):
            yield _plain(match[1])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _parents(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _name(path: str) -> str:
    return posixpath.basename(path)


def _finding(rule: str, path: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=rule, message=message, path=path, line=line, hint=hint)
