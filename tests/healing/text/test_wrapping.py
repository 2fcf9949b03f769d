"""What is put around a file, or into it, by those who send it is taken away."""

from __future__ import annotations

import pytest

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.text.characters import unseen_characters
from gencode_graph.healing.text.leftover import leftover
from gencode_graph.healing.text.wrapping import wrapping
from gencode_graph.types import Finding

PYTHON = '"""Sums."""\n\n\ndef add(a: int, b: int) -> int:\n    # add them\n    return a + b\n'
SCRIPT = "export const add = (a: number, b: number) => a + b;\n\nexport const two = add(1, 1);\n"
JSON = '{\n  "name": "app",\n  "scripts": { "dev": "vite" }\n}\n'
KINDS = {"app/sums.py": PYTHON, "src/sums.ts": SCRIPT, "package.json": JSON}
WRAPPED = [
    ("a fence", "```\n{}```\n"),
    ("a fence with a language", "```python\n{}```"),
    ("a fence that does not end", "```ts\n{}"),
    ("a fence that only ends", "{}```\n"),
    ("tildes", "~~~\n{}~~~\n"),
    ("a sentence before", "Here is the updated file:\n\n{}"),
    ("a sentence behind", "{}\nThis adds the two numbers, as you asked.\n"),
    ("sentences and a fence", "Sure! Here is the code:\n\n```\n{}```\n\nLet me know if you need anything else.\n"),
    ("a list of changes", "{}\nKey changes:\n- Fixed the types\n- Simplified the query\n"),
    ("a tag", "<file>\n{}</file>\n"),
    ("a heading", "## The file\n\n```\n{}```\n"),
]


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize(("what", "form"), WRAPPED, ids=[one[0] for one in WRAPPED])
def test_the_file_is_what_is_inside(what: str, form: str, path: str) -> None:
    sent = form.replace("{}", KINDS[path])
    if path.endswith(".py") and form == "{}```\n":
        sent = KINDS[path] + "```\n"
    made = wrapping(_finding(path), Patient(files={path: sent}, may_write=(path,)))
    assert made == {path: KINDS[path]}


def _finding(path: str) -> Finding:
    return Finding(rule="file/shape", message="holds something else", path=path, line=1)


def test_one_side_of_a_merge_is_taken() -> None:
    sent = PYTHON.replace(
        "    return a + b\n", "<<<<<<< HEAD\n    return a\n=======\n    return a + b\n>>>>>>> other\n"
    )
    made = wrapping(_finding("app/sums.py"), Patient(files={"app/sums.py": sent}, may_write=("app/",)))
    assert made == {"app/sums.py": PYTHON}


@pytest.mark.parametrize("path", KINDS)
def test_a_file_that_can_be_read_is_left_alone(path: str) -> None:
    finding = Finding(rule="syntax/python", message="", path=path)
    assert wrapping(finding, Patient(files=KINDS, may_write=("app/", "src/", "package.json"))) == {}


def test_documents_keep_their_fences() -> None:
    patient = Patient(files={"README.md": "# It\n\n```sh\nmake\n```\n"}, may_write=("README.md",))
    assert wrapping(_finding("README.md"), patient) == {}


def test_prose_with_a_little_code_is_no_file() -> None:
    sent = "I would suggest that you think about it once more, since the file is long.\n" * 5 + "```\nx = 1\n```\n"
    assert wrapping(_finding("app/sums.py"), Patient(files={"app/sums.py": sent}, may_write=("app/",))) == {}


def test_tests_are_left_alone() -> None:
    patient = Patient(files={"app/tests/test_sums.py": f"```\n{PYTHON}```\n"}, may_write=("app/",))
    assert wrapping(_finding("app/tests/test_sums.py"), patient) == {}


UNSEEN = [
    ("a byte order mark", "\ufeff" + PYTHON),
    ("a blank of no width", PYTHON.replace("return", "\u200breturn")),
    ("an order of writing", PYTHON.replace("# add", "# \u202eadd")),
    ("a blank that does not break", PYTHON.replace("    return", "\u00a0\u00a0\u00a0\u00a0return")),
    ("quotes of books", PYTHON.replace('"""Sums."""', "\u201c\u201c\u201cSums.\u201d\u201d\u201d")),
]


@pytest.mark.parametrize(("what", "sent"), UNSEEN, ids=[one[0] for one in UNSEEN])
def test_characters_that_nobody_sees_go(what: str, sent: str) -> None:
    finding = Finding(rule="syntax/python", message="", path="app/sums.py")
    assert unseen_characters(finding, Patient(files={"app/sums.py": sent}, may_write=("app/",))) == {
        "app/sums.py": PYTHON
    }


def test_letters_of_people_stay() -> None:
    sent = PYTHON.replace("add them", "prüfe „das“ – später…")
    finding = Finding(rule="syntax/python", message="", path="app/sums.py")
    assert unseen_characters(finding, Patient(files={"app/sums.py": sent}, may_write=("app/",))) == {}


def test_a_name_in_letters_that_look_like_others_is_told_in_latin() -> None:
    sent = PYTHON.replace("add(", "\u0430dd(")
    finding = Finding(rule="text/lookalike", message="", path="app/sums.py")
    assert unseen_characters(finding, Patient(files={"app/sums.py": sent}, may_write=("app/",))) == {
        "app/sums.py": PYTHON
    }


@pytest.mark.parametrize(
    ("path", "message", "before", "after"),
    [
        ("backend/a.py", "undefined name 'py'", 'py\n\n"""A."""\n', '"""A."""\n'),
        ("backend/a.py", "undefined name 'python'", '"""A."""\npython\n', '"""A."""\n'),
        ("frontend/a.tsx", "Cannot find name 'tsx'.", "tsx;\nexport const a = 1;\n", "export const a = 1;\n"),
        ("backend/a.py", "undefined name 'py'", '"""A."""\nx = py\n', None),
        ("backend/a.py", "undefined name 'thing'", 'thing\n\n"""A."""\n', None),
    ],
)
def test_the_language_that_a_fence_named_goes(path: str, message: str, before: str, after: str | None) -> None:
    told = Finding(rule="names/undefined", message=message, path=path, line=1)
    patient = Patient(files={path: before}, may_write=("backend/", "frontend/"))
    assert leftover(told, patient) == ({} if after is None else {path: after})
