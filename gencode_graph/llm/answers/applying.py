"""Operations applied to files: what is certain is done, what is not is a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from gencode_graph.errors import PathError
from gencode_graph.llm.answers.edits import nearest, replaced
from gencode_graph.llm.answers.judging import elided, placeholder
from gencode_graph.llm.answers.operations import Answer, Operation
from gencode_graph.types import Finding
from gencode_graph.workspace import check_path

LARGE = 20
"""Lines with text from which on a file is too much to be replaced by an excerpt in silence."""
EXCERPT = 0.5
"""Part of a large file's lines below which a new version made of its own lines is an excerpt."""
OWN = 0.8
"""Part of the new lines that are the old file's, in an excerpt."""
STUMP = 0.2
"""Part of a large file's lines below which any new version is refused."""
WHOLE = "send an edit, or the whole file"


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What came of an answer."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Only those that changed."""
    removed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def apply(answer: Answer, files: Mapping[str, str]) -> Applied:
    """Do what an answer asks for, in its order, to ``files`` (path -> content); what is refused is a finding.

    A fragment never becomes a file, a cut-off block is never used, an edit is made only where exactly one place
    matches, a file is not replaced by an excerpt or a placeholder of it, nor one of several versions picked.
    """
    work = _Work(dict(files))
    for operation in answer.operations:
        if operation.op in ("shell", "snippet"):
            continue
        if operation.path is None:
            work.findings.append(_nameless(operation))
        elif operation.path in answer.twice:
            work.ambiguous(operation.path)
        else:
            work.do(operation, operation.path)
    changed = {path: text for path, text in work.now.items() if files.get(path) != text}
    removed = tuple(path for path in files if path not in work.now)
    return Applied(files=changed, removed=removed, findings=tuple(work.findings))


def _nameless(operation: Operation) -> Finding:
    return Finding(
        rule="answer/no-path",
        message=f"the {operation.op} in line {operation.line} of the answer names no file",
        hint="put path=<path> on the line that opens the block",
    )


class _Work:
    """Files while they are changed, and what went wrong."""

    def __init__(self, files: dict[str, str]) -> None:
        self.now = files
        self.findings: list[Finding] = []

    def do(self, operation: Operation, path: str) -> None:
        """One operation."""
        for name in (path, operation.to):
            if name is not None and not self._allowed(name):
                return
        if not operation.complete:
            self._refuse("cut-off", path, "was cut off and is left as it was", hint="send the whole block again")
        elif operation.op == "write":
            self._write(path, operation.content)
        elif operation.op == "edit":
            self._edit(path, operation.search or "", operation.content)
        elif operation.op == "delete":
            if self.now.pop(path, None) is None:
                self._refuse("no-file", path, "is to be deleted but does not exist")
        elif operation.op == "rename":
            self._rename(path, operation.to or path)
        else:
            self._refuse("fragment", path, "is given in part, and where the part belongs is not certain", hint=WHOLE)

    def ambiguous(self, path: str) -> None:
        """Leave a file as it was that the answer gives in several versions."""
        if not any(finding.rule == "answer/twice" and finding.path == path for finding in self.findings):
            hint = "send the file once, as it shall be"
            self._refuse("twice", path, "is given more than once, with different contents", hint=hint)

    def _allowed(self, name: str) -> bool:
        try:
            check_path(name)
        except PathError as error:
            self.findings.append(Finding(rule=error.rule, message=str(error), path=error.path))
            return False
        return True

    def _write(self, path: str, content: str) -> None:
        old = self.now.get(path)
        lines = content.split("\n")
        if elided(lines, path):
            self._refuse("fragment", path, "has parts left out, so it is not the whole file", hint=WHOLE)
        elif old is None or not old.strip():
            self.now[path] = content
        elif not content.strip():
            self._refuse("empty", path, "would become empty", hint=f"to remove it: DELETE {path}")
        elif placeholder(lines) and not placeholder(old.split("\n")):
            self._refuse("placeholder", path, "would be replaced by a placeholder", hint=WHOLE)
        elif excerpt(old, content):
            self._refuse(
                "shorter", path, "would lose most of its lines to what looks like an excerpt of it", hint=WHOLE
            )
        else:
            self.now[path] = content

    def _edit(self, path: str, search: str, replace: str) -> None:
        text = self.now.get(path)
        if not search.strip():
            if text is not None and text.strip():
                self._refuse(
                    "empty-search", path, "exists, and the edit does not say which lines to replace", hint=WHOLE
                )
            else:
                self._write(path, replace)
        elif text is None:
            self._refuse("no-file", path, "is to be edited but does not exist", hint="send the whole file")
        elif elided(replace.split("\n"), path) and not elided(search.split("\n"), path):
            self._refuse("fragment", path, "would get a line that stands for others", hint="write every line out")
        else:
            self._replace(path, text, search, replace)

    def _replace(self, path: str, text: str, search: str, replace: str) -> None:
        result = replaced(text, search, replace)
        first = search.strip().split("\n")[0].strip()[:80]
        if isinstance(result, str):
            self.now[path] = result
        elif result:
            self._refuse(
                "ambiguous",
                path,
                f"has {result} places that match the lines to replace, which begin {first!r}",
                hint="add lines before or after until only one place matches",
            )
        else:
            self._refuse(
                "not-found",
                path,
                f"does not hold the lines to replace, which begin {first!r}",
                hint=nearest(text, search),
            )

    def _rename(self, path: str, to: str) -> None:
        if path not in self.now:
            self._refuse("no-file", path, "is to be renamed but does not exist")
        elif to in self.now and to != path:
            self._refuse("taken", to, f"exists, so {path} cannot be renamed to it", hint=f"DELETE {to} first")
        else:
            self.now[to] = self.now.pop(path)

    def _refuse(self, rule: str, path: str, message: str, *, hint: str | None = None) -> None:
        self.findings.append(Finding(rule=f"answer/{rule}", message=f"{path} {message}", path=path, hint=hint))


def excerpt(old: str, new: str) -> bool:
    """Whether a new version of a large file is rather a few lines of it, or next to nothing."""
    before = [line.strip() for line in old.split("\n") if line.strip()]
    after = [line.strip() for line in new.split("\n") if line.strip()]
    if len(before) < LARGE or len(after) >= EXCERPT * len(before):
        return False
    own = (Counter(after) & Counter(before)).total()
    return own >= OWN * len(after) or len(after) < STUMP * len(before)
