"""What git says and does in a workspace."""

import subprocess
from pathlib import Path

import pytest

from gencode_graph.workspace import Workspace

WHO = ["-c", "user.name=me", "-c", "user.email=me@example.org"]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *WHO, "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def step(workspace: Workspace, name: str, files: dict[str, str], *removed: str) -> None:
    tree = workspace.write(files, origin="builtin")
    workspace.commit(tree, step=name, producer="p", attempt=1, run_id="r", subject=name, removed=removed)
    workspace.publish(workspace.head)


@pytest.fixture
def made(workspace: Workspace) -> Workspace:
    step(workspace, "one", {"README.md": "1\n", "app/main.py": "1\n", "app/old.py": "1\n"})
    step(workspace, "two", {"app/main.py": "2\n", "web/a.ts": "2\n"}, "app/old.py")
    return workspace


def test_the_status_is_clean_after_every_step(made: Workspace, root: Path) -> None:
    assert git(root, "status", "--porcelain") == ""
    step(made, "three", {"app/main.py": "3\n", "b": "3\n"}, "web/a.ts")
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "stash", "list") == ""


def test_the_status_names_what_the_user_changed(made: Workspace, root: Path) -> None:
    (root / "README.md").write_text("mine\n")
    (root / "new.txt").write_text("mine\n")
    assert git(root, "status", "--porcelain") == " M README.md\n?? new.txt\n"


def test_a_commit_of_one_file_by_the_user_is_just_that(made: Workspace, root: Path) -> None:
    (root / "new.txt").write_text("mine\n")
    git(root, "add", "new.txt")
    git(root, "commit", "-q", "-m", "Mine")
    assert git(root, "show", "--stat", "--format=").count("|") == 1
    step(made, "three", {"app/main.py": "3\n"})
    assert git(root, "status", "--porcelain") == ""
    assert (root / "new.txt").read_text() == "mine\n"
    assert set(made.paths(made.head)) == {"README.md", "app/main.py", "web/a.ts", "new.txt"}


def test_what_the_user_staged_stays_staged(made: Workspace, root: Path) -> None:
    (root / "new.txt").write_text("mine\n")
    (root / "README.md").write_text("mine\n")
    git(root, "add", "-A")
    step(made, "three", {"app/main.py": "3\n", "README.md": "3\n"})
    assert git(root, "status", "--porcelain") == "M  README.md\nA  new.txt\n"
    assert git(root, "diff", "--cached", "--name-only").split() == ["README.md", "new.txt"]


def test_on_another_branch_the_index_is_left_alone(made: Workspace, root: Path) -> None:
    git(root, "checkout", "-q", "-b", "mine")
    before = (root / ".git" / "index").read_bytes()
    step(made, "three", {"b": "3\n"})
    assert (root / ".git" / "index").read_bytes() == before
    assert git(root, "symbolic-ref", "HEAD").strip() == "refs/heads/mine"


def test_while_git_works_the_index_waits(made: Workspace, root: Path) -> None:
    lock = root / ".git" / "index.lock"
    lock.write_text("")
    step(made, "three", {"b": "3\n"})
    with made.lock():
        assert lock.exists()
    lock.unlink()
    step(made, "four", {"c": "4\n"})
    assert git(root, "status", "--porcelain") == ""


def test_a_damaged_index_is_left_alone(made: Workspace, root: Path) -> None:
    (root / ".git" / "index").write_bytes(b"no index")
    step(made, "three", {"b": "3\n"})
    assert (root / ".git" / "index").read_bytes() == b"no index"


def test_a_lost_index_comes_back(made: Workspace, root: Path) -> None:
    (root / ".git" / "index").unlink()
    step(made, "three", {"b": "3\n"})
    assert git(root, "status", "--porcelain") == ""


def test_an_index_that_git_wrote_is_understood(made: Workspace, root: Path) -> None:
    for arguments in (["status"], ["update-index", "--index-version", "4"], ["update-index", "--force-write-index"]):
        git(root, *arguments)
        step(made, arguments[-1], {"b": f"{arguments}\n"})
        assert git(root, "status", "--porcelain") == ""
        assert git(root, "write-tree").strip() == made.log()[0].tree


def test_restore_is_clean_too(made: Workspace, root: Path) -> None:
    made.restore(made.log()[-1].id)
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "ls-files").split() == ["README.md", "app/main.py", "app/old.py"]


def test_git_may_tidy_up_between_two_runs(made: Workspace, root: Path) -> None:
    old = made.log()
    layer = made.write({"only/in": "a layer\n"}, origin="builtin")
    git(root, "gc", "-q")
    again = Workspace.open(root, create=False)
    assert again.log() == old
    assert again.read(layer) == {"only/in": b"a layer\n"}
    step(again, "three", {"app/main.py": "3\n"})
    git(root, "pack-refs", "--all")
    step(again, "four", {"app/main.py": "4\n"})
    assert [entry.step for entry in again.log()] == ["four", "three", "two", "one"]
    assert git(root, "status", "--porcelain") == ""
    git(root, "fsck", "--full", "--strict")
