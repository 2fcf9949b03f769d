"""From the text of an answer to its operations."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.llm.answers import Operation, read_answer

CODE = "import pygame\n"
CASES = Path(os.environ.get("GENCODE_CASES", "../shared/cases")) / "llm_answers.jsonl"


def brief(text: str, **options: object) -> list[tuple[str, str | None]]:
    """What is to be done to which file."""
    return [(operation.op, operation.path) for operation in read_answer(text, **options).operations]  # type: ignore[arg-type]


def only(text: str) -> Operation:
    """The one operation of an answer."""
    (operation,) = read_answer(text).operations
    return operation


def test_reads_the_forms_that_agents_are_told_to_use() -> None:
    answer = read_answer(
        "I add an endpoint.\n\n"
        "```python path=backend/app/routers/extra.py\nx = 1\n```\n\n"
        "```edit path=backend/app/main.py\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n"
        "<<<<<<< SEARCH\ntwo\n=======\n>>>>>>> REPLACE\n```\n\n"
        "DELETE frontend/src/x.ts\n"
    )
    assert [(one.op, one.path, one.search, one.content) for one in answer.operations] == [
        ("write", "backend/app/routers/extra.py", None, "x = 1\n"),
        ("edit", "backend/app/main.py", "old\n", "new\n"),
        ("edit", "backend/app/main.py", "two\n", ""),
        ("delete", "frontend/src/x.ts", None, ""),
    ]
    assert not answer.truncated
    assert answer.prose == "I add an endpoint."
    assert answer.operations[0].line == 3


@pytest.mark.parametrize(
    "head",
    [
        "```python path=a/main.py", '```python path="a/main.py"', "```python {path=a/main.py}",
        "```python{path=a/main.py}",
        "```python:a/main.py", "```a/main.py", "```python a/main.py", "```py title='a/main.py'",
        "```python file=a/main.py",
        "```python filename=a/main.py", "``` python a/main.py", "```12:20:a/main.py", "```python // a/main.py",
        "```save a/main.py", "```write a/main.py",
        "**a/main.py**\n```python", "`a/main.py`\n```python", "**`a/main.py`**:\n\n```python",
        "### a/main.py\n\n```python",
        "#### `a/main.py`\n```", "a/main.py\n```python", "a/main.py:\n\n```python", "File: a/main.py\n```python",
        "File: `a/main.py`\n```python", "[FILE: a/main.py]\n```python", "[a/main.py]\n```python",
        "<a/main.py>\n```python",
        "1. **a/main.py**\n\n```python", "2. a/main.py:\n```python", "- a/main.py\n```python",
        "- file: a/main.py\n\n```python",
        "## Code: a/main.py\n```python", "Filename: a/main.py\n```python", "The code (a/main.py):\n```python",
        "**File: `a/main.py`**\n```python", "### 1. `a/main.py` (new)\n```python", "=== a/main.py ===\n```python",
        "Here's a/main.py:\n```python", "Here is the updated `a/main.py`:\n\n```python", "Path: a/main.py\n```python",
        "Create a file called `a/main.py`:\n\n```python", 'Create a new file named "a/main.py" with this:\n```python',
        "Create `main.py` in the `a/` directory:\n```python", "Now, in `a/main.py`, write:\n\n```python",
        "First make the script (e.g., `a/main.py`) and add the following code:\n\n```python",
        "Save this as a/main.py:\n```python", "文件 `a/main.py` 的代码：\n```python",
    ],
)  # fmt: skip
def test_a_file_is_named_before_or_on_its_fence(head: str) -> None:
    operation = only(f"{head}\n{CODE}```\n")
    assert (operation.op, operation.path, operation.content) == ("write", "a/main.py", CODE)


@pytest.mark.parametrize(
    "comment",
    ["# a/main.py", "# File: a/main.py", "# filename: a/main.py", "## a/main.py", "#!/usr/bin/env python\n# a/main.py",
     "// a/main.py", "/* a/main.py */", "<!-- a/main.py -->", '"""a/main.py"""', "# a/main.py - the start"],
)  # fmt: skip
def test_a_file_is_named_by_its_first_comment(comment: str) -> None:
    operation = only(f"```\n{comment}\n{CODE}```\n")
    assert (operation.op, operation.path, operation.content) == ("write", "a/main.py", f"{comment}\n{CODE}")


@pytest.mark.parametrize(
    "after",
    ["Save the code as `main.py` and run it.", "Save it in a file, for example `main.py`.",
     "Run it:\n\n```bash\npython main.py\n```", "You can save this to a file named main.py and start it."],
)  # fmt: skip
def test_a_file_is_named_after_it(after: str) -> None:
    assert ("write", "main.py") in brief(f"Here is a script:\n\n```python\n{CODE}```\n\n{after}\n")


@pytest.mark.parametrize(
    "text",
    [
        '<file path="a/main.py">\nimport pygame\n</file>',
        '<dyad-write path="a/main.py" description="<b>">\nimport pygame\n</dyad-write>',
        "<write_to_file>\n<path>a/main.py</path>\n<content>\nimport pygame\n</content>\n</write_to_file>",
        '<boltArtifact id="x"><boltAction type="file" filePath="a/main.py">import pygame</boltAction></boltArtifact>',
        '<boltAction type="file" filePath="a/main.py">\n```python\nimport pygame\n```\n</boltAction>',
        '<lov-write file_path="a/main.py">\nimport pygame\n</lov-write>',
        "<<<FILE a/main.py>>>\nimport pygame\n<<<END_FILE>>>",
        "- a/main.py:\n<PlandexBlock lang=\"python\">\nimport pygame\n</PlandexBlock>",
        '{"files": [{"path": "a/main.py", "content": "import pygame\\n"}]}',
        '{"files": {"a/main.py": "import pygame\\n"}}',
        'Here:\n```json\n{"files": [{"filename": "a/main.py", "code": "import pygame\\n"},]}\n```',
        "{'files': [{'path': 'a/main.py', 'content': 'import pygame\\n'}]}",
        "*** Begin Patch\n*** Add File: a/main.py\n+import pygame\n*** End Patch",
        "```diff\n--- /dev/null\n+++ b/a/main.py\n@@ -0,0 +1 @@\n+import pygame\n```",
    ],
)  # fmt: skip
def test_a_file_may_come_in_tags_markers_json_or_a_diff(text: str) -> None:
    operation = only(text)
    assert (operation.op, operation.path, operation.content, operation.complete) == ("write", "a/main.py", CODE, True)


@pytest.mark.parametrize(
    "text",
    [
        "a/main.py\n```python\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n```",
        "```python\na/main.py\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n```",
        "a/main.py\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n",
        "```patch a/main.py\n<<<<<<< ORIGINAL\nold\n=======\nnew\n>>>>>>> UPDATED\n```",
        '<search_replace path="a/main.py">\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n</search_replace>',
        "```diff\n--- a/a/main.py\n+++ b/a/main.py\n@@ -1 +1 @@\n-old\n+new\n```",
        "```diff path=a/main.py\n@@ -1 +1 @@\n-old\n+new\n```",
        "*** Begin Patch\n*** Update File: a/main.py\n@@\n-old\n+new\n*** End Patch",
    ],
)
def test_an_edit_is_read_from_every_form(text: str) -> None:
    operation = only(text)
    assert (operation.op, operation.path, operation.search, operation.content) == (
        "edit",
        "a/main.py",
        "old\n",
        "new\n",
    )


def test_fences_inside_an_edit_belong_to_it() -> None:
    inner = "```text\na\n```\n"
    operation = only(f"```edit path=README.md\n<<<<<<< SEARCH\n{inner}=======\nb\n>>>>>>> REPLACE\n```\n")
    assert (operation.search, operation.content) == (inner, "b\n")


def test_fences_inside_a_document_belong_to_it() -> None:
    body = "# Title\n\n```\npip install x\n```\n\n```bash\nmake\n```\n\nEnd.\n"
    assert only(f"```markdown path=README.md\n{body}```\n").content == body
    assert only(f"README.md\n```\n{body}```\n").content == body
    assert only(f"````markdown path=README.md\n{body}````\n").content == body


def test_a_fence_inside_a_string_does_not_end_the_code() -> None:
    body = "def usage():\n    print('''\n```js\ncall()\n```\n''')\n"
    assert only(f"```python path=a.py\n{body}```\n").content == body


def test_a_bare_fence_inside_a_python_string_does_not_end_the_code() -> None:
    body = "usage = '''\n```\ncall()\n```\n'''\nprint(usage)\n"
    assert brief(f"```python path=a.py\n{body}```\n```python path=b.py\nx = 1\n```\n") == [
        ("write", "a.py"),
        ("write", "b.py"),
    ]
    assert only(f"```python path=a.py\n{body}```\n").content == body


def test_a_block_that_the_next_one_ends_is_kept() -> None:
    assert brief("```python path=a.py\nx = 1\n\n```python path=b.py\ny = 2\n```\n") == [
        ("write", "a.py"),
        ("write", "b.py"),
    ]


def test_an_indented_block_loses_its_indentation() -> None:
    assert only("1. Create `a.py`:\n   ```python\n   if x:\n       y()\n   ```\n").content == "if x:\n    y()\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DELETE a.py", [("delete", "a.py")]),
        ("- DELETE `a/b.py`", [("delete", "a/b.py")]),
        ('<dyad-delete path="a.py"></dyad-delete>', [("delete", "a.py")]),
        ('<dyad-rename from="a.py" to="b.py"></dyad-rename>', [("rename", "a.py")]),
        ("RENAME a.py -> b.py", [("rename", "a.py")]),
        ("### Remove Files\n\n- a.py\n", [("delete", "a.py")]),
        ("```bash\nnpm install\n```", [("shell", None)]),
        ("```\npip install x\nsudo systemctl restart y\n```", [("shell", None)]),
        ('<boltAction type="shell">npm install</boltAction>', [("shell", None)]),
        ("For example:\n\n```python\nprint(1)\n```", [("snippet", None)]),
        ("It looks like this:\n```\nsrc/\n├── a.py\n└── b.py\n```", [("snippet", None)]),
        ("The output:\n```\n1 2 3\n```", [("snippet", None)]),
        ("DELETE the row, please.", []),
        ("Nothing to add.", []),
        ("<think>\n```python path=a.py\nx\n```\n</think>\nDone.", []),
        ("Use the <file> tag.", []),
        ("```delete path=a.py\n```", [("delete", "a.py")]),
        ("```edit path=a.py\nx = 1\n```", [("fragment", "a.py")]),
        ("Create a `.env` file:\n```\nKEY=1\n```", [("write", ".env")]),
        ("Here is the error in `a.py`:\n```\nTraceback (most recent call last):\n```", [("snippet", None)]),
        ("The bug is on this line of `a.py`:\n```python\nx = y\n```", [("fragment", "a.py")]),
        ("Use `get()`:\n```python\nget('http://a.b/c.json')\n```", [("snippet", None)]),
        ("It reads `config.json`:\n```python\nimport json\n```", [("snippet", None)]),
        ("=== a.py ===\nx = 1\n=== b.py ===\ny = 1\n", [("write", "a.py"), ("write", "b.py")]),
    ],
)
def test_other_operations(text: str, found: list[tuple[str, str | None]]) -> None:
    assert brief(text) == found


@pytest.mark.parametrize(
    "line",
    ["// ... existing code ...", "# ... rest of the code", "# rest of the code remains the same", "...", "/* ... */",
     "{/* ... existing content ... */}", "<!-- ... -->", "// ... (rest of the component)", "# ... other methods ...",
     "// existing imports", "# (rest of the file unchanged)", "-- ... previous rows ...", "// ...",
     "# ... existing fields"],
)  # fmt: skip
def test_a_file_with_parts_left_out_is_a_fragment(line: str) -> None:
    assert brief(f"```js path=a/main.js\nfirst();\n{line}\nlast();\n```\n") == [("fragment", "a/main.js")]


@pytest.mark.parametrize(
    "line",
    ["def f(): ...", "const all = [...rest];", "print('...')", "# Wait... then go", "x = 1  # the rest of the list",
    "f(...args)",
     "// Remaining seconds", "# Existing users are asked first", "# existing file is replaced", "# Other fields",
     "// your code here",
     "# previous page", "# rest of the week", "// no changes are saved"],
)  # fmt: skip
def test_dots_and_words_in_code_leave_nothing_out(line: str) -> None:
    assert brief(f"```python path=a/main.py\nfirst()\n{line}\nlast()\n```\n") == [("write", "a/main.py")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Add the following to your `Cargo.toml`:\n```toml\n[dependencies]\nclap = 3\n```\n",
            ("fragment", "Cargo.toml"),
        ),
        ("Update `settings.py` to include:\n```python\nDEBUG = True\n```\n", ("fragment", "settings.py")),
        ("Create `settings.py`:\n```python\nDEBUG = True\n```\n", ("write", "settings.py")),
        ("Update `index.html`:\n```html\n<!DOCTYPE html>\n<html></html>\n```\n", ("write", "index.html")),
    ],
)
def test_what_the_prose_calls_an_addition_is_a_fragment(text: str, found: tuple[str, str]) -> None:
    assert brief(text) == [found]


def test_the_last_whole_file_of_a_path_counts() -> None:
    answer = read_answer("```py path=a.py\nx = 1\n```\nBetter:\n```py path=a.py\nx = 2\n```\n")
    assert [operation.content for operation in answer.operations] == ["x = 2\n"]


def test_a_bare_name_stands_for_the_only_known_file_of_that_name() -> None:
    edit = "main.py\n```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n"
    assert brief(edit, known=["backend/app/main.py"]) == [("edit", "backend/app/main.py")]
    assert brief(edit, known=["a/main.py", "b/main.py"]) == [("edit", "main.py")]


@pytest.mark.parametrize(
    ("text", "truncated"),
    [
        ("All done.", False),
        ("```python path=a.py\nx = 1\n```\n", False),
        ("```python path=a.py\nx = 1\n```\n```\n", False),
        ("```python path=a.py\ndef f(\n", True),
        ("```python path=a.py\nx = 1\n", False),
        ("```ts path=a.ts\nconst x = {\n", True),
        ("```ts path=a.ts\nconst x = 1;\n```\n\nNow create `b.", True),
        ("```ts path=a.ts\nconst x = 1;\n```\n\n```ts", True),
        ("```edit path=a.py\n<<<<<<< SEARCH\na\n=======\nb\n", True),
        ('<file path="a.py">\nx = 1\n', True),
        ('{"files": [{"path": "a.py", "content": "x = 1', True),
        ('{"files": [{"path": "a.py", "content": "x = 1\\n"}]}', False),
        ("```css path=a.css\n.a { color: red; }\n```\n\nThis makes the text red and the", True),
        ("<think>\nI wonder", True),
    ],
)
def test_the_missing_end_is_found_without_the_finish_reason(text: str, truncated: bool) -> None:
    assert read_answer(text).truncated is truncated


def test_the_providers_word_counts_too() -> None:
    assert read_answer("Done.", finish="length").truncated
    cut = read_answer("```python path=a.py\nx = 1\n", finish="length")
    assert [operation.complete for operation in cut.operations] == [False]


PIECES = st.sampled_from(
    ["```", "````", "~~~", "```py path=a.py", "```md", "<file path=\"a.py\">", "</file>", "<think>", "</think>",
    "<<<<<<< SEARCH",
     "=======", ">>>>>>> REPLACE", "@@ -1 +1 @@", "-a", "+b", "a.py", "`a.py`", "# a.py", "----------", "{",
     '"path": "a.py",',
     '"content": "', "}", "*** Begin Patch", "*** Add File: a.py", "<#-a.py", "-#>", "<<<FILE a.py>>>", "", " ",
     "DELETE a.py",
     "import x", "...", "Save it as a.py", "$ ls", "   ```", "> ```", "- ```py", "├── a"]
)  # fmt: skip


@given(
    st.lists(PIECES | st.text(max_size=8), max_size=30).map("\n".join), st.sampled_from(["stop", "length", "missing"])
)
def test_any_text_is_read(text: str, finish: str) -> None:
    answer = read_answer(text, finish=finish, known=["x/a.py"])  # type: ignore[arg-type]
    assert all(operation.line <= text.count("\n") + 1 for operation in answer.operations)
    assert finish == "stop" or answer.truncated


@pytest.mark.skipif(not CASES.is_file(), reason=f"needs {CASES}")
def test_recorded_answers_are_read_as_the_benchmark_asks() -> None:
    script = Path(__file__).parents[3] / "benchmarks/answers.py"
    done = subprocess.run([sys.executable, script, "--cases", CASES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not CASES.is_file(), reason=f"needs {CASES}")
def test_recorded_answers_cut_anywhere_are_seldom_taken_for_whole() -> None:
    draw = random.Random(7)
    cuts = flagged = whole = 0
    for case in map(json.loads, CASES.read_text(encoding="utf-8").splitlines()):
        text = case["answer"]
        if case["truncated"] or len(text) < 200:
            continue
        contents = {operation.content for operation in read_answer(text).operations}
        answer = read_answer(text[: draw.randrange(len(text) // 5, len(text) - 5)])
        written = [one for one in answer.operations if one.op == "write" and one.complete]
        cuts += 1
        flagged += answer.truncated
        whole += any(one.content not in contents for one in written)
    assert flagged / cuts > 0.85
    assert whole / cuts < 0.03


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["`", "```\n", "```py\n", "```py\nx\n```\n", "```md\n```py\n", '<file path="a.py">\n', "<a ", "<think>\n",
    "<<<<<<< SEARCH\n",
     "----------\nimport x\n", "a.py ", "[", '{"path":"a.py","content":"x', "\\", '"', "a.py\n```\nx\n```\n",
     "@@\n+a\n",
     "Create `a.py`:\n```py\nx=1\n```\n", "save ", "# rest of "],
)  # fmt: skip
def test_a_megabyte_takes_seconds(unit: str) -> None:
    began = time.perf_counter()
    read_answer(unit * (1_000_000 // len(unit)))
    assert time.perf_counter() - began < 40
