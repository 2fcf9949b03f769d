"""What the folder shows, and what of it belongs to the user."""

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from dulwich.objects import Blob, Tree
from hypothesis import given, settings
from hypothesis import strategies as st

from gencode_graph.errors import PathError, StorageError
from gencode_graph.types import Finding
from gencode_graph.workspace import EMPTY, Workspace

FIRST = {"README.md": "one\n", "app/main.py": "print(1)\n", "app/old.py": "old\n", "web/src/page.tsx": "<a/>\n"}
SECOND = {"README.md": "two\n", "app/main.py": "print(2)\n", "web/src/page.tsx": "<a/>\n", "web/new.ts": "new\n"}


def shown(root: Path) -> dict[str, str]:
    """The user's view: every file but ours and git's."""
    files = (file for file in root.rglob("*") if file.is_file() and file.relative_to(root).parts[0][:2] != ".g")
    return {file.relative_to(root).as_posix(): file.read_text() for file in files}


@pytest.fixture
def publish(workspace: Workspace) -> Callable[[dict[str, str]], tuple[Finding, ...]]:
    """Publishes just these files."""
    return lambda files: workspace.publish(workspace.write(files, origin="builtin"))


Publish = Callable[[dict[str, str]], tuple[Finding, ...]]


def test_shows_a_tree(root: Path, publish: Publish) -> None:
    assert publish(FIRST) == ()
    assert shown(root) == FIRST


def test_follows_the_tree_and_leaves_no_empty_folder(root: Path, publish: Publish) -> None:
    publish(FIRST)
    assert publish(SECOND) == ()
    assert shown(root) == SECOND
    assert publish({"README.md": "two\n"}) == ()
    assert sorted(path.name for path in root.iterdir()) == [".gencode", ".git", "README.md"]


def test_the_same_again_writes_nothing(root: Path, publish: Publish) -> None:
    publish(FIRST)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert publish(FIRST) == ()
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.parametrize(
    ("change", "path", "left"),
    [
        pytest.param(lambda root: (root / "README.md").write_text("mine"), "README.md", "mine", id="changed"),
        pytest.param(
            lambda root: (root / "app/old.py").write_text("mine"), "app/old.py", "mine", id="changed, removed"
        ),
        pytest.param(lambda root: (root / "web/new.ts").write_text("mine"), "web/new.ts", "mine", id="added"),
        pytest.param(lambda root: (root / "app/main.py").write_text(""), "app/main.py", "", id="emptied"),
    ],
)
def test_keeps_and_reports_what_the_user_did(
    root: Path, publish: Publish, change: Callable[[Path], object], path: str, left: str
) -> None:
    publish(FIRST)
    change(root)
    for _ in range(2):
        (found,) = publish(SECOND)
        assert (found.rule, found.path, found.severity) == ("workspace/user-change", path, "warning")
    assert shown(root) == {**SECOND, path: left}


def test_takes_a_file_back_that_the_user_restored(root: Path, publish: Publish) -> None:
    publish(FIRST)
    (root / "README.md").write_text("mine")
    publish(SECOND)
    (root / "README.md").write_text("one\n")
    assert publish(SECOND) == ()
    assert shown(root) == SECOND


def test_takes_a_file_over_that_the_user_made_the_same(root: Path, publish: Publish) -> None:
    (root / "README.md").write_text("one\n")
    assert publish(FIRST) == ()
    assert publish(SECOND) == ()
    assert shown(root) == SECOND


def test_writes_a_deleted_file_again_and_says_so(root: Path, publish: Publish) -> None:
    publish(FIRST)
    (root / "README.md").unlink()
    (found,) = publish(FIRST)
    assert (found.path, found.severity) == ("README.md", "note")
    assert shown(root) == FIRST


def test_does_not_mind_that_a_superfluous_file_was_deleted(root: Path, publish: Publish) -> None:
    publish(FIRST)
    (root / "app/old.py").unlink()
    assert publish(SECOND) == ()
    assert shown(root) == SECOND


def test_leaves_other_files_of_the_user_alone(root: Path, publish: Publish) -> None:
    publish(FIRST)
    (root / "app" / "notes.txt").write_text("mine")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "x.js").write_text("x")
    assert publish({}) == ()
    assert shown(root) == {"app/notes.txt": "mine", "node_modules/x.js": "x"}


@pytest.mark.parametrize(
    ("before", "after"),
    [({"a": "file"}, {"a/b": "folder"}), ({"a/b/c": "folder"}, {"a": "file"}), ({"A": "x"}, {"a/B": "y"})],
)
def test_a_file_and_a_folder_can_change_places(
    root: Path, publish: Publish, before: dict[str, str], after: dict[str, str]
) -> None:
    publish(before)
    assert publish(after) == ()
    assert shown(root) == after


def test_a_users_folder_where_a_file_is_wanted_stays(root: Path, publish: Publish) -> None:
    (root / "README.md").mkdir()
    (root / "README.md" / "mine").write_text("x")
    (found,) = publish(FIRST)
    assert found.path == "README.md"
    assert (root / "README.md" / "mine").read_text() == "x"


