"""Imports that are forgotten, and imports from the wrong place."""

from __future__ import annotations

import ast
import re
from random import Random

from benchmarks.mutators.apps import App, Changes, shuffled, somewhere, substituted

_SCRIPT = r'^import (type )?\{([^}]*)\} from "([^"]+)";\n'


def forgotten_name(app: App, dice: Random) -> Changes | None:
    """One of the names of an import is not imported."""
    return somewhere(app.python, app, dice, lambda text: _without(text, dice, whole=False))


def forgotten_line(app: App, dice: Random) -> Changes | None:
    """A whole import is not there."""
    return somewhere(app.python, app, dice, lambda text: _without(text, dice, whole=True))


def _without(text: str, dice: Random, *, whole: bool) -> str | None:
    tree = ast.parse(text)
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom | ast.Import)]
    lines = text.splitlines(keepends=True)
    for node in shuffled(nodes, dice):
        before, after = lines[: node.lineno - 1], lines[node.end_lineno :]
        if "noqa" in lines[node.lineno - 1]:
            continue
        alone = node.lineno > 1 and lines[node.lineno - 2].rstrip().endswith(":") and not _indented(after)
        keep = [] if whole or isinstance(node, ast.Import) else shuffled(node.names, dice)[1:]
        gone = [a.asname or a.name for a in node.names if a not in keep]
        rest = "".join([*before, *after])
        if any(len(re.findall(rf"\b{re.escape(name.split('.')[0])}\b", rest)) for name in gone) and (keep or not alone):
            return "".join([*before, *([_python_import(node, keep)] if keep else []), *after])
    return None


def _indented(lines: list[str]) -> bool:
    return bool(lines) and lines[0].startswith(" ") and bool(lines[0].strip())


def _python_import(node: ast.ImportFrom | ast.Import, names: list[ast.alias]) -> str:
    indent = " " * node.col_offset
    said = [f"{a.name} as {a.asname}" if a.asname else a.name for a in sorted(names, key=node.names.index)]
    start = f"{indent}from {'.' * getattr(node, 'level', 0)}{getattr(node, 'module', '') or ''} import "
    line = f"{start}{', '.join(said)}\n"
    if len(line) <= 121:
        return line
    return f"{start}(\n" + "".join(f"{indent}    {name},\n" for name in said) + f"{indent})\n"


def forgotten_binding(app: App, dice: Random) -> Changes | None:
    """One of the names of a script's import is not imported."""
    return somewhere(app.scripts, app, dice, lambda text: substituted(_SCRIPT, text, dice, lambda m: _fewer(m, dice)))


def _fewer(match: re.Match[str], dice: Random) -> str:
    names = [name.strip() for name in match[2].split(",") if name.strip()]
    names.remove(dice.choice(names))
    return script_import(match[1] or "", names, match[3]) if names else ""


def script_import(typed: str, names: list[str], source: str) -> str:
    """An import as biome writes it."""
    line = f'import {typed}{{ {", ".join(names)} }} from "{source}";\n'
    if len(line) <= 121:
        return line
    return f"import {typed}{{\n" + "".join(f"  {name},\n" for name in names) + f'}} from "{source}";\n'


def forgotten_import(app: App, dice: Random) -> Changes | None:
    """A whole import of a script is not there."""
    return somewhere(app.scripts, app, dice, lambda text: substituted(_SCRIPT, text, dice, lambda _: ""))


def other_module(app: App, dice: Random) -> Changes | None:
    """A module of the app by a path where it is not: another folder, number or prefix."""

    def new(match: re.Match[str]) -> str:
        parts = match[2].split(".")
        last = parts[-1]
        ways = [
            [*parts[:-1], last[:-1] if last.endswith("s") else f"{last}s"],
            [parts[0], last] if len(parts) > 2 else [parts[0], "core", last],
            parts[1:],
            ["backend", *parts],
            [*parts[:-2], {"core": "utils", "models": "schemas", "routers": "api"}.get(parts[-2], "lib"), last],
            [*parts[:-1], {"db": "database", "crud": "repository", "config": "settings"}.get(last, f"{last}_model")],
        ]
        known = {p.removeprefix("backend/").removesuffix(".py").replace("/", ".") for p in app.files}
        fitting = [way for way in ways if way and ".".join(way) not in known and ".".join(way) != "app"]
        return f"{match[1]}from {'.'.join(dice.choice(fitting))} import "

    return somewhere(app.python, app, dice, lambda t: substituted(r"^( *)from (app\.[\w.]+) import ", t, dice, new))


