"""SIGKILL at every crash point of the workspace, once, twice, and with another answer after it: nothing is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gencode_graph import crashpoints
from gencode_graph.workspace import Workspace
from gencode_graph.workspace.folder import Folder
from gencode_graph.workspace.history import History

pytestmark = pytest.mark.slow

Step = tuple[str, dict[str, str], tuple[str, ...]]
STEPS: tuple[Step, ...] = (
    ("analysis", {"docs/analysis.md": "# Analysis\n" * 50, "appspec.json": '{"version": 1}\n'}, ()),
    (
        "backend",
        {
            "backend/app/main.py": "print(1)\n" * 40,
            "backend/app/old.py": "old\n",
            "backend/app/settings.py": "debug = False\n",
            "backend/data": "a file, for now\n",
            "README.md": "one\n",
        },
        (),
    ),
    (
        "change",
        {"backend/app/main.py": "print(2)\n" * 60, "README.md": "two\n"},
        ("backend/app/old.py", "backend/data"),
    ),
    ("more", {"backend/data/rows.json": "[]\n", "web/.env": "VITE_API=mock\n"}, ()),
)
POINTS = (
    "workspace.begun", "repository.rename", "pack.half", "index.half", "pack.rename", "pack.renamed", "index.renamed",
    "ref.before", "ref.after", "staged.half", "staged.rename", "staged.renamed", "staged.written", "file.half",
    "intent.half", "intent.rename", "intent.renamed", "publish.rename", "publish.file", "published.half",
    "published.rename", "published.renamed",
)  # fmt: skip
MINE = {"backend/app/settings.py": "debug = 'mine'\n", "notes.txt": "mine\n"}
"""What the user changes and adds right after the kill."""
Sabotage = Callable[[], None]


def make(root: Path, steps: tuple[Step, ...]) -> None:
    """The run that is killed, and resumed by running it again."""
    workspace = Workspace.open(root, create=True)
    with workspace.lock(run_id="r1"):
        for step, files, removed in steps:
            tree = workspace.write(files, origin="builtin")
            workspace.commit(
                tree, step=step, producer="p", attempt=1, run_id="r1", subject=f"Do {step}", removed=removed
            )
            workspace.publish(workspace.head)
    workspace.close()


def in_child(work: Callable[[], None], *, kill_at: str | None = None) -> int:
    """The exit code of ``work`` in a process of its own; -9 when it was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            crashpoints.hits.clear()
            crashpoints._targets = frozenset([kill_at] if kill_at else [])
            work()
            os._exit(0)
        finally:
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def shown(root: Path) -> dict[str, str]:
    """The user's files."""
    files = (file for file in root.rglob("*") if file.is_file())
    paths = {file.relative_to(root).as_posix(): file for file in files}
    return {path: file.read_text() for path, file in paths.items() if not path.startswith((".git/", ".gencode/"))}


def expected(steps: tuple[Step, ...]) -> dict[str, str]:
    result: dict[str, str] = {}
    for _, files, removed in steps:
        result = {path: text for path, text in result.items() if path not in removed} | files
    return result


def violations(root: Path, steps: tuple[Step, ...], mine: Mapping[str, str]) -> list[str]:
    """What is not as an undisturbed run leaves it."""
    found = []
    if shown(root) != {**expected(steps), **mine}:
        found.append(f"the folder shows {shown(root)}")
    workspace = Workspace(root)
    if [entry.step for entry in workspace.log()] != [step for step, _, _ in reversed(steps)]:
        found.append(f"the commits are {[entry.step for entry in workspace.log()]}")
    if workspace.read(workspace.head) != {path: text.encode() for path, text in expected(steps).items()}:
        found.append("the head has other files")
    workspace.close()
    if left := list((root / ".gencode" / "staging").iterdir()):
        found.append(f"left behind: {left}")
    if left := [path for path in (root / ".git").rglob("*") if path.suffix in (".lock", ".tmp")]:
        found.append(f"left behind: {left}")
    if json.loads((root / ".gencode" / "published.json").read_text())["target"] is not None:
        found.append("the publication is not finished")
    git = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(root)]
    checked = subprocess.run([*git, "fsck", "--strict"], capture_output=True, text=True, check=False)
    if checked.returncode:
        found.append(f"git fsck: {checked.stderr}")
    status = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    if {line[3:] for line in status.splitlines()} != set(mine):
        found.append(f"git status: {status}")
    return found


