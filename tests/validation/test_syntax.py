"""Files that cannot be read are found; brackets in strings, templates, regexes, comments and text confuse nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.validation.syntax import syntax

GOOD = {
    "Python with odd brackets": ("a.py", "x = '([{'  # )]}\ny = f\"{'}'}\"\nz = r'\\[('\n"),
    "newer Python": ("a.py", "type Pair[T] = tuple[T, T]\n\n\nclass Page[T]:\n    items: list[T]\n"),
    "a nested f-string": ("a.py", 'names = ["a"]\nprint(f"{", ".join(names)}")\n'),
    "a regex in TypeScript": ("a.ts", "const a = /[({]+\\/`/g;\nconst b = 1 / 2 / 3;\n"),
    "a template": ("a.ts", "const a = `({[ ${'}' + `)${1}`} `;\n"),
    "comments": ("a.ts", "// ({[ `\n/* ' \" ` */\nconst a = 1;\n"),
    "generics": ("a.ts", "const a = <T,>(b: Map<string, T[]>): b is Map<string, T[]> => b.size << 2 > 1;\n"),
    "variance": ("a.ts", "export interface A<in out T> {\n  b: T\n}\nexport type * from './b'\n"),
    "signatures without semicolons": ("a.ts", "interface A {\n  (): B\n  <C>(d: C): E\n}\nexport type { A }\n"),
    "JSX text": ("a.tsx", "const a = <p title=\"{\">It's (or isn't] {'}'} :-{'{'} // no comment</p>;\n"),
    "a generic arrow in TSX": ("a.tsx", "const a = <T,>(b: T) => <B<T> c={b} />;\n"),
    "JavaScript": ("a.js", "#!/usr/bin/env node\nexport const a = async () => { for await (const b of c) d?.[b]; };\n"),
    "CSS": ("a.css", '@import "tailwindcss";\n@theme inline { --a: {b}; }\n.a::after { content: "}{"; } /* { */\n'),
    "HTML": ("a.html", "<!doctype html><html><body><p>a<br><li>b<script>if (a < b) c('</p>')</script></body></html>\n"),
    "JSON": ("a.json", '{"a": ["}", "]"]}\n'),
    "a tsconfig": ("tsconfig.json", '{\n  // why\n  "paths": { "@/*": ["./src/*"], },\n}\n'),
    "YAML": ("a.yaml", "a: &b {c: '}'}\nd: *b\ne: !tag [1]\n---\nf: |\n  {[(\n"),
    "TOML": ("a.toml", '[a]\nb = """\n[c\n"""\n'),
    "SVG": ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'),
    "a Dockerfile": (
        "Dockerfile",
        "FROM a AS b\nRUN echo \\\n  # why\n  '(' && \\\n  c\nFROM d\nCOPY --from=b /x /y\n"
        'RUN <<EOF\n[ (\nEOF\nCMD ["e"]\n',
    ),
    "Markdown": ("a.md", "~~~~md\n```\n~~~~\n\n1. ```ts\n   (\n   ```\n"),
    "any other text": (".gitignore", "({[\n"),
}
BAD = {
    "Python": ("a.py", "x = (1,\n", 1),
    "an indentation": ("a.py", "def a():\nreturn 1\n", 2),
    "a bracket in TypeScript": ("a.ts", "const a = { b: [1, 2 };\n", 1),
    "an open function": ("a.ts", "const a = 1;\nfunction b() {\n  if (a) {\n    c();\n  }\n", 2),
    "an open element": ("a.tsx", "const a = (\n  <div>\n    <p>b</p>\n);\n", 2),
    "TypeScript that is none": ("a.ts", "const a = = 1;\n", 1),
    "CSS": ("a.css", ".a { color: red;\n", 1),
    "a CSS comment": ("a.css", ".a { color: red; }\n/* and\n", 2),
    "a stray bracket in CSS": ("a.css", ".a { color: red; } }\n.b { }\n", 1),
    "HTML": ("a.html", "<html>\n<body>\n<div>\n<p>a</p>\n</body>", 1),
    "an HTML tag": ("a.html", "<p>a</p>\n<a href='b", 2),
    "JSON": ("a.json", '{\n  "a": 1,\n}\n', 3),
    "a key twice": ("a.json", '{"a": 1, "a": 2}', None),
    "YAML": ("a.yaml", "a: [1\nb: 2\n", 2),
    "a YAML key twice": ("a.yaml", "a: 1\nb: 2\na: 3\n", 3),
    "TOML": ("a.toml", "[a]\nb = \n", 2),
    "SVG": ("a.svg", "<svg>\n<g></svg>", 2),
    "an instruction": ("Dockerfile", "FROM a\nRNU b\nCMD c\n", 2),
    "a stage": ("Dockerfile", "FROM a AS b\nFROM c\nCOPY --from=d /x /y\nCMD e\n", 3),
    "a continued line": ("Dockerfile", "FROM a\nCMD b\nRUN c \\\n", 3),
    "an exec list": ("Dockerfile", "FROM a\nCMD ['b']\n", 2),
    "no command": ("Dockerfile", "FROM a\nRUN b\n", 2),
    "a fence": ("a.md", "text\n\n```ts\nconst a = 1;\n", 3),
}


@pytest.mark.parametrize(("path", "text"), GOOD.values(), ids=GOOD)
def test_what_is_right_is_left_alone(path: str, text: str) -> None:
    assert syntax(path, text) == []


@pytest.mark.parametrize(("path", "text", "line"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_found_at_its_line(path: str, text: str, line: int | None) -> None:
    found = syntax(path, text)
    assert [(f.severity, f.path, f.line) for f in found][:1] == [("error", path, line)]
    assert found[0].rule.startswith("syntax/")
    assert found[0].hint


ANYTHING = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" ()[]{}<>/*'\"`#$\\"), max_size=30)


@given(ANYTHING)
def test_a_string_may_hold_anything(inside: str) -> None:
    quoted = json.dumps(inside)
    assert syntax("a.py", f"x = {inside!r}\n") == []
    assert syntax("a.ts", f"const x = {quoted};\n") == []
    assert syntax("a.tsx", f"const x = <p>{{{quoted}}}</p>;\n") == []


@given(st.text(st.sampled_from("()[]/*'\"`#$\\ .,:;!?-ab"), max_size=30))
def test_text_of_an_element_and_a_comment_may_hold_anything(inside: str) -> None:
    assert syntax("a.tsx", f"const x = <p>a{inside}b</p>;\n") == []
    assert syntax("a.ts", f"const x = 1; // {inside}\n") == []
    assert syntax("a.py", f"x = 1  # {inside}\n") == []


@given(st.sampled_from(["a.py", "a.ts", "a.tsx", "a.css", "a.html", "a.json", "a.yaml", "a.toml", "Dockerfile", "a.md", "a.svg", "tsconfig.json"]), st.text(max_size=60))  # fmt: skip  # noqa: E501
def test_no_text_is_too_odd_to_be_judged(path: str, text: str) -> None:
    for finding in syntax(path, text):
        assert finding.line is None or finding.line >= 1
