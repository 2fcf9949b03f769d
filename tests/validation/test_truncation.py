"""Files without their end are found; files that end in an unusual way are not taken for such."""

from __future__ import annotations

import pytest

from gencode_graph.validation.truncation import truncation

WHOLE = {
    "a module of one line": ("a.py", "X = 1\n"),
    "Windows line ends": ("a.py", "X = 1\r\n"),
    "no last line end behind a bracket": ("a.py", "X = [\n    1,\n]"),
    "no last line end in a script": ("a.ts", "export const a = 1;"),
    "no last line end in a style sheet": ("a.css", ".a { color: red; }"),
    "a script that runs": ("a.ts", "function a() {}\na();\n"),
    "a script imported for its effect": ("a.ts", 'import "./b";\nconst c = 1;\n'),
    "declarations for all": ("a.d.ts", "interface Window { a: string }\n"),
    "a compiled script": ("a.js", "exports.b = void 0;\nconst b = 1;\nexports.b = b;\n"),
    "a source map behind the last line": ("a.js", "export const a = 1;\n//# sourceMappingURL=a.js.map"),
    "an abstract function": ("a.py", "class A(ABC):\n    @abstractmethod\n    def b(self) -> int:\n        '''C.'''\n"),
    "a protocol": ("a.py", "class A(Protocol):\n    def b(self) -> int:\n        '''C.'''\n"),
    "a loop that returns": ("a.py", "def a() -> int:\n    while True:\n        if b():\n            return 1\n"),
    "all branches return": ("a.py", "def a(b: int) -> int:\n    if b:\n        return 1\n    else:\n        raise E\n"),
    "a generator": ("a.py", "def a() -> Iterator[int]:\n    for b in c:\n        yield b\n"),
    "nothing promised": ("a.py", "def a() -> None:\n    b = c()\n    b.d = 1\n"),
    "a local used in a closure": ("a.py", "def a():\n    b = 1\n\n    def c():\n        return b\n\n    return c\n"),
    "a result kept by what made it": ("a.py", "def a():\n    b = c()\n    b.d()\n"),
}
CUT = {
    "an open bracket": ("a.py", "x = [\n    1,\n"),
    "a header without a body": ("a.py", "def a():\n"),
    "a line without its end": ("a.py", "x = 1\ny = x.spl"),
    "a value that is promised": ("a.py", "def a(b: list[int]) -> int:\n    c = sum(b)\n"),
    "a result that nobody gets": ("a.py", "def a():\n    b = {}\n    b['c'] = 1\n"),
    "a value only before": ("a.py", "def a(b):\n    if not b:\n        return []\n    self.c = b\n"),
    "a docstring and no body": (
        "a.py",
        "class A:\n    def b(self):\n        return 1\n\n    def c(self):\n        '''D.'''\n",
    ),
    "a script in mid-line": ("a.ts", "export const a = 1;\nexport const b = a.toStr"),
    "a comment in mid-line": ("a.ts", "export const a = 1;\n// and this is wh"),
    "a comment that describes nothing": ("a.ts", "export const a = 1;\n/** The other one. */"),
    "a script without its export": ("a.ts", 'import b from "./b";\nconst a = () => b();\n'),
    "a CommonJS script without its export": ("a.js", "const b = require('b');\nfunction a() { return b(); }\n"),
    "a compiled script without its export": ("a.js", "exports.b = void 0;\nconst b = 1;\nb.c();\n"),
    "an open element": ("a.tsx", "export const A = () => (\n  <div>\n    <p>b</p>\n"),
    "a style sheet": ("a.css", ".a { color: red; }\n.b {\n"),
    "a selector": ("a.css", ".a { color: red; }\n.b,\n"),
    "a page": ("a.html", "<!doctype html>\n<html>\n<body>\n<p>a</p>\n"),
    "a list of packages": ("requirements.txt", "fastapi==0.1\nuvic"),
}


@pytest.mark.parametrize(("path", "text"), WHOLE.values(), ids=WHOLE)
def test_a_whole_file_is_left_alone(path: str, text: str) -> None:
    assert truncation(path, text) == []


@pytest.mark.parametrize(("path", "text"), CUT.values(), ids=CUT)
def test_a_cut_file_is_found(path: str, text: str) -> None:
    assert [(f.rule, f.severity) for f in truncation(path, text)] == [("file/truncated", "error")]


def test_a_mistake_in_the_middle_is_not_taken_for_a_lost_end() -> None:
    assert truncation("a.ts", "export const a = = 1;\nexport const b = 2;\nexport const c = 3;\n") == []