_ELSEWHERE = {
    ("fastapi", "APIRouter"): "fastapi.router", ("fastapi", "Query"): "fastapi.query",
    ("sqlalchemy", "select"): "sqlalchemy.orm.query", ("sqlalchemy", "func"): "sqlalchemy.functions",
    ("sqlalchemy.orm", "Session"): "sqlalchemy", ("sqlalchemy.orm", "joinedload"): "sqlalchemy",
    ("sqlalchemy.orm", "mapped_column"): "sqlalchemy", ("sqlalchemy.exc", "IntegrityError"): "sqlalchemy.errors",
    ("pydantic_settings", "BaseSettings"): "pydantic", ("pydantic", "Field"): "pydantic.field",
    ("pydantic", "BaseModel"): "pydantic.models", ("typing", "Annotated"): "types", ("uuid", "UUID"): "uuids",
    ("datetime", "datetime"): "time", ("collections.abc", "Iterable"): "collections",
    ("collections.abc", "Iterator"): "collections", ("fastapi.responses", "JSONResponse"): "fastapi.response",
    ("fastapi.middleware.cors", "CORSMiddleware"): "fastapi.middlewares.cors", ("enum", "StrEnum"): "enums",
    ("sqlalchemy.orm", "relationship"): "sqlalchemy.relationships", ("datetime", "date"): "dates",
    ("sqlalchemy", "ForeignKey"): "sqlalchemy.orm", ("sqlalchemy", "String"): "sqlalchemy.orm",
}  # fmt: skip
"""Where people remember a name to be, and it is not."""


def other_package(app: App, dice: Random) -> Changes | None:
    """A name of a package from where it is not."""

    def new(match: re.Match[str]) -> str | None:
        names = match[2].split(", ")
        wrong = [name for name in names if (match[1], name) in _ELSEWHERE]
        if not wrong or "(" in match[2]:
            return None
        name = dice.choice(wrong)
        rest = [other for other in names if other != name]
        kept = f"from {match[1]} import {', '.join(rest)}\n" if rest else ""
        return f"{kept}from {_ELSEWHERE[match[1], name]} import {name}\n"

    return somewhere(app.python, app, dice, lambda t: substituted(r"^from ([a-z_.]+) import (.+)\n", t, dice, new))


def other_file(app: App, dice: Random) -> Changes | None:
    """A script of the app by a path where it is not."""

    def new(match: re.Match[str]) -> str | None:
        source = match[1]
        head, _, last = source.rpartition("/")
        parts = head.split("/")
        ways = [
            f"{head}/{last[:-1] if last.endswith('s') else last + 's'}",
            f"{head}/{''.join(word.title() for word in last.split('-'))}",
            f"{head}/{last}/{last}",
        ]
        if source.startswith("@/") and len(parts) > 2:
            ways += ["/".join([*parts[:-1], last]), "/".join([*parts[:-1], "shared", last])]
        if source.startswith("@/"):
            ways += [f"../{source[2:]}" if source.count("/") > 2 else f"./{source[2:]}", source.replace("@/", "@/src/")]
            ways += [source.replace("@/", "src/"), source.replace("lib/", "utils/"), source.replace("ui/", "common/")]
        elif source.startswith("./"):
            ways += [f"../{last}", f"./components/{last}"]
        return f'from "{dice.choice([way for way in ways if way != source])}";'

    return somewhere(app.scripts, app, dice, lambda t: substituted(r'from "((?:@/|\./)[^"]+)";', t, dice, new))


_MOVED = {
    "useQuery": "@tanstack/react-router", "useMutation": "react", "useNavigate": "react", "Link": "react",
    "useForm": "react", "toast": "@/components/ui/toaster", "zodResolver": "react-hook-form", "useState": "react-dom",
    "z": "@hookform/resolvers/zod", "queryOptions": "@tanstack/react-router", "ReactNode": "react-dom",
    "getRouteApi": "@tanstack/react-query", "cn": "clsx", "Button": "@/components/ui/input",
    "Page": "@/components/app/shell", "plural": "@/lib/utils", "useEffect": "react-dom", "api": "@/api/query-client",
    "Skeleton": "@/components/ui/spinner", "clean": "@/lib/utils", "optionOf": "@/components/app/option",
}  # fmt: skip


def other_source(app: App, dice: Random) -> Changes | None:
    """A name from a module that has others."""

    def new(match: re.Match[str]) -> str | None:
        names = [name.strip() for name in match[2].split(",") if name.strip()]
        wrong = [name for name in names if name in _MOVED and _MOVED[name] != match[3]]
        if not wrong:
            return None
        name = dice.choice(wrong)
        rest = [other for other in names if other != name]
        kept = script_import(match[1] or "", rest, match[3]) if rest else ""
        return kept + script_import(match[1] or "", [name], _MOVED[name])

    return somewhere(app.scripts, app, dice, lambda text: substituted(_SCRIPT, text, dice, new))


MISSING = {"python": (forgotten_name, forgotten_line), "typescript": (forgotten_binding, forgotten_import)}
PATHS = {"python": (other_module, other_module, other_package), "typescript": (other_file, other_file, other_source)}