def trial(
    root: Path,
    kills: tuple[str, ...],
    *,
    mine: Mapping[str, str] = MINE,
    after: tuple[Step, ...] = STEPS,
    sabotage: Sabotage | None = None,
) -> list[str]:
    """Kills the run at each point in turn, lets the user work, resumes, and says what is wrong then."""

    def work(steps: tuple[Step, ...]) -> None:
        if sabotage:
            sabotage()
        make(root, steps)

    codes = [in_child(lambda: work(STEPS), kill_at=kills[0])]
    codes += [in_child(lambda: work(after), kill_at=kill) for kill in kills[1:]]
    if codes[0] != -signal.SIGKILL:
        return [f"{kills} did not kill: {codes}"]
    for path, text in mine.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    if code := in_child(lambda: work(after)):
        return [f"the resumed run ended with {code}"]
    return violations(root, after, mine)


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How often an undisturbed run passes each point."""
    root = tmp_path_factory.mktemp("undisturbed")

    def work() -> None:
        make(root / "app", STEPS)
        (root / "hits.json").write_text(json.dumps(crashpoints.hits))

    assert in_child(work) == 0
    assert violations(root / "app", STEPS, {}) == []
    counted: dict[str, int] = json.loads((root / "hits.json").read_text())
    return counted


def test_the_points_are_those_that_are_tested(passed: dict[str, int]) -> None:
    assert set(passed) == set(POINTS)
    assert sum(passed.values()) > 80


@pytest.mark.parametrize("point", POINTS)
def test_killed_somewhere_a_run_ends_as_if_it_had_not_been(tmp_path: Path, passed: dict[str, int], point: str) -> None:
    assert trial(tmp_path / "app", (f"{point}:{(passed[point] + 1) // 2}",)) == []


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_a_run_ends_as_if_it_had_not_been(tmp_path: Path, passed: dict[str, int], point: str) -> None:
    results = {f"{point}:{k}": trial(tmp_path / str(k), (f"{point}:{k}",)) for k in range(1, passed[point] + 1)}
    assert {kill: wrong for kill, wrong in results.items() if wrong} == {}


@pytest.mark.slow
def test_killed_again_while_it_recovers(tmp_path: Path, passed: dict[str, int]) -> None:
    kills = [f"{point}:{k}" for point, count in sorted(passed.items()) for k in range(1, count + 1)]
    pairs = [tuple(random.Random(seed).choices(kills, k=3)) for seed in range(60)]
    results = {pair: trial(tmp_path / str(number), pair) for number, pair in enumerate(pairs)}
    assert {pair: wrong for pair, wrong in results.items() if wrong} == {}


OTHER = tuple((step, {path: f"{text}# again\n" for path, text in files.items()}, gone) for step, files, gone in STEPS)
PUBLISHING = ("intent.renamed", "publish.rename", "publish.file", "published.rename")


def resumed_with_other_answers(root: Path, point: str, count: int, sabotage: Sabotage | None = None) -> list[str]:
    """Only the first commits may differ in number: the old answers of finished steps were committed, too."""
    found = []
    for k in sorted({1, 2, count // 2, count - 1, count} - {0}):
        wrong = trial(root / f"{point}-{k}", (f"{point}:{k}",), mine={}, after=OTHER, sabotage=sabotage)
        found += [problem for problem in wrong if not problem.startswith("the commits are")]
    return found


@pytest.mark.parametrize("point", PUBLISHING)
def test_what_a_killed_publication_wrote_is_not_taken_for_the_users(
    tmp_path: Path, passed: dict[str, int], point: str
) -> None:
    assert resumed_with_other_answers(tmp_path, point, passed[point]) == []


def without_intent() -> None:
    """Seeded bug: what is about to be written is not recorded before."""
    write = Folder._write

    def faulty(self: Folder, record: object, name: str) -> None:
        if name != "intent":
            write(self, record, name)  # type: ignore[arg-type]

    Folder._write = faulty  # type: ignore[method-assign,assignment]


def without_rename() -> None:
    """Seeded bug: files are written in place."""

    def faulty(self: Folder, temporary: Path, path: str, was: object) -> bool:
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            data = temporary.read_bytes()
            for half in (data[: len(data) // 2], data[len(data) // 2 :]):
                file.write(half)
                file.flush()
                crashpoints.point("publish.rename")
        temporary.unlink()
        return True

    Folder._move = faulty  # type: ignore[method-assign,assignment]


def without_memory() -> None:
    """Seeded bug: a commit is made again, whatever there is."""
    History._commits = lambda self: iter(())  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("sabotage", "point"),
    [(without_intent, "publish.file"), (without_rename, "publish.rename"), (without_memory, "publish.file")],
)
def test_these_tests_find_seeded_bugs(tmp_path: Path, passed: dict[str, int], sabotage: Sabotage, point: str) -> None:
    wrong = resumed_with_other_answers(tmp_path, point, passed[point], sabotage)
    wrong += trial(tmp_path / "same", (f"{point}:{passed[point]}",), mine={}, sabotage=sabotage)
    assert wrong


def test_the_environment_names_the_point(tmp_path: Path) -> None:
    lines = [
        "from gencode_graph.crashpoints import point",
        "for _ in 'abc':",
        "    point('here')",
        "    print(1, flush=True)",
    ]
    environment = {**os.environ, crashpoints.VARIABLE: "here:2"}
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "1\n")


def test_a_point_only_counts_otherwise() -> None:
    before = Counter(crashpoints.hits)
    crashpoints.point("test.nothing")
    assert crashpoints.hits - before == Counter({"test.nothing": 1})
