"""Names and trees of the hostile cases 1-15, and the ordinary ones beside them."""

import string
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.errors import PathError
from gencode_graph.workspace.paths import BUILTIN_NAMES, Limits, check_path, check_sizes, check_tree

REFUSED = {
    "1 dot segments": ("segment", ["../../etc/passwd", "a/../../b", "..", ".", "./a", "a/.", "a//b", "", "a/"]),
    "1 absolute or home": ("absolute", ["/etc/passwd", "~/.ssh/x", "~root/x", "//server/share"]),
    "2 Windows": ("character", ["..\\..\\x", "C:\\x", "C:x", "file:stream", "a|b", 'a"b', "a?b", "a*", "<a>"]),
    "3 control": ("character", ["a\0.py", "a\nb.py", "a\r", "\x1b[2J", "a\x7f", "a\x85b", "a\tb"]),
    "4 surrogate": ("character", ["\ud800.py", "a/\udfff"]),
    "4 not NFC": ("normal-form", ["e\u0301.py", "src/A\u030a.md"]),
    "5 full-width dots": ("segment", ["\uff0e\uff0e/x", "a/\uff0e\uff0e/b", "\u2025/x"]),
    "5 full-width slash": ("segment", ["a\uff0fb", "a\uff3cb"]),
    "5 format characters": ("character", [".g\u200cit/config", "a\u200b.py", "\ufeffa", "a\u2028b", "a\u00a0b"]),
    "6 right-to-left": ("character", ["\u202egpj.exe", "a\u2066b"]),
    "7 devices": ("device", ["CON", "src/aux.py", "nul.txt", "COM\u00b9.log", "lpt9", "Prn.tar.gz", "conin$"]),
    "7 ends": ("segment-end", ["a./b", "b /c", "a.", " a", "a/ b"]),
    "10 options": ("option", ["-rf", "src/--config=x", "-"]),
    "11 git": (
        "protected",
        [".git/hooks/pre-commit", ".GIT/config", "git~1/hooks/x", "sub/.git/config", ".gitmodules", ".GitModules",
         "a/.gitattributes", "GITMOD~1", "gi7eba~1", ".gencode/lock", ".gitconfig"],
    ),
    "12 tool configuration": (
        "protected",
        [".npmrc", "frontend/.npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", "pip.conf", ".netrc", ".envrc",
         "backend/sitecustomize.py", "usercustomize.py", "x.pth", "a/B.PTH", ".vscode/tasks.json", ".husky/pre-commit",
         ".pre-commit-config.yaml", ".devcontainer/devcontainer.json", ".ssh/authorized_keys", ".bashrc"],
    ),
    "13 workflows": ("workflow", [".github/workflows/x.yml", ".GitHub/Workflows/x.yml", ".github/actions/a.yml"]),
    "14 long segment": ("segment-length", ["x" * 300, "a/" + "\u00e9" * 101]),
    "14 deep": ("levels", ["/".join("a" * 40)]),
    "14 long path": ("path-length", ["/".join(["x" * 99] * 5), "\u00e9" * 201 + "/a"]),
}  # fmt: skip
ACCEPTED = [
    "src/app/main.py", "README.md", "frontend/src/components/K\u00e4se.tsx", "a b/c.txt", "a..b", "..a", ".gitignore",
    ".dockerignore", ".env.example", "frontend/.env", "tests/conftest.py", "\u65e5\u672c/\u30d5\u30a1\u30a4\u30eb.md",
    "app/[id]/page.tsx", "@types/x.d.ts", "_private.py", ".eslintrc.cjs", "Console.cs", "src/auxiliary.py", "community",
    "nullable.ts", "com10.txt", "a-b", "git", "gitignore", "github/workflows/x.yml", ".github/dependabot.yml",
    "backup~1", "a~b", "x" * 200, "/".join("a" * 24), "routes/$id.tsx", "(group)/page.tsx", "a+b", "a,b", "a;b", "a%2e",
    "compose.yaml", "path.py", "Dockerfile", "frontend/e2e/__screenshots__/a.png",
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        pytest.param(rule, path, id=f"{case}: {path[:30]!a}")
        for case, (rule, paths) in REFUSED.items()
        for path in paths
    ],
)
def test_refuses_a_hostile_name_and_says_which_rule(rule: str, path: str) -> None:
    with pytest.raises(PathError) as raised:
        check_path(path)
    assert f"(rule path/{rule})" in str(raised.value)


