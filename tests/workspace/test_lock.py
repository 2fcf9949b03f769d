"""One writer for each workspace."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gencode_graph.errors import WorkspaceError
from gencode_graph.workspace import Workspace
from gencode_graph.workspace.lock import held

pytestmark = pytest.mark.slow

HOLDER = """
import sys, time
from pathlib import Path
from gencode_graph.workspace.lock import held
with held(Path(sys.argv[1]), run_id="20261121-0a3f9c"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(root: Path, workspace: Workspace) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLDER, str(root / ".gencode" / "lock")]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert started.stdout
    assert started.stdout.readline() == "held\n"
    started.stdout.close()
    return started


def test_keeps_a_second_process_out_and_names_the_first(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    expected = rf"in use by run 20261121-0a3f9c \(process {holder.pid}, since .*\); wait .* or choose another folder"
    with pytest.raises(WorkspaceError, match=expected), workspace.lock(run_id="other"):
        pytest.fail("the lock was given twice")
    holder.kill()
    holder.wait()


@pytest.mark.parametrize("ended", [signal.SIGKILL, signal.SIGTERM])
def test_ends_with_its_process(workspace: Workspace, holder: "subprocess.Popen[str]", ended: signal.Signals) -> None:
    holder.send_signal(ended)
    holder.wait()
    with workspace.lock(run_id="next"):
        pass


def test_keeps_a_second_task_of_the_same_process_out(workspace: Workspace, root: Path) -> None:
    with workspace.lock(run_id="first"):
        with pytest.raises(WorkspaceError, match=f"run first .process {os.getpid()}"), workspace.lock():
            pytest.fail("the lock was given twice")
        other = Workspace.open(root, create=False)
        with pytest.raises(WorkspaceError, match="in use"), other.lock():
            pytest.fail("the lock was given twice")
    with workspace.lock(run_id="second"):
        pass


def test_does_not_outlive_an_error(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), workspace.lock():
        raise ZeroDivisionError
    with workspace.lock():
        pass


def test_can_be_read_while_it_is_held(workspace: Workspace, root: Path) -> None:
    tree = workspace.write({"a": "1"}, origin="builtin")
    with workspace.lock():
        assert Workspace.open(root, create=False).read(tree) == {"a": b"1"}


def test_a_program_started_inside_does_not_inherit_it(workspace: Workspace) -> None:
    with workspace.lock():
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False)
    with workspace.lock():
        child.kill()
    child.wait()


def test_waits_for_a_program_that_only_tidies_up(root: Path, workspace: Workspace) -> None:
    path = root / ".gencode" / "lock"
    code = f"import time\nfrom pathlib import Path\nfrom gencode_graph.workspace.lock import held\n" \
        f"with held(Path({str(path)!r})):\n    print(1, flush=True)\n    time.sleep(0.2)\n"  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as tidier:
        assert tidier.stdout
        tidier.stdout.readline()
        started = time.monotonic()
        with held(path):
            assert time.monotonic() - started < 1


def test_a_lock_file_that_is_a_link_is_not_followed(root: Path, workspace: Workspace, tmp_path: Path) -> None:
    (root / ".gencode" / "lock").unlink()
    (root / ".gencode" / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="cannot write"), workspace.lock():
        pytest.fail("the link was followed")
    assert not (tmp_path / "victim").exists()
