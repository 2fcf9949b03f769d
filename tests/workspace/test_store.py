"""The workspace as its users see it: open, write, merge, commit, restore, lock."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gencode_graph.errors import PathError, WorkspaceError
from gencode_graph.workspace import EMPTY, Limits, Workspace

GIT = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*"]


def git(root: Path, *arguments: str) -> str:
    """What git itself says about the repository."""
    done = subprocess.run([*GIT, "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(workspace: Workspace, step: str, files: dict[str, str], *removed: str, attempt: int = 1) -> str:
    tree = workspace.write(files, origin="builtin")
    return workspace.commit(
        tree, step=step, producer="blueprint", attempt=attempt, run_id="r1", subject=f"Do {step}", removed=removed
    )


def test_gives_back_what_was_written(workspace: Workspace) -> None:
    files = {"README.md": "hi\n", "web/logo.png": b"\x89PNG\r\n\x1a\n\0", "web/a b/ä.txt": "ü", "empty": ""}
    tree = workspace.write(files, origin="builtin")
    assert workspace.read(tree) == {p: c.encode() if isinstance(c, str) else c for p, c in files.items()}
    assert list(workspace.paths(tree)) == sorted(files)
    assert workspace.write(files, origin="model") == tree


def test_reads_a_folder_or_a_file(workspace: Workspace) -> None:
    tree = workspace.write({"web/a": "1", "web/b/c": "2", "website": "3", "z": "4"}, origin="builtin")
    assert workspace.read(tree, "web") == workspace.read(tree, "web/") == {"web/a": b"1", "web/b/c": b"2"}
    assert workspace.read(tree, "web/a") == {"web/a": b"1"}
    assert workspace.read(tree, "none") == {}


def test_the_empty_tree_is_always_there(workspace: Workspace) -> None:
    assert workspace.write({}, origin="builtin") == EMPTY
    assert workspace.paths(EMPTY) == workspace.read(EMPTY) == {}
    assert workspace.merge(None) == workspace.merge(EMPTY, (EMPTY, ())) == EMPTY
    assert workspace.publish(EMPTY) == ()


@pytest.mark.parametrize(
    "files",
    [{"../x": ""}, {".git/config": ""}, {"a": "", "A": ""}, {"a": "\u202e"}, {"a.png": "no"}, {"a": "x" * 2_000_000}],
)
def test_refuses_hostile_files_and_stores_none_of_them(workspace: Workspace, root: Path, files: dict[str, str]) -> None:
    with pytest.raises(PathError):
        workspace.write({"fine.py": "ok", **files}, origin="model")
    assert not list((root / ".git" / "objects" / "pack").iterdir())


def test_limits_are_given_to_a_workspace(root: Path) -> None:
    Workspace.open(root, create=True)
    with pytest.raises(PathError, match="at most 1 files"):
        Workspace(root, limits=Limits(files=1)).write({"a": "", "b": ""}, origin="model")


def test_later_layers_win_and_removed_paths_go(workspace: Workspace) -> None:
    base = workspace.write({"a": "1", "b/c": "1", "b/d": "1"}, origin="builtin")
    one = workspace.write({"a": "2", "e": "2"}, origin="builtin")
    two = workspace.write({"e": "3"}, origin="builtin")
    merged = workspace.merge(base, (one, ["b/c"]), (two, []))
    assert workspace.read(merged) == {"a": b"2", "b/d": b"1", "e": b"3"}
    assert workspace.merge(base, (one, ["b/c"]), (two, [])) == merged
    assert workspace.read(base)["a"] == b"1"


def test_layers_that_cannot_stand_beside_each_other_are_refused(workspace: Workspace) -> None:
    one, two = workspace.write({"a": "1"}, origin="builtin"), workspace.write({"a/b": "1"}, origin="builtin")
    with pytest.raises(PathError, match="file-and-folder"):
        workspace.merge(one, (two, []))
    assert workspace.read(workspace.merge(one, (two, ["a"]))) == {"a/b": b"1"}


PATHS = st.sampled_from(["a", "b", "c/d", "c/e", "f/g/h", "f/i"])
LAYERS = st.lists(st.tuples(st.dictionaries(PATHS, st.text("xy", max_size=2)), st.sets(PATHS)), max_size=5)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path_factory.mktemp("shared"), create=True)
    yield made
    made.close()


@given(LAYERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_a_merge_is_the_union_of_dictionaries(shared: Workspace, layers: list[tuple[dict[str, str], set[str]]]) -> None:
    expected: dict[str, bytes] = {}
    for files, removed in layers:
        expected = {path: data for path, data in expected.items() if path not in removed}
        expected |= {path: data.encode() for path, data in files.items()}
    stored = [(shared.write(files, origin="builtin"), sorted(removed)) for files, removed in layers]
    assert shared.read(shared.merge(None, *stored)) == expected
    one_by_one = EMPTY
    for layer in stored:
        one_by_one = shared.merge(one_by_one, layer)
    assert one_by_one == shared.merge(None, *stored)


def test_a_merged_tree_outlives_the_process(workspace: Workspace, root: Path) -> None:
    one, two = (workspace.write({name: name}, origin="builtin") for name in "ab")
    merged = workspace.merge(one, (two, []))
    assert Workspace.open(root, create=False).read(merged) == {"a": b"a", "b": b"b"}


def test_a_commit_for_each_step_on_main(workspace: Workspace, root: Path) -> None:
    first = commit(workspace, "analysis", {"docs/analysis.md": "x"})
    second = commit(workspace, "frontend_mock", {"web/a": "1", "web/b": "1"})
    third = commit(workspace, "frontend_integration", {"web/a": "2"}, "web/b")
    assert workspace.head == third
    assert [entry.id for entry in workspace.log()] == [third, second, first]
    newest = workspace.log()[0]
    assert (newest.run_id, newest.step, newest.producer, newest.attempt) == (
        "r1",
        "frontend_integration",
        "blueprint",
        1,
    )
    assert newest.subject == "Do frontend_integration"
    assert workspace.read(newest.tree) == {"docs/analysis.md": b"x", "web/a": b"2"}
    assert git(root, "log", "--format=%an %(trailers:key=Gencode-Step,valueonly,separator=)").splitlines()[0] == (
        "gencode-graph frontend_integration"
    )
    assert git(root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    git(root, "fsck", "--full", "--strict")


def test_the_same_commit_again_is_the_same_commit(workspace: Workspace, root: Path) -> None:
    first = commit(workspace, "analysis", {"a": "1"})
    commit(workspace, "architecture", {"b": "1"})
    assert commit(workspace, "analysis", {"a": "1"}) == first
    again = Workspace.open(root, create=False)
    assert commit(again, "analysis", {"a": "1"}) == first
    assert len(again.log()) == 2
    assert commit(again, "analysis", {"a": "1"}, attempt=2) != first
    assert commit(again, "analysis", {"a": "2"}, attempt=2) != first
    assert len(again.log()) == 4


def test_a_subject_cannot_forge_trailers(workspace: Workspace) -> None:
    tree = workspace.write({"a": "1"}, origin="model")
    workspace.commit(
        tree, step="s", producer="p", attempt=1, run_id="r", subject="Do it\n\nGencode-Step: other\n\x1b[2J\u202e"
    )
    (entry,) = workspace.log()
    assert (entry.step, entry.subject) == ("s", "Do it Gencode-Step: other [2J")


def test_parallel_branches_interleave(workspace: Workspace, root: Path) -> None:
    other = Workspace.open(root, create=False)
    places = {f"s{i}": workspace if i % 2 else other for i in range(24)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda step: commit(places[step], step, {f"{step}/f": step}), places))
    assert workspace.read(workspace.head) == {f"{step}/f": step.encode() for step in places}
    assert sorted(str(entry.step) for entry in workspace.log()) == sorted(places)
    git(root, "fsck", "--full", "--strict")


def test_a_commit_of_the_user_in_between_is_kept(workspace: Workspace, root: Path) -> None:
    commit(workspace, "one", {"a": "1"})
    workspace.publish(workspace.head)
    (root / "mine.sh").write_text("mine")
    (root / "mine.sh").chmod(0o755)
    (root / ".npmrc").write_text("mine")
    (root / "A").write_text("mine")
    (root / "link").symlink_to("a")
    git(root, "add", "-A")
    git(root, "-c", "user.name=me", "-c", "user.email=me@x", "commit", "-q", "-m", "Mine")
    commit(workspace, "two", {"b": "1"})
    assert [entry.step for entry in workspace.log()] == ["two", None, "one"]
    assert git(root, "diff", "--name-status", "HEAD~1", "HEAD") == "A\tb\n"
    assert workspace.publish(workspace.head) == ()
    assert (root / "link").is_symlink()


@pytest.mark.parametrize(
    ("before", "after"),
    [({"a": "1"}, {"a/b": "2"}), ({"a/b/c": "1", "a/b/d": "1"}, {"a/b": "2"}), ({"a/b": "1"}, {"a": "2"})],
)
def test_a_committed_layer_takes_the_place_of_what_is_in_its_way(
    workspace: Workspace, before: dict[str, str], after: dict[str, str]
) -> None:
    commit(workspace, "one", {**before, "other": "1"})
    commit(workspace, "two", after)
    assert workspace.read(workspace.head) == {"other": b"1", **{path: text.encode() for path, text in after.items()}}


def test_diff_shows_what_changed(workspace: Workspace) -> None:
    one = commit(workspace, "one", {"a.txt": "x\ny\n", "gone": "1\n"})
    two = commit(workspace, "two", {"a.txt": "x\nz\n", "new": "n"}, "gone")
    text = workspace.diff(one, two)
    assert "-y\n+z\n" in text
    assert "--- a/gone\n+++ /dev/null\n" in text.replace("deleted file mode 100644\n", "")
    assert "+n\n\\ No newline at end of file" in text
    assert workspace.diff(one, one) == workspace.diff(one, workspace.log()[1].tree) == ""


def test_restore_shows_an_older_commit_and_keeps_the_history(workspace: Workspace, root: Path) -> None:
    first = commit(workspace, "one", {"a": "1", "b": "1"})
    workspace.publish(workspace.head)
    commit(workspace, "two", {"a": "2", "c": "2"})
    workspace.publish(workspace.head)
    (root / "mine").write_text("mine")
    assert workspace.restore(first) == ()
    assert {p.name: p.read_text() for p in root.iterdir() if p.is_file()} == {"a": "1", "b": "1", "mine": "mine"}
    assert workspace.read(workspace.head) == {"a": b"1", "b": b"1"}
    assert workspace.log()[0].subject == f"Restore {first[:12]}"
    assert workspace.restore(first) == ()
    assert len(workspace.log()) == 3


def test_the_start_of_a_commit_id_will_do(workspace: Workspace) -> None:
    first = commit(workspace, "one", {"a": "1"})
    commit(workspace, "two", {"a": "2"})
    assert workspace.read(first[:7]) == {"a": b"1"}


@pytest.mark.parametrize("name", ["nonsense", "0" * 40, "", "HEAD", "../../x", "abcd", "\ud800"])
def test_an_unknown_tree_or_commit_is_an_error(workspace: Workspace, name: str) -> None:
    with pytest.raises(WorkspaceError, match="neither a commit nor a tree"):
        workspace.read(name)


def test_opens_an_empty_or_missing_folder_and_its_own(root: Path) -> None:
    root.mkdir()
    Workspace.open(root, create=True)
    assert Workspace.open(root, create=False).root == root
    assert Workspace.open(root / "a" / "b", create=True).log() == ()


@pytest.mark.parametrize("own", [".gencode", ".git"])
def test_refuses_links_in_the_place_of_its_own_folders(root: Path, tmp_path: Path, own: str) -> None:
    Workspace.open(root, create=True)
    (root / own).rename(tmp_path / "moved")
    (root / own).symlink_to(tmp_path / "moved")
    with pytest.raises(WorkspaceError, match="not a real folder"):
        Workspace.open(root, create=True)


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="is a file; choose a folder"):
        Workspace.open(tmp_path / "file", create=True)
    with pytest.raises(WorkspaceError, match="choose"):
        Workspace.open(tmp_path / "file" / "below", create=True)


def test_somebody_elses_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(WorkspaceError, match="not empty and not a workspace; choose an empty or new folder"):
        Workspace.open(tmp_path, create=True)
    with pytest.raises(WorkspaceError, match="is not a workspace"):
        Workspace.open(tmp_path, create=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_lost_repository_is_an_error(root: Path) -> None:
    Workspace.open(root, create=True)
    (root / ".git").rename(root / "moved")
    with pytest.raises(WorkspaceError, match=r"lost its \.git"):
        Workspace.open(root, create=False)
