"""Subject: the file that a failing test is about."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from gencode_graph.healing.logs.log import Log

_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|e2e|spec)/|(?:^|/)test_[^/]+\.py$|_test\.(?:py|go|dart)$|\.(?:test|spec|cy|e2e)\.\w+$"
    r"|(?:Tests?|IT|Spec)\.(?:java|kt|cs|php)$|_(?:spec|test)\.rb$|(?:^|/)conftest\.py$"
)
_NAMES = (
    (re.compile(r"^test_(\w+)\.py$"), r"\1.py"),
    (re.compile(r"^(\w+)_test\.(py|go|rb|dart)$"), r"\1.\2"),
    (re.compile(r"^(\w+)_spec\.rb$"), r"\1.rb"),
    (re.compile(r"^([\w.-]+)\.(?:test|spec)\.(\w+)$"), r"\1.\2"),
    (re.compile(r"^(\w+?)(?:Tests?|IT|Spec)\.(java|kt|cs|php)$"), r"\1.\2"),
)
_JS_IMPORT = re.compile(r"""(?:from|require\(|import\()\s{0,4}["'](?P<module>\.{1,2}/[\w./@-]{1,200})["']""")
_PY_IMPORT = re.compile(r"^[>\s\d|]{0,12}(?:from (?P<module>[\w.]{1,200}) import |import (?P<plain>[\w.]{1,200})\s*$)")


def is_test(path: str | None) -> bool:
    """Whether a path is a test's by its name."""
    return bool(path and _TEST.search(path))


def subject(log: Log, test: str, shown: Iterable[str] = ()) -> str:
    """The file that a test is about: what its shown lines import, or the one that is called like it; else the test.

    A guess by name is only made where the project is known to have such a file, or for a test beside its subject.
    """
    folder, name = posixpath.split(test)
    shown = tuple(shown)
    for line in shown:
        if found := imported(log, test, line):
            return found
    if _whole(shown) or log.has("playwright", "Playwright", "page.goto"):
        return test
    for pattern, form in _NAMES:
        if not pattern.match(name):
            continue
        other = pattern.sub(form, name)
        if log.project:
            same = [file for file in log.project if posixpath.basename(file) == other]
            return min(same, key=len) if same else test
        return posixpath.join(folder, other) if not _TEST.search(f"{folder}/") else test
    return test


def _whole(shown: tuple[str, ...]) -> bool:
    """Whether a test is shown from its first line to code that is no import: then it has none of its own modules."""
    first = next((n for n, line in enumerate(shown) if re.match(r"^\s*>?\s*1 ?\|", line)), None)
    return first is not None and any(not re.search(r"\bimport\b|require\(|\|\s*$", line) for line in shown[first:])


def imported(log: Log, test: str, line: str) -> str | None:
    """The own module that a line of a test imports, as a file."""
    suffix = posixpath.splitext(test)[1]
    if suffix == ".py":
        match = _PY_IMPORT.match(line)
        module = (match["module"] or match["plain"]) if match else None
        return _python_file(log, module) if module else None
    match = _JS_IMPORT.search(line)
    if not match:
        return None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(test), match["module"]))
    if target.startswith("..") or is_test(target):
        return None
    ends = ("", suffix, ".ts", ".tsx", ".js", ".jsx", "/index.ts", "/index.tsx", "/index.js")
    known = next((target + end for end in ends if target + end in log.project), None)
    return known or (target if posixpath.splitext(target)[1] else target + suffix)


def _python_file(log: Log, module: str) -> str | None:
    if not log.own.module(module) or is_test(f"{module.replace('.', '/')}.py"):
        return None
    path = f"{module.replace('.', '/')}.py"
    if log.project:
        return next((file for file in log.project if file == path or file.endswith(f"/{path}")), None)
    return path
