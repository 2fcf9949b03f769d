"""The same script, every answer made worse: what models say on a bad day, from noise to code that fails only later."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from gencode_graph.testing.wire import Conversation, Rule
from gencode_graph.testing.wire.rules import Rules
from gencode_graph.testing.wire.script import Script

Worse = Callable[[Conversation, str], str]
"""From a call, and what the script says to it, to what is said instead; nothing where this way does not apply."""

_SHOWN = re.compile(r"^`([^`\n]+)`\n(`{3,})\n(.*?)\n\2$", re.M | re.S)
_NAMED = re.compile(r"`([\w./-]+)`")
_OWNED = re.compile(r"^You may write only: (.+)$", re.M)
_TEST = re.compile(r"backend/tests/test_\w+\.py|frontend/.+\.(?:spec|test)\.tsx?")
_NEEDED = (
    "appspec.json", "docs/architecture.md", "openapi.json", "frontend/src/main.tsx", "frontend/package.json",
    "frontend/e2e/fixtures.ts", "backend/app/main.py", "backend/app/core/db.py", "backend/app/models/issue.py",
    "backend/app/routers/issues.py", "backend/tests/conftest.py",
)  # fmt: skip
_FEW = 3
"""Files that one answer spoils, at most: a prompt shows dozens."""


def worse(script: Script, kind_of: Callable[[Conversation], str]) -> Script:
    """A script that asks ``kind_of``, for each call, for the one of ``KINDS`` by which its answer is spoilt."""
    rules = Rules(rules=script.rules, otherwise=script.otherwise)

    def reply(call: Conversation) -> str:
        said, kind = rules.decide(call).answer.text, kind_of(call)
        if call.kind == "review" and kind not in ("noise", "prose", "cut"):
            return said  # which finds nothing
        return KINDS[kind](call, said) or _noise(call, said)

    return Script(rules=(Rule(reply=reply),), otherwise=script.otherwise, chance=script.chance)


def _owns(call: Conversation) -> Callable[[str], bool]:
    """Whether an agent may write a path, by what it was told."""
    match = _OWNED.search(call.user)
    places = match[1].split(", ") if match else []
    return lambda path: any(path == place or (place.endswith("/") and path.startswith(place)) for place in places)


def _shown(call: Conversation, *endings: str) -> dict[str, str]:
    """The first files that a prompt shows in full, of those that the agent may write."""
    owns = _owns(call)
    mine = [(path, text) for path, _, text in _SHOWN.findall(call.user) if owns(path) and path.endswith(endings or "")]
    return dict(mine[:_FEW])


def _whole(files: Mapping[str, str]) -> str:
    """An answer that gives files in full."""
    blocks = [f"````text path={path}\n{text.rstrip()}\n````" for path, text in files.items()]
    return "\n\n".join(["The complete files:", *blocks]) if blocks else ""


def _edit(path: str, old: str, new: str) -> str:
    return f"```edit path={path}\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n```"


def _noise(call: Conversation, said: str) -> str:
    """Neither prose nor code."""
    dice = random.Random(call.digest)
    words = ["```", "path=", "{", "]", "<<<<<<< SEARCH", "\u202e", "\x07", "def", "=>", "DELETE", "\n", "lorem", "0x"]
    return " ".join(dice.choice(words) for _ in range(400))


def _prose(call: Conversation, said: str) -> str:
    """Claims, and nothing to show for them."""
    return "Sure! I have made all the changes you asked for, and all tests pass. Let me know if you need anything else."


def _cut(call: Conversation, said: str) -> str:
    """The first half of the answer, as if that were all."""
    return said[: len(said) // 2] if len(said) > 100 else ""


def _imports(call: Conversation, said: str) -> str:
    """Code that uses what is nowhere."""
    python, script = _shown(call, ".py"), _shown(call, ".ts", ".tsx")
    conjured = "\n\nfrom app.services.magic import conjure\n\nconjured = conjure()\n"
    imported = 'import { conjure } from "@/services/magic";\n\nexport const conjured = conjure();\n'
    return _whole(
        {path: text + conjured for path, text in python.items()}
        | {path: f"{imported}\n{text}" for path, text in script.items()}
    )


def _removed(call: Conversation, said: str) -> str:
    """Files deleted without which nothing works."""
    return "\n".join(f"DELETE {path}" for path in filter(_owns(call), _NEEDED))


def _short(call: Conversation, said: str) -> str:
    """The beginnings of files, given as the files."""
    return _whole({path: "\n".join(text.splitlines()[:4]) for path, text in _shown(call).items()})


def _syntax(call: Conversation, said: str) -> str:
    """A bracket too many in the middle of a file."""

    def broken(lines: list[str]) -> str:
        middle = len(lines) // 2
        return "\n".join([*lines[:middle], ")}", *lines[middle:]])

    return _whole({path: broken(text.splitlines()) for path, text in _shown(call).items()})


def _weakened(call: Conversation, said: str) -> str:
    """Tests that prove nothing, in place of those that are there."""
    tests = filter(_TEST.fullmatch, filter(_owns(call), dict.fromkeys(_NAMED.findall(call.user))))
    return _whole({path: _hollow(path) for path in list(tests)[:_FEW]})


def _hollow(path: str) -> str:
    if path.endswith(".py"):
        return '"""Everything works."""\n\n\ndef test_everything_works() -> None:\n    assert 1 == 1\n'
    tool = "./fixtures" if "/e2e/" in path else "vitest"
    test = 'test("everything works", () => {\n  expect(1).toBe(1);\n});\n'
    return f'import {{ expect, test }} from "{tool}";\n\n{test}'


_TITLE = "    document.title = `${title} · ${app.name}`;"
_PRESENT = "    page.items = present(session, page.items)"
_PAGE = "frontend/src/components/app/page.tsx"
_PROPS = "  title: string;\n  description?: string;"
_ROUTES = "backend/app/routers/issues.py"
_MODEL = "backend/app/models/label.py"
_COLOUR = "    color: LabelColor\n    created_at: datetime"
_PLANTED: Mapping[str, Mapping[str, str]] = {
    "crash": {
        _PAGE: _edit(_PAGE, _TITLE, f'{_TITLE}\n    if (title === "Labels") throw new TypeError("there is no label");')
    },
    "types": {_PAGE: _edit(_PAGE, _PROPS, _PROPS.replace("string", "number"))},
    "answers_500": {
        _ROUTES: _edit(_ROUTES, _PRESENT, f'{_PRESENT}\n    raise RuntimeError("the index is gone")'),
    },
    "other_schema": {_MODEL: _edit(_MODEL, _COLOUR, _COLOUR.replace("LabelColor", "str"))},
    "no_json": {"openapi.json": _whole({"openapi.json": '{"openapi": "3.1.0", "info": {"title": "App",'})},
    "no_contract": {"openapi.json": _whole({"openapi.json": '{"swagger": "1.0",\n "paths": {}}'})},
}
"""Kind -> file -> an answer for who may write it. Most of these pass in the step that they are given to."""


def _planted(kind: str) -> Worse:
    def reply(call: Conversation, said: str) -> str:
        owns = _owns(call)
        return "\n\n".join(text for path, text in _PLANTED[kind].items() if owns(path))

    return reply


KINDS: Mapping[str, Worse] = {
    "noise": _noise,
    "prose": _prose,
    "cut": _cut,
    "imports": _imports,
    "removed": _removed,
    "short": _short,
    "syntax": _syntax,
    "weakened": _weakened,
    **{kind: _planted(kind) for kind in _PLANTED},
}
"""Ways to spoil an answer. What does not apply to a step is noise there."""


TURNS: Mapping[str, Mapping[str, str]] = {
    "turns-1": {
        "analysis": "noise", "architecture": "prose", "frontend_mock": "types", "contracts": "no_contract",
        "frontend_integration": "crash", "backend_models": "imports", "backend_implementation": "answers_500",
        "testing_backend": "removed", "testing_frontend": "cut",
    },
    "turns-2": {
        "analysis": "removed", "architecture": "cut", "frontend_mock": "crash", "contracts": "no_json",
        "screenshot_verify": "types", "frontend_integration": "weakened", "backend_models": "other_schema",
        "backend_implementation": "weakened", "system_integration": "removed", "testing_frontend": "weakened",
    },
    "turns-3": {
        "analysis": "syntax", "architecture": "removed", "frontend_mock": "short", "contracts": "cut",
        "frontend_integration": "imports", "backend_models": "short", "backend_implementation": "syntax",
        "testing_frontend": "removed",
    },
}  # fmt: skip
"""Name -> step -> kind: another one for each step, planted where only a later step can notice it."""


def by_step(kinds: Mapping[str, str], otherwise: str = "noise") -> Callable[[Conversation], str]:
    """One kind for each step that is named, and another for the rest."""
    return lambda call: kinds.get(call.step or "", otherwise)
