"""The command line as a user meets it: in a process of its own, with good input and with bad."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gencode_graph.nodes import STEPS
from gencode_graph.report import Report

pytestmark = pytest.mark.slow

GENCODE = (sys.executable, "-m", "gencode_graph.cli")
REQUEST = "A gym with members and trainers"
STARTED = re.compile(r"\] (\w+): started by")


def gencode(*arguments: str, cwd: Path, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    ran = subprocess.run(
        [*GENCODE, *arguments],
        cwd=cwd,
        env=os.environ | env,
        input=stdin,
        capture_output=True,
        timeout=600,
        check=False,
    )
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


@contextmanager
def running(*arguments: str, cwd: Path, **env: str) -> Iterator[subprocess.Popen[str]]:
    """The command at work, its lines on stderr; ended with the block."""
    process = subprocess.Popen(
        [*GENCODE, *arguments], cwd=cwd, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stderr is not None
    return iter(process.stderr.readline, "")


def ctrl_c(process: subprocess.Popen[str]) -> None:
    """What a terminal does: the signal goes to all that runs in its foreground."""
    os.killpg(process.pid, signal.SIGINT)


def refused(ran: subprocess.CompletedProcess[str], status: int, message: str) -> None:
    """One clear message, the right status, and nothing else."""
    assert ran.returncode == status, ran.stderr
    assert re.search(message, ran.stderr), ran.stderr
    assert ran.stderr.count("Error") == 1
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def nothing_was_made(folder: Path) -> None:
    """No app, and no record of a run."""
    assert sorted(p.name for p in folder.iterdir() if p.name != "gencode-home") == []
    listed = gencode("runs", "--json", cwd=folder)
    assert json.loads(listed.stdout) == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"a gym with members " * 5300, "shorten it to 20,000"),
        (b"a gym\x00 with members", "control|not text"),
        (b"a gym\x1b[31m with members", "control|not text"),
        (b"caf\xe9", "UTF-8"),
    ],
    ids=["empty", "blank", "100 kB", "null", "escape", "not UTF-8"],
)
def test_a_request_that_cannot_be_used(request_: bytes, message: str, tmp_path: Path) -> None:
    refused(gencode("new", "-", cwd=tmp_path, stdin=request_), 2, message)
    nothing_was_made(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", REQUEST, "--archetype", "game"), "--archetype 'game' .*known: .*saas_app"),
        (("new", REQUEST, "--vibe", "neon"), "--vibe 'neon' .*known: .*pastel"),
        (("new", REQUEST, "--report", "nowhere/report.json"), "no folder .*nowhere"),
        (("new", REQUEST, "--report", "."), "is a folder; name a file"),
        (("show", "20200101-000000"), "gencode new"),
        (("resume", "20200101-000000"), "gencode new"),
        (("resume",), "gencode new|every run has ended"),
        (("diff", "20200101-000000"), "gencode new"),
        (("preview", "20200101-000000"), "gencode new"),
    ],
    ids=str,
)
def test_a_command_that_cannot_be_followed(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    refused(gencode(*arguments, cwd=tmp_path), 2, message)
    nothing_was_made(tmp_path)


@pytest.mark.parametrize("arguments", [("new",), ("nothing",), ("new", "--nothing"), ("preview", "--minutes", "0")])
def test_a_wrong_call_shows_how_to_call_it(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = gencode(*arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert "Usage: " in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.node
@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a-file", "a file; choose a folder"),
        ("a-file/app", "a-file"),
        ("full", "not empty"),
        ("/proc/app", "cannot be .*--workspace"),
        ("loop", "loop"),
    ],
)
def test_a_workspace_that_cannot_be_used(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refused(gencode("new", REQUEST, "--workspace", name, cwd=tmp_path), 2, message)
    assert (tmp_path / "a-file").read_text() == "mine"
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["thesis.txt"]
    assert json.loads(gencode("runs", "--json", cwd=tmp_path).stdout) == []


def tools(folder: Path, *, without: str) -> str:
    """A path with everything that is on ours, but for some programs."""
    folder.mkdir()
    for place in os.get_exec_path():
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / program.name
            if not re.fullmatch(without, program.name) and not link.exists():
                link.symlink_to(program)
    return str(folder)


@pytest.mark.node
@pytest.mark.browser
@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("node|nodejs", "node is missing .*20"),
        ("npm", "npm is missing"),
        (".*chrom.*", "chromium is missing .*apt-get"),
    ],
)
def test_a_program_that_is_missing_is_named_with_how_to_get_it(without: str, message: str, tmp_path: Path) -> None:
    path = tools(tmp_path / "gencode-home", without=without)
    refused(gencode("new", REQUEST, cwd=tmp_path, PATH=path), 3, message)
    nothing_was_made(tmp_path)
    ran = gencode("doctor", cwd=tmp_path, PATH=path)
    assert ran.returncode == 3
    assert re.search("✗ (node|npm|chromium) +missing", ran.stdout)


def test_a_browser_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    refused(gencode("new", REQUEST, cwd=tmp_path, GENCODE_BROWSER="/nowhere/chrome"), 3, "GENCODE_BROWSER")
    nothing_was_made(tmp_path)


def test_a_bad_variable_is_named(tmp_path: Path) -> None:
    refused(gencode("new", REQUEST, cwd=tmp_path, GENCODE_JOBS="many"), 2, "GENCODE_JOBS 'many'")


def test_help_is_quick_and_teaches(tmp_path: Path) -> None:
    def timed() -> float:
        began = time.monotonic()
        ran = gencode("--help", cwd=tmp_path)
        took = time.monotonic() - began
        assert 'gencode new "A bug tracker with issues"' in ran.stdout
        assert all(
            name in ran.stdout for name in ("new", "resume", "runs", "show", "diff", "preview", "graph", "doctor")
        )
        return took

    assert min(timed() for _ in range(4)) < 0.5


@pytest.mark.parametrize("command", ["new", "resume", "show", "diff", "preview"])
def test_the_help_of_a_command_has_an_example(command: str, tmp_path: Path) -> None:
    assert f"gencode {command}" in gencode(command, "--help", cwd=tmp_path).stdout.split("Usage:")[1][20:]


def test_mermaid_has_every_step(tmp_path: Path) -> None:
    drawn = gencode("graph", "--mermaid", cwd=tmp_path).stdout
    assert [name for name in STEPS if name not in drawn] == []


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A run that went to its end, and where."""

    folder: Path
    env: Mapping[str, str]
    ran: subprocess.CompletedProcess[str]

    def gencode(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return gencode(*arguments, cwd=self.folder, **self.env)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("finished")
    env = {"GENCODE_HOME": str(folder / "home")}
    return Finished(folder=folder, env=env, ran=gencode("new", REQUEST, "--report", "report.json", cwd=folder, **env))


pipeline = [pytest.mark.slow, pytest.mark.node, pytest.mark.browser]


def marked(test: Any) -> Any:
    """A test that runs the whole pipeline."""
    for mark in pipeline:
        test = mark(test)
    return test


@marked
def test_new_makes_an_app_in_a_folder_named_after_it(finished: Finished) -> None:
    assert finished.ran.returncode == 0, finished.ran.stderr
    workspace = finished.folder / "gym-members-trainers"
    workspace = workspace if workspace.exists() else finished.folder / "gym"
    report = Report.model_validate_json((finished.folder / "report.json").read_bytes())
    assert (report.status, report.workspace) == ("delivered", str(workspace))
    assert report.request == REQUEST
    assert len(report.checks.screenshots) >= 4
    assert all((workspace / picture).is_file() for picture in report.checks.screenshots)
    for name in STEPS:
        assert f"{name}: passed" in finished.ran.stderr
    assert f"gencode preview {report.run_id}" in finished.ran.stdout
    assert "\x1b" not in finished.ran.stdout + finished.ran.stderr


@marked
def test_runs_and_show_know_it(finished: Finished) -> None:
    (listed,) = json.loads(finished.gencode("runs", "--json").stdout)
    assert listed["status"] == "delivered"
    shown = finished.gencode("show", "--json")
    assert shown.stdout == (finished.folder / "report.json").read_text()
    assert "testing_backend" in finished.gencode("show", listed["run_id"]).stdout
    assert listed["run_id"] in finished.gencode("runs").stdout


@marked
def test_diff_shows_what_steps_changed(finished: Finished) -> None:
    run_id = json.loads(finished.gencode("runs", "--json").stdout)[0]["run_id"]
    assert "+++ b/docs/report.md" in finished.gencode("diff").stdout
    one = finished.gencode("diff", run_id, "contracts").stdout
    assert re.findall(r"^\+\+\+ b/(.*)$", one, re.MULTILINE) == ["docs/contracts.md", "openapi.json"]
    more = finished.gencode("diff", run_id, "analysis", "preview_final").stdout
    assert "+++ b/backend/app/main.py" in more
    assert "+++ b/appspec.json" not in more
    unknown = finished.gencode("diff", run_id, "nothing")
    refused(unknown, 2, "its steps: analysis, ")


@marked
def test_preview_serves_the_app_and_keeps_what_is_written(finished: Finished) -> None:
    with running("preview", cwd=finished.folder, **finished.env) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), process.stderr.read() if process.stderr else ""
        with urllib.request.urlopen(url) as page:
            assert b'<div id="root"' in page.read()
        assert json.loads(finished.gencode("show", "--json").stdout)["preview"]["url"] == url
        assert f"{url}   (served until " in finished.gencode("show").stdout
        ctrl_c(process)
        assert process.wait(20) == 0
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=2)