@pytest.mark.parametrize("link", ["app", "web", "web/src"])
def test_never_writes_or_removes_through_a_linked_folder(
    root: Path, tmp_path: Path, publish: Publish, link: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    publish(FIRST)
    place = root / link
    place.rename(outside / "moved")
    place.symlink_to(outside / "moved")
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    changed = {"README.md": "three\n", "app/main.py": "evil\n", "web/src/page.tsx": "evil\n", "web/src/more": "evil\n"}
    assert {found.path for found in publish(changed)} >= {path for path in changed if path.startswith(f"{link}/")}
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before
    assert (root / "README.md").read_text() == "three\n"


@pytest.mark.parametrize("kind", ["link", "dangling", "fifo"])
def test_never_writes_through_what_is_not_a_file(root: Path, tmp_path: Path, publish: Publish, kind: str) -> None:
    publish(FIRST)
    victim = tmp_path / "victim"
    if kind != "dangling":
        victim.write_text("one\n")
    (root / "README.md").unlink()
    if kind == "fifo":
        os.mkfifo(root / "README.md")
    else:
        (root / "README.md").symlink_to(victim)
    (found,) = publish(SECOND)
    assert found.path == "README.md"
    assert victim.exists() == (kind != "dangling")
    assert kind == "dangling" or victim.read_text() == "one\n"


def test_a_hard_link_is_replaced_and_not_written_through(root: Path, tmp_path: Path, publish: Publish) -> None:
    publish(FIRST)
    os.link(root / "README.md", tmp_path / "elsewhere")
    assert publish(SECOND) == ()
    assert (tmp_path / "elsewhere").read_text() == "one\n"
    assert shown(root) == SECOND


def test_a_change_between_the_look_and_the_write_is_kept(
    root: Path, workspace: Workspace, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(FIRST)

    def edit(blob: str) -> bytes:
        (root / "README.md").write_text("mine, this very moment")
        (root / "web/new.ts").write_text("mine, too")
        return workspace._objects.data(blob)

    monkeypatch.setattr(workspace._folder, "_content", edit)
    assert {found.path for found in publish(SECOND)} == {"README.md", "web/new.ts"}
    assert shown(root) == {**SECOND, "README.md": "mine, this very moment", "web/new.ts": "mine, too"}
    assert not list((root / ".gencode" / "staging").iterdir())


@pytest.mark.parametrize("folder", ["..", ".", ".git", ".GIT", ".gencode"])
def test_a_crafted_tree_does_not_leave_the_folder(root: Path, workspace: Workspace, folder: str) -> None:
    inner, outer = Tree(), Tree()
    blob = Blob.from_string(b"evil")
    inner.add(b"victim", 0o100644, blob.id)
    outer.add(folder.encode(), 0o040000, inner.id)
    outer.add(b"fine", 0o100644, blob.id)
    workspace._objects.add([blob, inner, outer])
    assert workspace.publish(outer.id.decode()) == ()
    assert shown(root) == {"fine": "evil"}
    assert not list(root.parent.rglob("victim"))


def test_a_damaged_record_is_an_error_that_names_the_fix(root: Path, publish: Publish) -> None:
    publish(FIRST)
    (root / ".gencode" / "published.json").write_text('{"files": ')
    with pytest.raises(StorageError, match=r"published\.json is damaged .*; delete it"):
        publish(SECOND)
    (root / ".gencode" / "published.json").unlink()
    assert {found.path for found in publish(SECOND)} == {"README.md", "app/main.py"}
    assert shown(root)["README.md"] == "one\n"


def test_the_record_holds_what_is_ours_and_nothing_else(root: Path, workspace: Workspace, publish: Publish) -> None:
    publish(FIRST)
    (root / "README.md").write_text("mine")
    publish(SECOND)
    record = json.loads((root / ".gencode" / "published.json").read_text())
    assert record["target"] is None
    assert record["files"].keys() == SECOND.keys()
    assert workspace.publish(EMPTY)[0].path == "README.md"
    assert shown(root) == {"README.md": "mine"}


PLACES = st.sampled_from(["a", "a/b", "d"])
PUBLISHED = st.tuples(st.just("publish"), st.dictionaries(PLACES, st.sampled_from(["ours 1", "ours 2"]), max_size=2))
EDITED = st.tuples(st.just("edit"), st.tuples(PLACES, st.sampled_from(["mine 1", "mine 2"])))
DELETED = st.tuples(st.just("delete"), PLACES)


@given(st.lists(st.one_of(PUBLISHED, PUBLISHED, EDITED, DELETED), max_size=10))
@settings(max_examples=60, deadline=None)
def test_nothing_that_the_user_wrote_is_ever_lost(actions: list[tuple[str, Any]]) -> None:
    with TemporaryDirectory() as place:
        root = Path(place) / "app"
        workspace = Workspace.open(root, create=True)
        for action, value in actions:
            if action == "publish":
                try:
                    tree = workspace.write(value, origin="builtin")
                except PathError:
                    continue
                before = {path: text for path, text in shown(root).items() if text.startswith("mine")}
                reported = {found.path for found in workspace.publish(tree) if found.severity == "warning"}
                after = shown(root)
                assert before.items() <= after.items()
                assert {path for path, text in value.items() if after.get(path) != text} <= reported
                assert {path for path in after if path not in value and after[path].startswith("ours")} == set()
            else:
                path = root / (value if action == "delete" else value[0])
                with contextlib.suppress(OSError):
                    if action == "delete":
                        path.unlink()
                    else:
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_text(value[1])
        workspace.close()
