"""What went wrong is read out of a log: category, file, line, code and name."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gencode_graph.healing.classify import Diagnosis, classify, findings, signature
from gencode_graph.healing.logs.clue import CATEGORIES
from gencode_graph.memory.same import general
from gencode_graph.types import Finding

ROOT = Path(__file__).resolve().parents[2]
LOGS = Path(os.environ.get("GENCODE_CASES", ROOT.parent / "shared" / "cases")) / "error_logs.jsonl"

_spec = importlib.util.spec_from_file_location("logs_of_tools", Path(__file__).with_name("logs_of_tools.py"))
assert _spec
assert _spec.loader
logs_of_tools = importlib.util.module_from_spec(_spec)
sys.modules["logs_of_tools"] = logs_of_tools
_spec.loader.exec_module(logs_of_tools)
CASES = logs_of_tools.CASES


MISSING = """Traceback (most recent call last):
  File "/app/run.py", line 1, in <module>
    import {0}
ModuleNotFoundError: No module named '{0}'
"""


def diagnosis(name: str) -> Diagnosis:
    case = CASES[name]
    return classify(case.log, command=case.command, exit_code=case.exit_code, project=case.project)


@pytest.mark.parametrize("name", CASES)
def test_a_log_is_understood(name: str) -> None:
    case, said = CASES[name], diagnosis(name)
    best, *others = case.fits.split()
    assert said.category == best
    assert set(others) <= set(said.alternatives)
    for field in ("path", "line", "code", "symbol"):
        wanted = getattr(case, field)
        if wanted is not None:
            assert getattr(said, field) == wanted, field


@pytest.mark.parametrize("name", CASES)
def test_a_diagnosis_keeps_its_form(name: str) -> None:
    said = diagnosis(name)
    assert said.message
    assert "\n" not in said.message
    assert said.category in CATEGORIES
    assert said.category not in said.alternatives
    assert said.path is None or not any(word in said.path for word in ("site-packages", "node_modules", "node:", "<"))


def test_different_errors_have_different_signatures() -> None:
    signatures = {name: diagnosis(name).signature for name in CASES}
    assert len(set(signatures.values())) == len(signatures)


def test_the_same_error_again_has_the_same_signature() -> None:
    log = """Traceback (most recent call last):
  File "/tmp/gencode-ab12cd/backend/app/crud.py", line 41, in read
    return rows[7]
{noise}IndexError: list index out of range at 0x7f3a{address} after 0.{millis} s
"""
    first = classify(log.format(noise="", address="11", millis=31), root="/tmp/gencode-ab12cd")
    moved = log.replace("ab12cd", "9f8e7d").replace("line 41", "line 57").format(noise="", address="beef", millis=9)
    again = classify(moved, root="/tmp/gencode-9f8e7d")
    assert first.path == again.path == "backend/app/crud.py"
    assert first.signature == again.signature


def test_the_same_words_about_another_name_are_another_error() -> None:
    assert classify(MISSING.format("dramatiq")).signature != classify(MISSING.format("arq")).signature


def test_names_of_the_project_tell_an_import_from_a_dependency() -> None:
    log = MISSING.format("tariffs")
    assert classify(log, project=("run.py",)).category == "dependency"
    assert classify(log, project=("run.py", "backend/tariffs/__init__.py")).category == "import"


def test_a_path_is_the_projects_own() -> None:
    log = MISSING.format("tariffs").replace("/app/run.py", "/b/x91/job/backend/app/main.py")
    assert classify(log, project=("backend/app/main.py",)).path == "backend/app/main.py"
    assert classify(log, root="/b/x91/job").path == "backend/app/main.py"


def test_findings_have_the_tools_code_as_their_rule() -> None:
    log = "src/a.ts(3,1): error TS2304: Cannot find name 'x'.\nsrc/b.ts(4,1): error TS2322: Type 'a' is not 'b'.\n"
    assert [(f.rule, f.path, f.line) for f in findings(log)] == [
        ("tsc/TS2304", "src/a.ts", 3),
        ("tsc/TS2322", "src/b.ts", 4),
    ]


def test_findings_without_a_code_have_the_category_as_their_rule() -> None:
    found = findings("./run.sh: line 2: ffmpeg: command not found\n", exit_code=127)
    assert [f.rule for f in found] == ["error/environment"]
    assert found[0].hint


def test_what_kept_the_program_from_running_comes_before_a_linters_word() -> None:
    lint, rest = (
        "app/x.py:1:1: F401 `os` imported but unused\n",
        "    def f(:\n          ^\nSyntaxError: invalid syntax\n",
    )
    log = f'{lint}  File "/app/app/x.py", line 9\n{rest}'
    assert classify(log).category == "syntax"
    assert [f.rule for f in findings(log)] == ["error/syntax"]


def test_the_router_is_asked_only_where_no_tool_is_recognised() -> None:
    asked: list[str] = []

    def route(text: str) -> tuple[str, float]:
        asked.append(text)
        return "config", 0.9

    assert classify("KABOOM the frobnicator is sad\n", route=route).category == "config"
    assert len(asked) == 1
    assert classify(CASES["tsc: syntax"].log, route=route).category == "syntax"
    assert len(asked) == 1


@pytest.mark.parametrize("answer", [("config", 0.1), ("nonsense", 0.99)])
def test_a_router_that_does_not_know_is_not_believed(answer: tuple[str, float]) -> None:
    assert classify("KABOOM\n", route=lambda _: answer).category == "runtime"


def test_a_findings_signature_does_not_depend_on_the_line() -> None:
    one = Finding(rule="error/type", path="a.py", line=3, message="expected 3 rows, got 7")
    other = Finding(rule="error/type", path="a.py", line=9, message="expected 3 rows, got 12")
    assert signature(one) == signature(other)
    assert signature(one) != signature(one.model_copy(update={"path": "b.py"}))
    assert signature(one) != signature(one.model_copy(update={"message": "expected 3 columns, got 7"}))


HEX = st.text("0123456789abcdef", min_size=4, max_size=12)
WORD = st.from_regex(r"[a-z]{2,9}", fullmatch=True)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_do_not_count(one: int, other: int) -> None:
    assert general(f"row {one} of the table, at line {one}:4") == general(
        f"row {other} of the table, at line {other}:4"
    )


@given(st.lists(WORD, min_size=1, max_size=6), st.lists(WORD, min_size=1, max_size=6))
def test_folders_do_not_count(one: list[str], other: list[str]) -> None:
    assert general(f"cannot open /{'/'.join(one)}/a.txt") == general(f"cannot open /{'/'.join(other)}/a.txt")


@given(HEX, HEX)
def test_addresses_do_not_count(one: str, other: str) -> None:
    assert general(f"<Item object at 0x{one}> is lost") == general(f"<Item object at 0x{other}> is lost")


@given(st.datetimes(), st.datetimes())
def test_times_do_not_count(one: object, other: object) -> None:
    assert general(f"{one} it broke") == general(f"{other} it broke")


@given(WORD, WORD)
def test_names_count(one: str, other: str) -> None:
    assert (general(f"no attribute '{one}'") == general(f"no attribute '{other}'")) == (one == other)


@given(st.text(max_size=300))
def test_a_general_form_is_its_own_general_form(text: str) -> None:
    assert general(general(text)) == general(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(sorted(CASES)), st.integers(0, 400))
def test_no_text_is_too_strange(noise: str, name: str, cut: int) -> None:
    log = CASES[name].log
    for text in (noise, log[:cut], log[cut:], noise + log + noise):
        said = classify(text)
        assert said.category in CATEGORIES
        assert said.message


@pytest.mark.parametrize("name", sorted(CASES))
def test_colours_and_line_ends_of_windows_change_nothing(name: str) -> None:
    case, said = CASES[name], diagnosis(name)
    lines = [f"\x1b[31m{line}\x1b[0m\x1b[K" if line.strip() else line for line in case.log.split("\n")]
    again = classify("\r\n".join(lines), command=case.command, exit_code=case.exit_code, project=case.project)
    assert (again.category, again.path, again.code) == (said.category, said.path, said.code)


HOSTILE = {
    "one line of 1 MB": "x" * 1_000_000,
    "one line of 1 MB of quotes": "'" * 1_000_000,
    "one line of 1 MB of slashes": "a/" * 500_000,
    "one line of 1 MB that begins well": "Error: Cannot find module '" + "a" * 1_000_000,
    "spaces": " " * 1_000_000,
    "colons": "a:1:" * 250_000,
    "zeros": "\0" * 1_000_000,
    "escapes": "\x1b[" * 500_000,
    "half escapes": "\x1b]" * 500_000,
    "brackets": "[" * 500_000 + "(" * 500_000,
    "many frames": 'Traceback (most recent call last):\n  File "/a.py", line 1, in f\n' * 20_000,
    "many errors": "src/a.ts(1,1): error TS2304: Cannot find name 'x'.\n" * 20_000,
    "many titles": "  ● a test\n\n    it broke\n" * 30_000,
    "many files without an error": "/app/src/a.js\n" * 70_000,
    "many steps without an end": "ERROR: a\nFAIL b\nnot ok 1 - c\n  ---\n" * 25_000,
    "many diffs": "--- a\n+++ b\nwould reformat\n" * 30_000,
    "10 MB": ("some words that say nothing at all " * 3 + "\n") * 95_000,
    "a last line in 10 MB": ("nothing here\n" * 770_000) + "src/a.ts(1,1): error TS2304: Cannot find name 'x'.\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_log_takes_no_time(name: str) -> None:
    began = time.process_time()
    said = classify(HOSTILE[name])
    took = time.process_time() - began
    assert said.message is not None
    assert len(said.message) <= 500
    assert took < 2.0, f"{took:.1f} s"


def test_the_end_of_a_long_log_is_read() -> None:
    assert classify(HOSTILE["a last line in 10 MB"]).code == "TS2304"


def test_the_cases_are_judged_as_well_as_promised() -> None:
    if not LOGS.exists():
        pytest.skip(f"there are no logs in {LOGS.parent}; set GENCODE_CASES to the folder of the cases")
    script = ROOT / "benchmarks" / "error_logs.py"
    done = subprocess.run(
        [sys.executable, str(script), "--cases", str(LOGS), "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    figures = json.loads(done.stdout)
    assert figures["missed"] == []
    assert done.returncode == 0
    assert figures["ours"]["strict"] > figures["keywords"]["strict"]
