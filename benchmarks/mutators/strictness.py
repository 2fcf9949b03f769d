"""Missing files, and what strict TypeScript refuses: unused names, implicit any, wrong literals, null."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmarks.mutators.apps import App, Changes, each, shuffled, somewhere, substituted
from benchmarks.mutators.imports import script_import

_EXTRA = {
    "react": ("useEffect", "useMemo", "useCallback", "useRef", "useState"), "lucide-react": ("Plus", "X", "Search"),
    "@tanstack/react-query": ("useQuery", "useQueryClient"), "@tanstack/react-router": ("Link", "useNavigate"),
    "@/lib/format": ("plural", "formatDay", "timeAgo"), "@/components/ui/card": ("Card",), "sonner": ("toast",),
}  # fmt: skip


def unused_import(app: App, dice: Random) -> Changes | None:
    """An import that nothing uses."""

    def change(text: str) -> str | None:
        source = dice.choice(list(_EXTRA))
        new = [name for name in _EXTRA[source] if not re.search(rf"\b{name}\b", text)]
        match = re.search(rf'^import \{{([^}}]*)\}} from "{source}";\n', text, re.M)
        if not new:
            return None
        name = dice.choice(new)
        if match is None:
            return script_import("", [name], source) + text
        names = sorted([*(n.strip() for n in match[1].split(",") if n.strip()), name], key=str.lower)
        return text[: match.start()] + script_import("", names, source) + text[match.end() :]

    return somewhere([p for p in app.scripts if p.endswith(".tsx")], app, dice, change)


def unused_variable(app: App, dice: Random) -> Changes | None:
    """A variable that nothing uses."""
    ways = (
        "const isEmpty = false;", 'const [filter, setFilter] = useState("");', "const today = new Date();",
        "const total = 0;",
    )  # fmt: skip

    def change(text: str) -> str | None:
        way = dice.choice(ways)
        if "useState" in way and "useState" not in text:
            return None
        return substituted(r"^  const (?!\[)\w+ = .+;\n", text, dice, lambda m: f"{m[0]}  {way}\n")

    return somewhere([p for p in app.scripts if p.endswith(".tsx")], app, dice, change)


def unused_parameter(app: App, dice: Random) -> Changes | None:
    """A parameter that nothing uses, or the variable of a hook."""
    ways = ((r"^(export function \w+\((?:\w+: [\w<>\[\]]+, )*\w+: [\w<>\[\]]+)\)", r"\1, verbose: boolean)"),
            (r"const \{ data, error \} =", "const { data, error, isLoading } ="),
            (r"const \{ data, error, refetch \} =", "const { data, error, refetch, isLoading } ="),
            (r"onClick=\{\(\) =>", "onClick={(event) =>"))  # fmt: skip
    pattern, new = dice.choice(ways)
    return each(app.scripts, pattern, lambda m: m.expand(new))(app, dice)


def implicit_any(app: App, dice: Random) -> Changes | None:
    """A parameter without its type."""
    ways = (r"(?<=[(,] |.\()(\w+): (?:string|number|boolean|unknown|[A-Z]\w+(?:\[\])?)(?=[,)])",
            r"\((\{ [\w, ]+ \}): \{ [^}]+ \}(?=\))", r"(\{ [\w, ]+ \}): [A-Z]\w+(?:<\w+>)?(?=\))")  # fmt: skip
    pattern = dice.choice((ways[0].replace("(?<=[(,] |.\\()", r"(?<=\()"), *ways[1:]))
    return each(app.scripts, pattern, lambda m: f"({m[1]}" if m[0].startswith("(") else m[1])(app, dice)


_LITERALS = {
    "outline": ("outlined", "secondary-outline"), "ghost": ("text", "transparent"), "sm": ("small", "xs"),
    "icon-sm": ("icon", "icon-small"), "destructive": ("danger", "error"), "lg": ("large",), "end": ("right",),
    "start": ("left",), "slate": ("grey", "gray"), "amber": ("yellow", "warning"), "red": ("danger",),
    "green": ("success",), "blue": ("info", "primary"), "violet": ("purple",), "submit": ("save",),
    "button": ("btn",), "combobox": ("combo",), "polite": ("low",),
}  # fmt: skip


def wrong_literal(app: App, dice: Random) -> Changes | None:
    """A value that is none of those which a property may have."""
    return each(
        app.scripts, r'\b(variant=|size=|align=|type=|tone: |tone=|side=)"([\w-]+)"',
        lambda m: f'{m[1]}"{dice.choice(_LITERALS[m[2]])}"' if m[2] in _LITERALS else None,
    )(app, dice)  # fmt: skip


def wrong_value(app: App, dice: Random) -> Changes | None:
    """A value of another type than its property's."""
    ways: Sequence[tuple[str, str]] = (
        (r"\buseState\(false\)", 'useState("")'), (r"\bdisabled=\{([^}]+)\}", r'disabled="\1"'),
        (r"\bopen=\{\w+\}", 'open="true"'),
        (r"rows=\{2\}", 'rows="2"'), (r"label=\"(\w+)\"", r"label={1}"), (r"page_size: 100", 'page_size: "100"'),
        (r"staleTime: 10_000", 'staleTime: "10s"'), (r"className=\"([^\"]+)\"", r'className={["\1"]}'),
        (r"onClick=\{\(\) => (\w+)\((\w+)\)\}", r'onClick="\1(\2)"'), (r"useState\(\"\"\)", "useState(0)"),
    )  # fmt: skip
    pattern, new = dice.choice(ways)
    return each(app.scripts, pattern, lambda m: m.expand(new))(app, dice)


def no_null(app: App, dice: Random) -> Changes | None:
    """What may be missing, used as if it never were."""
    ways: Sequence[tuple[str, str]] = (
        (r"\?\.(?=\w)", "."), (r" \?\? (?:\"\"|\[\]|undefined|null|0|1)(?=[\s,;)}])", ""),
        (r"useState<(\w+) \| null>\(null\)", r"useState<\1>(null)"), (r"^  if \(!\w+\) (?:return|throw).*\n", ""),
        (r": (\w+) \| null;", r": \1;"), (r"\(\w+\?\.items \?\? \[\]\)", "data.items"),
    )  # fmt: skip
    pattern, new = dice.choice(ways)
    return each(app.scripts, pattern, lambda m: m.expand(new))(app, dice)


def missing_script(app: App, dice: Random) -> Changes | None:
    """A script that others import, and that was not written."""
    for path in shuffled(
        (p for p in app.scripts if p.startswith(("frontend/src/features/", "frontend/src/lib/"))), dice
    ):
        stem = re.escape(path.rpartition("/")[2].rpartition(".")[0])
        if any(re.search(rf'from "[^"]*/{stem}";', app.files[p]) for p in app.scripts if p != path):
            return {path: None}
    return None


def missing_module(app: App, dice: Random) -> Changes | None:
    """A module that others import, and that was not written."""
    path = dice.choice([p for p in app.python if not p.endswith(("__init__.py", "main.py"))])
    return {path: None}


STRICTNESS = {
    "typescript": (
        unused_import, unused_variable, unused_parameter, implicit_any, wrong_literal, wrong_value, no_null, no_null,
        missing_script,
    ),
    "python": (missing_module,),
}  # fmt: skip
