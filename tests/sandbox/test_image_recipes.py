"""What identifies an image: its Dockerfile, what that copies, and its base. Nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gencode_graph.errors import SettingError
from gencode_graph.sandbox.image_recipes import RECIPES, in_order, names, recipe, reference

BASE = "sha256:1"
FILES = {
    "tool/Dockerfile": "# A tool.\nARG BASE_IMAGE=debian:12\nFROM ${BASE_IMAGE}\nCOPY shared/ /opt/\n"
    "COPY tool/requirements.txt tool/more/ /opt/\n",
    "tool/requirements.txt": "a==1\n",
    "tool/requirements.in": "a\n",
    "tool/more/set-up.sh": "true\n",
    "tool/notes.md": "Not copied.\n",
    "shared/prepare.sh": "true\n",
    "shared/ca/README": "Certificates.\n",
    "grown/Dockerfile": "# More of it.\nARG BASE_IMAGE=gencode/tool\nFROM ${BASE_IMAGE}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        write(tmp_path, path, text)
    return tmp_path


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def identity(folder: Path, base: str = BASE) -> str:
    return recipe("tool", folder).identity(base)


@pytest.mark.parametrize(
    "path", ["tool/Dockerfile", "tool/requirements.txt", "tool/more/set-up.sh", "tool/more/new.sh", "shared/prepare.sh"]
)
def test_what_an_image_is_made_of_changes_its_identity(path: str, folder: Path) -> None:
    before = identity(folder)
    write(folder, path, FILES.get(path, "") + "# changed\n")
    assert identity(folder) != before


def test_another_base_changes_the_identity(folder: Path) -> None:
    assert identity(folder) != identity(folder, "sha256:2")


@pytest.mark.parametrize(
    "path",
    ["tool/notes.md", "tool/requirements.in", "shared/ca/README", "shared/ca/company.crt", "grown/Dockerfile", "other"],
)
def test_nothing_else_changes_it(path: str, folder: Path) -> None:
    before = identity(folder)
    write(folder, path, FILES.get(path, "") + "# changed\n")
    (folder / "tool/Dockerfile").touch()
    assert identity(folder) == before


def test_what_moves_from_one_file_to_the_next_is_a_change(folder: Path) -> None:
    before = identity(folder)
    write(folder, "tool/more/set-up.sh", "tr")
    write(folder, "tool/requirements.txt", "ue\na==1\n")
    assert identity(folder) != before


def test_an_image_comes_after_the_one_that_it_is_made_on(folder: Path) -> None:
    assert [it.name for it in in_order(("grown", "tool", "grown"), folder)] == ["tool", "grown"]
    assert recipe("grown", folder).parent == "tool"
    assert recipe("tool", folder).parent is None


def test_an_unknown_image_is_told_which_there_are() -> None:
    with pytest.raises(SettingError, match=r"no image 'cobol'; known: app, browser, .*python"):
        reference("cobol")
    assert reference("app") == "gencode/app"


@pytest.mark.parametrize("name", names())
def test_a_recipe_keeps_the_rules_of_all_images(name: str) -> None:
    """The user's number, a base of choice, locked packages, and nothing that only the newer builder knows."""
    it = recipe(name)
    text = it.files[it.dockerfile].decode()
    assert it.summary.endswith(".")
    assert "USER 10001:10001\nWORKDIR /workspace\n" in text
    assert it.parent in (None, *names())
    assert not re.search(r"--mount|--link|^# syntax|<<", text, re.MULTILINE)
    assert "shared/ca/README" in it.files
    assert not re.search(r"(pip|npm) install", text)


def test_every_locked_package_has_its_hash() -> None:
    for lock in RECIPES.rglob("requirements.txt"):
        packages = re.split(r"\n(?=\S)", lock.read_text().strip())
        assert [it for it in packages if "==" not in it or "--hash=sha256:" not in it] == []
    for lock in RECIPES.rglob("package-lock.json"):
        assert lock.read_text().count('"integrity"') == lock.read_text().count('"node_modules/')
