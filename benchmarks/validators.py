"""The validators on real code: false alarms on whole files, and what they find when the end of a file is lost.

    python benchmarks/validators.py [--files N] [--json] [--misses]

Takes files of well-known packages from this Python's site-packages and from the newest node_modules (the generated
apps' own, and npm's); the same ones every time, as long as the same versions are installed. Each is judged whole, and
cut at 50, 80 and 95 % of its characters and before its last line of code. Three columns say what found a cut: the
file alone, with the rest of its package too, with its former version too (which an agent that improves a draft has).

Fails unless there is no false alarm and 95 % of all cuts are found.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gencode_graph.settings import Settings
from gencode_graph.types import Finding
from gencode_graph.validation.comments import comments
from gencode_graph.validation.former import shortened
from gencode_graph.validation.integrity import whole
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.preflight import alone
from gencode_graph.validation.python_imports import python_imports
from gencode_graph.validation.script_imports import script_imports

PYTHON = """
rich click httpx starlette jinja2 typer anyio pluggy packaging requests urllib3 _pytest pydantic attr tenacity structlog
sortedcontainers prompt_toolkit pygments dulwich docker langgraph uvicorn aiohttp websockets h11 tinycss2 more_itertools
markdown_it jsonschema platformdirs hypothesis langchain_core tornado dotenv httpcore
"""
SOURCES = """
zod/src @tanstack/react-query/src @tanstack/query-core/src @tanstack/react-router/src @tanstack/router-core/src
@tanstack/react-store/src @tanstack/store/src @reduxjs/toolkit/src react-redux/src redux/src reselect/src immer/src
tailwind-merge/src @hookform/resolvers happy-dom/src entities/src @jridgewell/trace-mapping/src
@jridgewell/gen-mapping/src @radix-ui/react-alert-dialog @radix-ui/react-password-toggle-field
@radix-ui/react-one-time-password-field d3-array/src d3-scale/src d3-shape/src d3-format/src d3-interpolate/src
d3-time/src d3-ease/src d3-color/src postcss/lib ws/lib picomatch/lib tapable/lib source-map-js/lib semver nopt/lib
ini/lib cacache/lib pacote/lib make-fetch-happen/lib ssri/lib npm-package-arg/lib which/lib debug/src chalk/source
write-file-atomic/lib
"""
"""Where scripts lie as people wrote them."""
OTHERS = """
tailwindcss react-day-picker tw-animate-css sonner @fontsource-variable/inter @fontsource-variable/nunito
@fontsource-variable/space-grotesk recharts tslib decimal.js-light lz-string playwright-core zod date-fns postcss
react-hook-form @babel/runtime
"""
"""Packages whose style sheets, pages and data are taken."""
SHARES = {"py": 72, "ts": 48, "tsx": 20, "js": 44, "css": 10, "html": 3, "json": 8}
"""Files of each kind among 200."""
ENDINGS = {"mjs": "js", "cjs": "js", "jsx": "js"}
NOT_SOURCE = (
    "test",
    "vendor",
    "_pb2",
    "generated",
    ".min.",
    ".d.ts",
    "/dist/",
    "/esm/",
    "/cjs/",
    "__pycache__",
    "/build/",
)
FROM_ONE_PACKAGE = 8
LINES = range(20, 801)
LONGEST = 500
"""Characters of a line, above which a file was not written by hand."""
CUTS = ("50 %", "80 %", "95 %", "last line")
IMPORTS = (script_imports, python_imports)
WAYS = ("alone", "with its package", "with its former version")


@dataclass(frozen=True)
class Sample:
    """A file of a package; its path starts at the package's folder."""

    kind: str
    root: Path
    path: str

    @property
    def text(self) -> str:
        """As it is on disk."""
        return (self.root / self.path).read_text(encoding="utf-8")


def main() -> int:
    """Judge the sample, print the table, and say whether the thresholds hold."""
    options = _options()
    result = measure(options.files)
    if options.json:
        print(json.dumps(result, indent=1))
    else:
        Console().print(table(result))
        for line in [*result["false_alarms"], *(result["missed"] if options.misses else ())]:
            print(line)
        print(f"{result['files']} files, {result['seconds']} s, false alarms {len(result['false_alarms'])}")
        print(f"found {result['found']} of {result['cuts']} cuts ({100 * result['found'] / result['cuts']:.1f} %)")
    return 0 if result["holds"] else 1


def measure(files: int) -> dict[str, Any]:
    """The figures for a sample of about so many files."""
    began = time.monotonic()
    chosen = sample(files)
    packages = {root: _package(root, chosen) for root in {one.root for one in chosen}}
    alarms = list(_alarms(chosen, packages))
    found: Counter[tuple[str, str, str]] = Counter()
    totals = Counter(one.kind for one in chosen)
    missed = []
    for one in chosen:
        for cut, text in zip(CUTS, cuts(one.text, one.path), strict=True):
            way = finds(one, text, packages[one.root])
            if way is None:
                missed.append(f"missed at {cut}: {one.root.name}/{one.path}: {text[-60:]!r}")
            for later in WAYS[WAYS.index(way) :] if way else ():
                found[one.kind, cut, later] += 1
    best = sum(found[kind, cut, WAYS[-1]] for kind in totals for cut in CUTS)
    count = len(chosen) * len(CUTS)
    rows = [
        {"kind": kind, "files": totals[kind], "cut": cut} | {way: found[kind, cut, way] for way in WAYS}
        for kind in totals
        for cut in CUTS
    ]
    return {
        "files": len(chosen), "seconds": round(time.monotonic() - began, 1), "false_alarms": alarms, "rows": rows,
        "found": best, "cuts": count, "missed": missed, "holds": not alarms and best >= 0.95 * count,
    }  # fmt: skip


