"""Which names and trees may be stored: decided on the parsed segments, never on the text as a whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from gencode_graph.errors import PathError
from gencode_graph.types import Origin


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large a tree may become."""

    path_bytes: int = 400
    segment_bytes: int = 200
    levels: int = 24
    files: int = 2_000
    file_bytes: int = 1 << 20
    tree_bytes: int = 20 << 20


LIMITS = Limits()

BUILTIN_NAMES = frozenset({".github/workflows/ci.yml"})
"""Protected names that our own templates may write."""

_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"} | {
    f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789"
}
_FOLDERS = {
    ".aws", ".cargo", ".circleci", ".devcontainer", ".docker", ".gencode", ".git", ".gnupg", ".hg", ".husky", ".idea",
    ".ssh", ".svn", ".vscode", ".woodpecker", ".yarn",
}  # fmt: skip
_FILES = {
    ".bash_profile", ".bashrc", ".envrc", ".gitattributes", ".gitconfig", ".gitmodules", ".mise.toml", ".netrc",
    ".npmrc", ".pdbrc", ".pnpmfile.cjs", ".pre-commit-config.yaml", ".profile", ".pypirc", ".pythonrc.py",
    ".tool-versions", ".yarnrc", ".yarnrc.yml", ".zshrc", "_netrc", "authorized_keys", "bunfig.toml", "mise.toml",
    "pip.conf", "pip.ini", "pnpm-workspace.yaml", "sitecustomize.py", "usercustomize.py", "uv.toml",
}  # fmt: skip
_CI_FOLDERS = {(f".{host}", place) for host in ("github", "gitea", "forgejo") for place in ("workflows", "actions")}
_CI_FILES = {
    ".appveyor.yml", ".cirrus.yml", ".drone.yml", ".gitlab-ci.yml", ".travis.yml", ".woodpecker.yml", "appveyor.yml",
    "azure-pipelines.yml", "bitbucket-pipelines.yml", "jenkinsfile",
}  # fmt: skip
_SHORT_GIT = re.compile(r"gi[a-z0-9]{0,4}~\d+(\..*)?")
"""How Windows abbreviates ``.git`` and its relatives."""
_FORBIDDEN = {"Cc": "control", "Cf": "format", "Cs": "surrogate", "Co": "private", "Zl": "line", "Zp": "line"}


def check_path(path: str, *, origin: Origin = "model", limits: Limits = LIMITS) -> PurePosixPath:
    """The parsed path; ``PathError`` says which rule an unsafe or unportable one breaks."""
    if len(path) > limits.path_bytes or len(path.encode("utf-8", "replace")) > limits.path_bytes:
        raise _refused(path[:60], "path-length", f"is longer than {limits.path_bytes} bytes")
    segments = path.split("/")
    if path.startswith(("/", "~")):
        raise _refused(path, "absolute", "is absolute or in a home folder")
    if len(segments) > limits.levels:
        raise _refused(path, "levels", f"has more than {limits.levels} levels")
    for segment in segments:
        if problem := _segment_problem(segment, limits.segment_bytes):
            raise _refused(path, *problem)
    if not (origin == "builtin" and path in BUILTIN_NAMES) and (problem := _protected(segments)):
        raise _refused(path, *problem)
    return PurePosixPath(path)


def check_tree(paths: Iterable[str], *, origin: Origin = "model", limits: Limits = LIMITS) -> None:
    """Checks each path and that all of them can stand beside each other on any file system; raises ``PathError``."""
    files: set[str] = set()
    spellings: dict[str, str] = {}
    for number, path in enumerate(paths, start=1):
        if number > limits.files:
            raise _refused(path, "files", f"is one too many: a tree has at most {limits.files} files")
        check_path(path, origin=origin, limits=limits)
        folded = fold(path)
        if folded in files:
            raise _refused(path, "duplicate", "is named twice (upper and lower case count as the same)")
        if folded in spellings:
            raise _refused(path, "file-and-folder", "is both a file and a folder")
        files.add(folded)
        parents, folded_parents = path.split("/")[:-1], folded.split("/")[:-1]
        for depth in range(1, len(parents) + 1):
            key, spelling = "/".join(folded_parents[:depth]), "/".join(parents[:depth])
            if key in files:
                raise _refused(path, "file-and-folder", "lies in a folder that is also a file")
            if spellings.setdefault(key, spelling) != spelling:
                raise _refused(path, "folder-case", f"spells the folder {spellings[key]!a} in another way")


def check_sizes(sizes: Iterable[tuple[str, int]], *, limits: Limits = LIMITS) -> None:
    """Raises ``PathError`` when a file, or all of them together, are too large; sizes in bytes."""
    total = 0
    for path, size in sizes:
        total += size
        if size > limits.file_bytes:
            raise _refused(path, "file-bytes", f"is larger than {limits.file_bytes} bytes")
        if total > limits.tree_bytes:
            raise _refused(path, "tree-bytes", f"makes the tree larger than {limits.tree_bytes} bytes")


def fold(path: str) -> str:
    """The same for all spellings that some file system takes for one name."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFKC", path).casefold()


@lru_cache(maxsize=4096)
def _segment_problem(segment: str, limit: int) -> tuple[str, str] | None:
    """What makes one segment unsafe by itself: rule and explanation."""
    for character in segment:
        category = unicodedata.category(character)
        if category in _FORBIDDEN or (category == "Zs" and character != " "):
            kind = _FORBIDDEN.get(category, "blank")
            return "character", f"has the {kind} character U+{ord(character):04X}"
        if character in '\\:*?"<>|':
            return "character", f"has {character!r}, which Windows does not allow in a name"
    if segment != unicodedata.normalize("NFC", segment):
        return "normal-form", "is not in Unicode normal form C"
    key = fold(segment)
    if key in ("", ".", "..") or "/" in key or "\\" in key:
        return "segment", "has an empty or dot segment"
    if len(segment.encode()) > limit:
        return "segment-length", f"has a segment longer than {limit} bytes"
    if segment[-1] in ". " or segment[0] == " ":
        return "segment-end", "has a segment that starts with a blank or ends in a blank or dot"
    if segment[0] == "-":
        return "option", "has a segment that starts with '-' and could be read as an option"
    if key.split(".")[0].rstrip() in _DEVICES:
        return "device", "is a device name on Windows"
    return None


def _protected(segments: list[str]) -> tuple[str, str] | None:
    """Names that make other programs run something: rule and explanation."""
    folded = [fold(segment) for segment in segments]
    for name in folded:
        if name in _FOLDERS or _SHORT_GIT.fullmatch(name):
            return "protected", f"lies in the protected folder {name!a}"
        if name in _FILES or name.endswith(".pth"):
            return "protected", f"is the protected file {name!a}: tools read it and run what it says"
    if tuple(folded[:2]) in _CI_FOLDERS or folded[-1] in _CI_FILES:
        return "workflow", "would run on the user's CI with its secrets"
    return None


def _refused(path: str, rule: str, why: str) -> PathError:
    message = f"the path {path!a} {why} (rule path/{rule}); choose another name"
    return PathError(message, rule=f"path/{rule}", path=ascii(path)[1:-1])
