"""Routes, methods and fields that are not those of the contract, on either side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmarks.mutators.apps import App, Changes, camel, each, misspelt, shuffled, somewhere, substituted

_ROUTERS = "backend/app/routers/"
_MODELS = "backend/app/models/"
_METHODS = {"get": ("post",), "post": ("put", "patch"), "patch": ("put", "post"), "delete": ("post", "get")}


def _routers(app: App) -> list[str]:
    return [p for p in app.python if p.startswith(_ROUTERS) and not p.endswith("__init__.py")]


def _models(app: App) -> list[str]:
    return [p for p in app.python if p.startswith(_MODELS) and "class " in app.files[p]]


def _clients(app: App) -> list[str]:
    return [p for p in app.scripts if p.endswith("/api.ts")]


def other_method(app: App, dice: Random) -> Changes | None:
    """A route with another method."""
    new = each(
        _routers(app), r"@router\.(get|post|patch|delete)\(", lambda m: f"@router.{dice.choice(_METHODS[m[1]])}("
    )
    return new(app, dice)


def other_path(app: App, dice: Random) -> Changes | None:
    """A route with another path."""

    def new(match: re.Match[str]) -> str:
        ways = (
            ["/{id}/", "/{item_id}", "/id", "/detail/{id}"]
            if match[2] == "/{id}"
            else [f"{match[2]}/", "/all", "/list"]
        )
        return f'{match[1]}"{dice.choice(ways)}"'

    return each(_routers(app), r'(@router\.\w+\(\s*)"([^"]*)"', new)(app, dice)


def other_prefix(app: App, dice: Random) -> Changes | None:
    """A router with another prefix."""

    def new(match: re.Match[str]) -> str:
        word = match[1]
        ways = [word[:-1] if word.endswith("s") else f"{word}s", f"api/{word}", f"{word}/v1"]
        ways += [word.replace("-", "_").replace("_", "-")] if "-" in word else []
        return f'prefix="/{dice.choice([way for way in ways if way != word])}"'

    return each([p for p in app.python if p.startswith(_ROUTERS)], r'prefix="/([\w-]+)"', new)(app, dice)


def left_out(app: App, dice: Random) -> Changes | None:
    """A router that the API does not include."""
    path = f"{_ROUTERS}__init__.py"
    text = substituted(r"^    (\w+),\n", app.files[path], dice, lambda _: "")
    if text is None:
        return None
    gone = (
        set(re.findall(r"^    (\w+),$", app.files[path], re.M)) - set(re.findall(r"^    (\w+),$", text, re.M))
    ).pop()
    return {path: re.sub(rf"(import .*?)\b{gone}\b(?:, |(?=\n))", r"\1", text, count=1).replace(", \n", "\n")}


def other_verb(app: App, dice: Random) -> Changes | None:
    """A call with another method than the contract has."""
    others = {"GET": ("POST",), "POST": ("PUT", "PATCH"), "PATCH": ("PUT", "POST"), "DELETE": ("POST", "PATCH")}
    return each(_clients(app), r"\bapi\.([A-Z]+)\(", lambda m: f"api.{dice.choice(others[m[1]])}(")(app, dice)


def other_address(app: App, dice: Random) -> Changes | None:
    """A call of a path that the contract does not have."""

    def new(match: re.Match[str]) -> str:
        path = match[1]
        parts = path.split("/")
        noun = parts[2]
        parts[2] = noun[:-1] if noun.endswith("s") else f"{noun}s"
        ways = ["/".join(parts), path.removeprefix("/api"), f"{path}/", path.replace("/api/", "/api/v1/"), path[1:]]
        if "{id}" in path:
            ways += [
                path.replace("{id}", f"{{{camel(noun.rstrip('s').replace('-', '_'))}Id}}"),
                path.replace("{id}", ":id"),
            ]
        return f'"{dice.choice(ways)}"'

    return each(_clients(app), r'(?<=\()"(/api/[^"]+)"', new)(app, dice)


def template_address(app: App, dice: Random) -> Changes | None:
    """A call of a path that is put together, where the typed client takes it as it is in the contract."""

    def new(match: re.Match[str]) -> str:
        return f"`{match[1]}/${{id}}`" + (f", {{ {match[2]} }}" if match[2] else "")

    call = r'"(/api/[\w-]+)/\{id\}", \{ params: \{ path: \{ id \} \}(?:, (\w+))? \}'
    return each(_clients(app), call, new)(app, dice)


_LINE = r"^    (\w+): ([^=\n]+?)( = .+)?$"


def _classes(app: App, dice: Random, change: str, endings: str = "Create|Update|Read|ListParams") -> Changes | None:
    """One line of one of the request and response models changed."""

    def text_of(text: str) -> str | None:
        for block in shuffled(re.finditer(rf"^class \w+(?:{endings})\(\w+\):\n(?:(?:    .*)?\n)+", text, re.M), dice):
            made = substituted(_LINE, block[0], dice, lambda m: _FIELD[change](m, dice))
            if made is not None:
                return text[: block.start()] + made + text[block.end() :]
        return None

    return somewhere(_models(app), app, dice, text_of)


def _renamed(match: re.Match[str], dice: Random) -> str | None:
    name = match[1]
    short = {"description": "desc", "created_at": "created", "name": "title", "title": "name", "quantity": "qty"}
    ways = [way for way in (camel(name), short.get(name), name.removesuffix("_id"), misspelt(name, dice)) if way]
    ways = [way for way in ways if way != name]
    return f"    {dice.choice(ways)}: {match[2]}{match[3] or ''}" if ways else None


def _retyped(match: re.Match[str], dice: Random) -> str | None:
    simple = {
        "str": "int", "int": "str", "UUID": "str", "float": "int", "datetime": "str", "date": "datetime", "bool": "str",
        "IsoDate": "str",
    }  # fmt: skip
    kind, tail = match[2], match[3] or ""
    inner = kind.removesuffix(" | None").removeprefix("list[").removesuffix("]")
    ways = [kind.removesuffix(" | None")] if kind.endswith("| None") and "= None" not in tail else []
    ways += [kind.replace(inner, simple[inner], 1)] if inner in simple else []
    ways += [inner] if kind.startswith("list[") else []
    ways += [f"{kind} | None"] if "None" not in kind and not tail else []
    return f"    {match[1]}: {dice.choice(ways)}{tail}" if ways else None


def _redefaulted(match: re.Match[str], dice: Random) -> str | None:
    if match[3] and "UNSET" not in match[3]:
        return f"    {match[1]}: {match[2]}"
    if "None" not in match[2] and not match[3] and match[2] in ("str", "int"):
        return f"    {match[1]}: {match[2]} = {'0' if match[2] == 'int' else chr(34) * 2}"
    return None


def _gone(match: re.Match[str], dice: Random) -> str | None:
    return "\0" if match[1] not in ("sort", "id") else None


_FIELD = {"renamed": _renamed, "retyped": _retyped, "redefaulted": _redefaulted, "gone": _gone}


def renamed_field(app: App, dice: Random) -> Changes | None:
    """A field of a request or response by another name."""
    return _classes(app, dice, "renamed")


def retyped_field(app: App, dice: Random) -> Changes | None:
    """A field of a request or response of another type."""
    return _classes(app, dice, "retyped")


def other_default(app: App, dice: Random) -> Changes | None:
    """A field that is needed where it need not be, or the other way round."""
    return _classes(app, dice, "redefaulted", "Create|Read")


def forgotten_field(app: App, dice: Random) -> Changes | None:
    """A field that a response does not have."""
    made = _classes(app, dice, "gone", "Read")
    return {path: (text or "").replace("\0\n", "") for path, text in made.items()} if made else None


def other_answer(app: App, dice: Random) -> Changes | None:
    """A route that answers with another status or model, or does not say what else it answers."""
    ways: Sequence[tuple[str, str]] = (
        (r"status_code=201", "status_code=200"), (r"status_code=204, ", ""), (r"Page\[(\w+Read)\]", r"list[\1]"),
        (r"\*\*BAD_BODY, ", ""), (r", \*\*CONFLICT", ""), (r"responses=\{\*\*NOT_FOUND\}, ", ""),
    )  # fmt: skip
    pattern, new = dice.choice(ways)
    return each(_routers(app), pattern, lambda m: m.expand(new))(app, dice)


def _fields(app: App) -> set[str]:
    return set(re.findall(r'"(\w+_\w+)": ', app.files["openapi.json"]))


def other_case(app: App, dice: Random) -> Changes | None:
    """A field of the contract that the frontend reads or writes in its own way."""
    fields = _fields(app)
    return each(
        app.scripts, r"(?<=\.)(\w+_\w+)\b|\b(\w+_\w+)(?=: )", lambda m: camel(m[0]) if m[0] in fields else None
    )(app, dice)


def other_parameters(app: App, dice: Random) -> Changes | None:
    """A call whose body or parameters have another shape than the contract's."""
    ways: Sequence[tuple[str, str]] = (
        (r"params: \{ path: \{ id \} \}", "params: { id }"), (r"\{ body \}", "{ data: body }"),
        (r"params: \{ query \}", "query"), (r"path: \{ id \}", "path: { itemId: id }"),
        (r"params: \{ path: \{ id \} \}, body", "params: { path: { id } }, json: body"),
        (r"\{ body \}", "{ params: { body } }"), (r"params: \{ query \}", "params: { search: query }"),
    )  # fmt: skip
    pattern, new = dice.choice(ways)
    return each(_clients(app), pattern, lambda m: m.expand(new))(app, dice)


def other_value(app: App, dice: Random) -> Changes | None:
    """A value of another type than the contract's."""
    ways: Sequence[tuple[str, str]] = (
        (r"page_size: (\w+)", r"page_size: String(\1)"), (r"page_size: 100", 'page_size: "100"'),
        (r"(\w+_id): \[(\w+(?:\.\w+)?)\]", r"\1: \2"), (r"page_size: 100", "limit: 100"),
        (r'sort: "(\w+)"', r'sort: "\1:asc"'), (r"page: search\.page \?\? 1", 'page: search.page ?? "1"'),
    )  # fmt: skip
    pattern, new = dice.choice(ways)
    return each([p for p in app.scripts if "/components/" not in p], pattern, lambda m: m.expand(new))(app, dice)


ROUTES = {
    "python": (other_method, other_path, other_prefix, left_out),
    "typescript": (other_verb, other_address, other_address, template_address),
}
FIELDS = {
    "python": (renamed_field, retyped_field, other_default, forgotten_field, other_answer),
    "typescript": (other_case, other_parameters, other_value),
}
