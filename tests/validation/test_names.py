"""Names that nothing binds are found, in Python and in scripts."""

from __future__ import annotations

import pytest

from gencode_graph.validation.names import names
from gencode_graph.validation.script_names import script_names

UNDEFINED = {
    "a lost import": ("a.py", "def a():\n    return json.dumps(1)\n", 2),
    "a lost import in newer Python": ("a.py", "type A[T] = list[T]\n\n\nb = json\n", 4),
    "an export of nothing": ("a.py", '__all__ = ["a"]\n', 1),
    "a hook": ("a.tsx", "export const A = () => {\n  useState(1);\n};\n", 2),
    "a component": ("a.tsx", "export const A = () => (\n  <Button />\n);\n", 2),
    "a class": ("a.ts", "export const a = new Store();\n", 1),
    "an object": ("a.ts", "export const a = api.get();\n", 1),
}
DEFINED = {
    "a builtin": ("a.py", "print(__file__)\n"),
    "a later definition": ("a.py", "def a():\n    return b()\n\n\ndef b():\n    return 1\n"),
    "newer Python": ("a.py", "type A[T] = list[T]\n\n\ndef b[T](c: T) -> A[T]:\n    return [c]\n"),
    "another version's builtin": ("a.py", "import sys\nif sys.version_info >= (3, 15):\n    a = frozendict()\n"),
    "imports": (
        "a.tsx",
        'import A, { b as c } from "d";\nimport * as e from "f";\nexport const g = <A>{c(e.h)}</A>;\n',
    ),
    "parameters": ("a.ts", "export const a = ({ b, c: [d] }: E, ...f: G[]) => b() + d() + f.map((h) => h());\n"),
    "a catch": ("a.ts", "export function a() {\n  try { b(); } catch (c) { c.d(); }\n  function b() {}\n}\n"),
    "the browser": ("a.ts", "export const a = new URL(window.location.href).pathname + document.title.trim();\n"),
    "a script that is no module": ("a.js", "$('#a').hide();\n"),
    "elements of HTML": ("a.tsx", "export const a = <div><svg /></div>;\n"),
}


@pytest.mark.parametrize(("path", "text", "line"), UNDEFINED.values(), ids=UNDEFINED)
def test_a_name_that_nothing_binds_is_found(path: str, text: str, line: int) -> None:
    found = [*names(path, text), *script_names(path, text)]
    assert [(f.rule, f.line) for f in found] == [("names/undefined", line)]


@pytest.mark.parametrize(("path", "text"), DEFINED.values(), ids=DEFINED)
def test_a_name_that_is_bound_is_left_alone(path: str, text: str) -> None:
    assert [*names(path, text), *script_names(path, text)] == []