@marked
def test_preview_ends_when_its_time_is_over(finished: Finished) -> None:
    ran = finished.gencode("preview", "--minutes", "0.05")
    assert ran.returncode == 0
    assert "The time is over." in ran.stderr


@marked
def test_resume_of_a_run_that_ended_runs_nothing_again(finished: Finished) -> None:
    run_id = json.loads(finished.gencode("runs", "--json").stdout)[0]["run_id"]
    again = finished.gencode("resume", run_id, "--json")
    assert again.returncode == 0
    assert "started" not in again.stderr
    before = json.loads((finished.folder / "report.json").read_text())
    assert json.loads(again.stdout) == before
    refused(finished.gencode("resume"), 2, "every run has ended")


@marked
def test_ctrl_c_in_every_step_loses_nothing(tmp_path: Path) -> None:
    interrupted: list[str] = []
    arguments: tuple[str, ...] = ("new", REQUEST, "--workspace", "app", "--report", "report.json")
    for _ in range(len(STEPS) + 1):
        with running(*arguments, cwd=tmp_path) as process:
            for line in lines(process):
                step = STARTED.search(line)
                if step and step[1] not in interrupted:
                    interrupted.append(step[1])
                    ctrl_c(process)
                    break
            rest = "".join(lines(process))
            status = process.wait(60)
        assert "Traceback" not in rest
        report = Report.model_validate_json((tmp_path / "report.json").read_bytes())
        if status != 130:
            break
        assert report.status == "interrupted"
        assert f"gencode resume {report.run_id}" in rest
        arguments = ("resume", "--report", "report.json")
    assert sorted(interrupted) == sorted(STEPS)
    assert (status, report.status) == (0, "delivered")
    assert [s.status for s in report.steps] == ["passed"] * 12
    log = subprocess.run(
        ["git", "log", "--format=%s"], cwd=tmp_path / "app", capture_output=True, text=True, check=True
    )
    assert len(log.stdout.split()) == len(set(log.stdout.split()))