@pytest.mark.parametrize("path", [path for _, paths in REFUSED.values() for path in paths], ids=ascii)
def test_a_message_never_carries_the_name_itself(path: str) -> None:
    with pytest.raises(PathError) as raised:
        check_path(path)
    assert str(raised.value).isascii()
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("path", ACCEPTED, ids=ascii)
def test_accepts_an_ordinary_name(path: str) -> None:
    assert check_path(path) == PurePosixPath(path)


def test_only_our_own_templates_may_write_the_listed_names() -> None:
    for path in BUILTIN_NAMES:
        assert check_path(path, origin="builtin") == PurePosixPath(path)
        with pytest.raises(PathError):
            check_path(path, origin="model")


def test_our_own_templates_may_not_write_other_protected_names() -> None:
    for path in (".npmrc", ".github/workflows/other.yml", ".git/config"):
        with pytest.raises(PathError):
            check_path(path, origin="builtin")


@pytest.mark.parametrize(
    ("rule", "paths"),
    [
        pytest.param("duplicate", ["README.md", "readme.MD"], id="8 case"),
        pytest.param("duplicate", ["stra\u00dfe", "STRASSE"], id="8 sharp s"),
        pytest.param("duplicate", ["\ufb01le.py", "file.py"], id="8 ligature"),
        pytest.param("folder-case", ["Src/a", "src/b"], id="8 folders"),
        pytest.param("folder-case", ["a/Src/x", "a/src/y"], id="8 inner folders"),
        pytest.param("file-and-folder", ["a", "a/b"], id="9 file first"),
        pytest.param("file-and-folder", ["a/b", "a"], id="9 folder first"),
        pytest.param("file-and-folder", ["A/b/c", "a/B"], id="9 in other case"),
        pytest.param("duplicate", ["a.py", "b.py", "a.py"], id="15 named twice"),
        pytest.param("files", [f"f{i}" for i in range(2_001)], id="14 too many"),
        pytest.param("segment", ["ok.py", "../bad.py"], id="1 one bad name"),
    ],
)
def test_refuses_a_tree_that_cannot_stand_everywhere(rule: str, paths: list[str]) -> None:
    with pytest.raises(PathError, match=f"rule path/{rule}"):
        check_tree(paths)


def test_accepts_ordinary_trees() -> None:
    check_tree(ACCEPTED)
    check_tree(f"d{i % 40}/f{i}" for i in range(2_000))
    check_tree(["a", "ab", "a.b", "b/a", "b/ab"])


@pytest.mark.parametrize(
    ("rule", "sizes"),
    [
        ("file-bytes", [("a", 2 << 20)]),
        ("tree-bytes", [(f"f{i}", 1 << 20) for i in range(21)]),
    ],
)
def test_refuses_what_is_too_large_by_the_name_of_the_limit(rule: str, sizes: list[tuple[str, int]]) -> None:
    with pytest.raises(PathError, match=f"rule path/{rule}"):
        check_sizes(sizes)


def test_limits_can_be_set() -> None:
    check_sizes([("a", 2 << 20)], limits=Limits(file_bytes=4 << 20))
    with pytest.raises(PathError, match="at most 2 files"):
        check_tree(["a", "b", "c"], limits=Limits(files=2))


_NAMES = st.text(st.sampled_from(string.ascii_letters + "._-~/\\:@ \0\u200b\u0301\u00df\uff0e\ud800"), max_size=12)


@given(_NAMES)
def test_an_accepted_name_is_safe_to_join(path: str) -> None:
    try:
        parsed = check_path(path)
    except PathError:
        return
    assert str(parsed) == path
    assert not parsed.is_absolute()
    assert not {"..", ".", ".git"}.intersection(part.lower() for part in parsed.parts)
    assert path.encode().decode() == path


@given(st.lists(_NAMES, max_size=6))
def test_an_accepted_tree_has_one_meaning_on_every_file_system(paths: list[str]) -> None:
    try:
        check_tree(paths)
    except PathError:
        return
    folded = [path.casefold() for path in paths]
    assert len(set(folded)) == len(paths)
    assert not any(other.startswith(f"{path}/") for path in folded for other in folded)
