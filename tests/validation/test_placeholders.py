"""Placeholders are found, and real code is not taken for one."""

from __future__ import annotations

from typing import cast

import pytest

from gencode_graph.services import Services
from gencode_graph.types import Draft, Task
from gencode_graph.validation.placeholders import find_placeholders, placeholders

TASK = Task(run_id="r", step="s", request="x", tree="")
NOBODY = cast("Services", None)

FOUND = {
    "a note in Python": ("a.py", "x = 1  # TODO: finish\n", 1),
    "a note in TypeScript": ("a.ts", "const a = 1;\n// fixme later\n", 2),
    "a note in JSX": ("a.tsx", "<div>\n{/* TODO */}\n</div>\n", 2),
    "filler text": ("a.tsx", "<p>Lorem ipsum dolor</p>", 1),
    "an announcement": ("a.html", "<h1>Coming soon</h1>", 1),
    "an elision": ("a.ts", "function f() {\n  // ...existing code\n}\n", 2),
    "a pass body": ("a.py", "def f():\n    pass\n", 1),
    "an ellipsis body": ("a.py", "class A:\n    async def f(self): ...\n", 2),
    "a raised excuse": ("a.py", "def f():\n    raise RuntimeError('not implemented')\n", 2),
}
CLEAN = {
    "a status called todo": ("a.ts", 'const status = { value: "todo", label: "Todo" };'),
    "a to-do list": ("a.tsx", "<h1>To-do list</h1>  // the tasks of today"),
    "an exception class": ("a.py", "class Oops(Exception):\n    pass\n"),
    "a pass among statements": ("a.py", "def f():\n    try:\n        g()\n    except KeyError:\n        pass\n"),
    "a spread": ("a.ts", "const b = { ...existing, c: 1 };"),
    "words of the request in a document": ("docs/analysis.md", "TODO: lorem ipsum, coming soon"),
    "code that does not parse is another check's": ("a.py", "def f(:\n"),
}


@pytest.mark.parametrize(("path", "text", "line"), FOUND.values(), ids=FOUND)
async def test_a_placeholder_is_found_at_its_line(path: str, text: str, line: int) -> None:
    verdict = await placeholders(TASK, Draft(files={path: text}), NOBODY)
    assert [(f.rule, f.path, f.line) for f in verdict.findings] == [("placeholder", path, line)]


@pytest.mark.parametrize(("path", "text"), CLEAN.values(), ids=CLEAN)
async def test_real_code_is_left_alone(path: str, text: str) -> None:
    assert (await placeholders(TASK, Draft(files={path: text.encode()}), NOBODY)).findings == ()


LEFT_OUT = [
    "... existing code ...",
    "...",
    "… rest of the component",
    "rest of the code",
    "Rest of your routes remain the same",
    "the rest of the component stays unchanged",
    "existing imports here",
    "other form fields here",
    "Existing code unchanged",
    "previous methods remain unchanged",
    "keep existing handlers as before",
    "same as before",
    "omitted for brevity",
    "Add your logic here",
    "implementation goes here",
    "implement this",
    "to be implemented",
    "In a real application, this would query the database",
]
SAID = [
    "the rest of the words is read later",
    "existing users keep their sessions",
    "other imports",
    "Code of the country",
    "remaining time in seconds",
    "the same as above, for the other side",
    "...and then the cache is cleared",
    "where the tokens are implemented",
    "previous page",
]


@pytest.mark.parametrize("words", LEFT_OUT)
def test_a_comment_that_leaves_code_out_is_an_error(words: str) -> None:
    for path, comment in (("a.py", f"# {words}"), ("a.ts", f"// {words}"), ("a.css", f"/* {words} */")):
        found = find_placeholders(path, f"{comment}\n")
        assert [(f.severity, f.line) for f in found] == [("error", 1)], path
    assert find_placeholders("a.tsx", f"const a = <p>{{/* {words} */}}</p>;\n")[0].severity == "error"
    assert find_placeholders("a.html", f"<p>a</p>\n<!-- {words} -->\n")[0].line == 2


@pytest.mark.parametrize("words", SAID)
def test_a_comment_that_only_sounds_so_is_left_alone(words: str) -> None:
    assert find_placeholders("a.py", f"x = 1  # {words}\n") == []


@pytest.mark.parametrize("words", LEFT_OUT)
def test_a_string_is_no_comment(words: str) -> None:
    assert [f for f in find_placeholders("a.py", f'x = "# {words}"\n') if f.severity == "error"] == []
    assert [f for f in find_placeholders("a.ts", f'const x = "// {words}";\n') if f.severity == "error"] == []


SEVERITIES = {
    "a note beside code": ("a.py", "def f():\n    # TODO: faster\n    return g()\n", "warning"),
    "a note instead of code": ("a.py", "def f():\n    # TODO\n    pass\n", "error"),
    "a note and an excuse": ("a.py", "def f():\n    return None  # TODO\n", "error"),
    "a note in an empty function": ("a.ts", "function f() {\n  // TODO\n}\n", "error"),
    "dots for a body": ("a.py", "def f(): ...\n", "error"),
    "nothing to do": ("a.py", "def f():\n    pass\n", "warning"),
    "dots for elements": ("a.tsx", "const a = (\n  <ul>\n    ...\n  </ul>\n);\n", "error"),
}


@pytest.mark.parametrize(("path", "text", "severity"), SEVERITIES.values(), ids=SEVERITIES)
def test_what_is_certain_is_an_error_and_the_rest_a_warning(path: str, text: str, severity: str) -> None:
    assert severity in {f.severity for f in find_placeholders(path, text)}
    assert severity == "error" or "error" not in {f.severity for f in find_placeholders(path, text)}


INTENDED = {
    "an abstract function": "class A(ABC):\n    @abstractmethod\n    def f(self): ...\n",
    "a protocol": "class A(Protocol):\n    def f(self) -> int: ...\n",
    "an overload": "@overload\ndef f(a: int) -> int: ...\ndef f(a):\n    return a\n",
    "types only": "if TYPE_CHECKING:\n    def f() -> int: ...\n",
}


@pytest.mark.parametrize("text", INTENDED.values(), ids=INTENDED)
def test_a_body_that_belongs_elsewhere_is_no_placeholder(text: str) -> None:
    assert find_placeholders("a.py", text) == []


def test_a_sign_for_more_on_a_button_is_no_placeholder() -> None:
    assert find_placeholders("a.tsx", "const a = <button>...</button>;\n") == []
