"""Cases 1 to 15: names and trees in a model's answer, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.travelling import listing, travel

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
NAMES = {
    1: ["../../etc/passwd", "a/../../b.py", "/etc/passwd", "/etc/cron.d/x.sh", "~/.ssh/x.pub", "..",
        "a/./b.py", "a//b.py"],
    2: ["..\\..\\x.py", "C:\\x.py", "C:x.py", "file.txt:stream", "src/a.py::$DATA"],
    3: ["a\0.py", "a\nb.py", "a\rb.py", "\x1b[2Ja.py", "a\x7f.py", "src/a\tb.py"],
    4: ["\ud800.py", "e\u0301.py", "src/A\u030a.md"],
    5: ["\uff0e\uff0e/x.py", "a\uff0fb.py", ".g\u200cit/config.py", "a\u00a0b.py", f"a{TAGS}.py"],
    6: ["\u202egpj.exe", "src/\u2066a.py"],
    7: ["CON", "src/aux.py", "nul.txt", "COM\u00b9.log", "a./b.py", "b /c.py", "lpt1.tar.gz"],
    10: ["-rf.py", "src/--config=x.py"],
    11: [".git/hooks/pre-commit.sh", ".GIT/config.py", "git~1/hooks/x.sh", "sub/.git/config.py", ".gitmodules",
         ".gitattributes"],
    12: [".npmrc", "frontend/.npmrc", ".yarnrc", ".pypirc", "pip.conf", ".netrc", ".envrc", "backend/sitecustomize.py",
         "usercustomize.py", "backend/x.pth", ".vscode/tasks.json", ".husky/pre-commit.sh", ".pre-commit-config.yaml",
         ".devcontainer/devcontainer.json", "backend/pip.ini", "uv.toml", "backend/uv.toml", "frontend/.pnpmfile.cjs",
         "bunfig.toml", ".cargo/config.toml", "frontend/.yarn/releases/yarn.cjs", ".mise.toml", ".tool-versions",
         "frontend/pnpm-workspace.yaml", ".idea/workspace.xml"],
    13: [".github/workflows/x.yml", ".GitHub/Workflows/x.yml", ".github/actions/a/action.yml", ".gitlab-ci.yml",
         ".circleci/config.yml", "azure-pipelines.yml", "Jenkinsfile", "bitbucket-pipelines.yml", ".drone.yml",
         ".woodpecker.yml", ".forgejo/workflows/x.yml", ".gitea/workflows/x.yml"],
    14: ["x" * 300 + ".py", "/".join(["a"] * 40) + ".py", "/".join(["x" * 99] * 5) + ".py"],
}  # fmt: skip
"""Case -> names, none of which may be stored."""
ORDINARY = [
    "src/app/main.py", "a..b.py", "..a.py", "Console.cs", "src/auxiliary.py", "community.py", "nullable.ts", "a-b.py",
    "frontend/src/routes/$id.tsx", "frontend/src/K\u00e4se.ts",
    "\u65e5\u672c/\u30d5\u30a1\u30a4\u30eb.md", "app/[id]/page.tsx",
    ".gitignore", ".dockerignore", ".env.example", "docs/git.md", "backend/config.py", "docs/workflows/x.md",
    "frontend/.eslintrc.cjs", "backend/app/nul_values.py",
]  # fmt: skip
TREES = {
    "8 in another case": (["README.md", "readme.MD"], ["path/duplicate"]),
    "8 a sharp s": (["stra\u00dfe.md", "STRASSE.md"], ["path/duplicate"]),
    "8 folders": (["Src/a.md", "src/b.md"], ["path/folder-case"]),
    "9 a file where a folder is": (["a.md", "a.md/b.md"], ["path/file-and-folder"]),
    "14 too many": ([f"f{number}.md" for number in range(2_001)], ["path/files"]),
}


def content(path: str) -> str:
    """Something whole for any kind of file."""
    kinds = {
        ".py": "ANSWER = 42\n",
        ".ts": "export const answer = 42;\n",
        ".cjs": "module.exports = {};\n",
        ".tsx": "export const answer = 42;\n",
    }
    return {".json": '{"a": 1}\n', ".yml": "a: 1\n", ".yaml": "a: 1\n", ".toml": "a = 1\n", ".xml": "<a/>\n"}.get(
        Path(path).suffix, kinds.get(Path(path).suffix, "# Notes\n\nNothing to see.\n")
    )


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=f"{case} {path[:30]!a}") for case, paths in NAMES.items() for path in paths]
)
def test_a_hostile_name_is_refused_with_a_reason_that_can_be_shown(tmp_path: Path, path: str) -> None:
    came = travel(listing((path, content(path)), ("docs/ok.md", "# Fine\n")), tmp_path)
    assert came.stored <= {"docs/ok.md"}
    assert came.errors
    assert all(finding.message.isascii() and finding.message.isprintable() for finding in came.findings)


@pytest.mark.parametrize("path", ORDINARY, ids=ascii)
def test_an_ordinary_name_is_stored(tmp_path: Path, path: str) -> None:
    came = travel(listing((path, content(path))), tmp_path)
    assert not came.errors
    assert came.stored == {path}


@pytest.mark.parametrize(("paths", "rules"), TREES.values(), ids=TREES)
def test_names_that_cannot_stand_beside_each_other_are_refused(
    tmp_path: Path, paths: list[str], rules: list[str]
) -> None:
    came = travel(listing(*((path, f"# {number}\n") for number, path in enumerate(paths))), tmp_path)
    assert (sorted(set(came.errors)), came.stored) == (rules, frozenset())


WIDE = f"# {'x' * 997}\n"
"""A line of a thousand bytes."""


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        pytest.param([("big.md", "# x\n" * (1 << 19))], "path/file-bytes", id="14 a file of 2 MB"),
        pytest.param(
            [(f"{n}.md", WIDE * 1000) for n in range(26)],
            "path/tree-bytes",
            id="14 a tree of 25 MB",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_is_too_large_is_refused_with_the_limits_name(
    tmp_path: Path, files: list[tuple[str, str]], rule: str
) -> None:
    came = travel(listing(*files), tmp_path)
    assert (rule in came.errors, came.stored) == (True, frozenset())


def test_15_one_path_given_twice_with_different_content_is_ambiguous(tmp_path: Path) -> None:
    came = travel(listing(("docs/a.md", "# One\n"), ("docs/a.md", "# Two\n")), tmp_path)
    assert (came.errors, came.stored) == (["answer/twice"], frozenset())
    assert travel(listing(("docs/a.md", "# One\n"), ("docs/a.md", "# One\n")), tmp_path).stored == {"docs/a.md"}