@marked
def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    with running("new", REQUEST, "--workspace", "app", cwd=tmp_path) as process:
        next(line for line in lines(process) if "frontend_mock: started" in line)
        ctrl_c(process)
        time.sleep(0.02)
        ctrl_c(process)
        began = time.monotonic()
        assert process.wait(10) == 130
        assert time.monotonic() - began < 2
    assert json.loads(gencode("runs", "--json", cwd=tmp_path).stdout)[0]["status"] in ("stopped", "interrupted")


@marked
def test_a_second_run_is_kept_out_of_a_workspace_in_use(tmp_path: Path) -> None:
    with running("new", REQUEST, "--workspace", "app", cwd=tmp_path) as process:
        next(line for line in lines(process) if "analysis: started" in line)
        refused(gencode("new", REQUEST, "--workspace", "app", "--quiet", cwd=tmp_path), 2, "in use by run")
        run_id = json.loads(gencode("runs", "--json", cwd=tmp_path).stdout)[0]["run_id"]
        refused(gencode("resume", run_id, "--quiet", cwd=tmp_path), 2, "in use by run")
        ctrl_c(process)
        assert process.wait(60) == 130
    assert len(json.loads(gencode("runs", "--json", cwd=tmp_path).stdout)) == 1


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of that size, mounted at the folder."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "gencode-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@marked
def test_a_full_disk_stops_the_run_and_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 2):
        (disk / "mine.bin").write_bytes(b"x" * 1_500_000)
        ran = gencode("new", REQUEST, "--workspace", "disk/app", "--report", "report.json", cwd=tmp_path)
        assert ran.returncode == 4, ran.stderr
        assert re.search("(?i)free|space", ran.stderr), ran.stderr
        assert "gencode resume" in ran.stderr
        assert "Traceback" not in ran.stderr
        assert len((disk / "mine.bin").read_bytes()) == 1_500_000
        (disk / "mine.bin").unlink()
        subprocess.run(["mount", "-o", "remount,size=4g", str(disk)], check=True)
        again = gencode("resume", "--json", cwd=tmp_path)
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["status"] == "delivered"


def test_the_installed_command_is_the_same(tmp_path: Path) -> None:
    script = shutil.which("gencode", path=str(Path(sys.executable).parent))
    if script is None:
        pytest.skip("the package is not installed, only on the path")
    ran = subprocess.run([script, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", ran.stdout)
