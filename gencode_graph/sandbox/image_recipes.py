"""The images' recipes: folders with a Dockerfile and lock files, and the hash that says what an image was made from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gencode_graph.errors import SettingError

RECIPES = Path(__file__).with_name("images")
OURS = "gencode/"
"""Before the name of every image that is made here."""
CERTIFICATES = "shared/ca/"
"""Where a recipe takes extra root certificates from."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one image is made."""

    name: str
    summary: str
    """What it is for, in one line."""
    base: str
    """The image that it is made on, unless another one is chosen."""
    files: Mapping[str, bytes]
    """The Dockerfile and all that it copies, by their paths."""

    @property
    def reference(self) -> str:
        """The name under which the engine knows the image."""
        return f"{OURS}{self.name}"

    @property
    def dockerfile(self) -> str:
        """Its path among the files."""
        return f"{self.name}/Dockerfile"

    @property
    def parent(self) -> str | None:
        """The recipe of the image that it is made on, where that is one of ours."""
        return self.base.removeprefix(OURS) if self.base.startswith(OURS) else None

    def identity(self, base_id: str) -> str:
        """A hash of the Dockerfile, of all that it copies but certificates, and of the image that it is made on."""
        digest = hashlib.sha256(base_id.encode())
        for path, content in sorted(self.files.items()):
            if not path.startswith(CERTIFICATES):
                digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


def names(folder: Path = RECIPES) -> tuple[str, ...]:
    """Every image that can be made, sorted."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/Dockerfile")))


def recipe(name: str, folder: Path = RECIPES) -> Recipe:
    """The recipe of that name. Raises ``SettingError``, which lists those there are."""
    if name not in names(folder):
        raise SettingError(f"there is no image {name!r}; known: {', '.join(names(folder))}")
    dockerfile = (folder / name / "Dockerfile").read_text(encoding="utf-8")
    base = re.search(r"^ARG BASE_IMAGE=(\S+)$", dockerfile, re.MULTILINE)
    copied = re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE)
    assert base, f"{name}/Dockerfile names no BASE_IMAGE"
    files = {f"{name}/Dockerfile": dockerfile.encode()}
    for source in " ".join(copied).split():
        below = [folder / source] if (folder / source).is_file() else sorted((folder / source).rglob("*"))
        files |= {str(it.relative_to(folder).as_posix()): it.read_bytes() for it in below if it.is_file()}
    kept = {path: content for path, content in files.items() if not path.endswith(".in")}
    return Recipe(name=name, summary=dockerfile.splitlines()[0].removeprefix("# "), base=base[1], files=kept)


def reference(name: str) -> str:
    """What the engine knows an image by. Raises ``SettingError`` for a name that is none of ours."""
    return recipe(name).reference


def in_order(wanted: tuple[str, ...], folder: Path = RECIPES) -> list[Recipe]:
    """The recipes of those names and of all that they are made on, each after the one that it is made on."""
    found: dict[str, Recipe] = {}

    def add(name: str) -> None:
        it = recipe(name, folder)
        if it.parent is not None:
            add(it.parent)
        found.setdefault(name, it)

    for name in wanted:
        add(name)
    return list(found.values())