def sample(files: int) -> list[Sample]:
    """The same files every time, spread over kinds and packages."""
    kinds: dict[str, list[Sample]] = {kind: [] for kind in SHARES}
    taken: Counter[tuple[str, Path]] = Counter()
    for one in sorted(_candidates(), key=lambda one: hashlib.sha256(f"{one.root.name}/{one.path}".encode()).digest()):
        wanted = max(1, round(SHARES[one.kind] * files / 200))
        if len(kinds[one.kind]) < wanted and taken[one.kind, one.root] < FROM_ONE_PACKAGE and _is_written(one):
            kinds[one.kind].append(one)
            taken[one.kind, one.root] += 1
    return [one for group in kinds.values() for one in group]


def _candidates() -> Iterator[Sample]:
    scripts = ("ts", "tsx", "js")
    places: list[tuple[Path, str, tuple[str, ...]]] = [
        (Path(sysconfig.get_path("purelib")), name, ("py", "html", "css")) for name in PYTHON.split()
    ]
    for folder in _node_modules():
        places += [(folder, name, scripts) for name in SOURCES.split()]
        places += [(folder, name, tuple(set(SHARES) - set(scripts))) for name in OTHERS.split()]
    for folder, name, kinds in places:
        parts = name.split("/")
        root = folder.joinpath(*parts[: 2 if name.startswith("@") else 1])
        for path in sorted((folder / name).rglob("*")) if root.is_dir() else ():
            relative = path.relative_to(root).as_posix()
            kind = ENDINGS.get(path.suffix[1:], path.suffix[1:])
            if kind in kinds and path.is_file() and not any(part in f"/{relative}" for part in NOT_SOURCE):
                yield Sample(kind, root, relative)


def _node_modules() -> list[Path]:
    """The largest install of a generated app, and npm's own packages."""
    installs = list((Settings().cache / "installs" / "node").glob("*/node_modules"))
    largest = sorted(installs, key=lambda folder: len(list(folder.iterdir())))[-1:]
    return [*largest, *(p for p in (Path("/usr/lib/node_modules/npm/node_modules"),) if p.is_dir())]


def _is_written(one: Sample) -> bool:
    try:
        lines = one.text.splitlines()
    except UnicodeDecodeError:
        return False
    return len(lines) in LINES and max(map(len, lines)) <= LONGEST


def _package(root: Path, chosen: list[Sample]) -> dict[str, str]:
    """Python and scripts of a package that could import one another."""
    files = {}
    for path in root.rglob("*"):
        if path.suffix in (".py", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".json") and path.is_file():
            relative = path.relative_to(root).as_posix()
            if "node_modules" not in relative:
                files[relative] = path.read_text(encoding="utf-8", errors="replace")
    return files | {one.path: one.text for one in chosen if one.root == root}


def _alarms(chosen: list[Sample], packages: dict[Path, dict[str, str]]) -> Iterator[str]:
    """What is said against files that are as they should be; only errors count."""
    for one in chosen:
        own = [*whole({one.path: one.text}), *alone(one.path, one.text)]
        for found in (*own, *(f for rule in IMPORTS for f in rule(packages[one.root], [one.path]))):
            policy = found.rule.startswith("dependencies/")  # what an app may be built with is not asked of libraries
            if found.severity == "error" and not policy:
                yield f"{one.root.name}/{one.path}: {found.rule} line {found.line}: {found.message[:150]}"


def cuts(text: str, path: str) -> tuple[str, str, str, str]:
    """A text without its end: three times in mid-line or not, as it comes, and once before its last line of code."""
    said = {line for line, _ in comments(kind_of(path), text)}
    lines = text.splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines, start=1) if line.strip() and n not in said and line.strip() != "*/")
    half, most, nearly = (text[: len(text) * part // 100] for part in (50, 80, 95))
    return half, most, nearly, "".join(lines[: last - 1])


def finds(one: Sample, text: str, package: dict[str, str]) -> str | None:
    """The first way that finds a cut."""
    if any(f.severity == "error" for f in [*whole({one.path: text}), *alone(one.path, text)]):
        return WAYS[0]
    before = {f.signature for f in _together(one, package, one.text)}
    if any(f.signature not in before for f in _together(one, package, text)):
        return WAYS[1]
    return WAYS[2] if any(f.severity == "error" for f in shortened(one.path, one.text, text)) else None


def _together(one: Sample, package: dict[str, str], text: str) -> list[Finding]:
    """What is said of the file and of those that name it, about what they take from one another."""
    path = Path(one.path)
    stem = path.parent.name if path.stem in ("__init__", "index") else path.stem
    near = [p for p, other in package.items() if stem in other and p != one.path][:40]
    found = [f for rule in IMPORTS for f in rule(package | {one.path: text}, [one.path, *near])]
    return [f for f in found if f.path == one.path or f"{one.path} " in f.message]


def table(result: dict[str, Any]) -> Table:
    """What was found, by kind and way, in per cent of the files of that kind."""
    shown = Table("kind", "files", "found by the file", *CUTS, title="Cuts found, %")
    for kind in dict.fromkeys(row["kind"] for row in result["rows"]):
        rows = {row["cut"]: row for row in result["rows"] if row["kind"] == kind}
        files = rows[CUTS[0]]["files"]
        for way in WAYS:
            shown.add_row(kind, str(files), way, *(f"{100 * rows[cut][way] / files:.0f}" for cut in CUTS))
    for way in WAYS:
        found = {cut: sum(row[way] for row in result["rows"] if row["cut"] == cut) for cut in CUTS}
        shown.add_row("all", str(result["files"]), way, *(f"{100 * found[cut] / result['files']:.1f}" for cut in CUTS))
    return shown


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200, help="how many files, about")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--misses", action="store_true", help="name what was not found")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
