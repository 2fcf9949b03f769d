"""Operations applied to files: what is certain is done, what is not is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gencode_graph.errors import PathError
from gencode_graph.llm.answers.edits import nearest, replaced
from gencode_graph.llm.answers.operations import Answer, Operation
from gencode_graph.types import Finding
from gencode_graph.workspace import check_path


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What came of an answer."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Only those that changed."""
    removed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def apply(answer: Answer, files: Mapping[str, str]) -> Applied:
    """Do what an answer asks for, in its order, to ``files`` (path -> content)."""
    work = _Work(dict(files))
    for operation in answer.operations:
        if operation.path is not None and operation.op not in ("shell", "snippet"):
            work.do(operation, operation.path)
    changed = {path: text for path, text in work.now.items() if files.get(path) != text}
    removed = tuple(path for path in files if path not in work.now)
    return Applied(files=changed, removed=removed, findings=tuple(work.findings))


class _Work:
    """Files while they are changed, and what went wrong."""

    def __init__(self, files: dict[str, str]) -> None:
        self.now = files
        self.findings: list[Finding] = []

    def do(self, operation: Operation, path: str) -> None:
        for name in (path, operation.to):
            if name is not None:
                try:
                    check_path(name)
                except PathError as error:
                    self.findings.append(Finding(rule=error.rule, message=str(error), path=error.path))
                    return
        if not operation.complete:
            self._refuse("cut-off", path, "was cut off and is left as it was", hint="send the whole block again")
        elif operation.op == "write":
            self.now[path] = operation.content
        elif operation.op == "edit":
            self._edit(operation, path)
        elif operation.op == "delete":
            if self.now.pop(path, None) is None:
                self._refuse("no-file", path, "is to be deleted but does not exist")
        elif operation.op == "fragment":
            self._refuse("fragment", path, "is only part of a file", hint="send an edit, or the whole file")

    def _edit(self, operation: Operation, path: str) -> None:
        search = operation.search or ""
        text = self.now.get(path)
        if not search.strip():
            if text:
                self._refuse("empty-search", path, "exists, and the edit does not say which lines to replace")
            else:
                self.now[path] = operation.content
        elif text is None:
            self._refuse("no-file", path, "is to be edited but does not exist")
        else:
            result = replaced(text, search, operation.content)
            if isinstance(result, str):
                self.now[path] = result
            elif result:
                self._refuse("ambiguous", path, f"has {result} places that match the lines to replace; name more lines")
            else:
                lost = f"does not hold the lines to replace: {search.strip().splitlines()[0].strip()[:80]}"
                self._refuse("not-found", path, lost, hint=nearest(text, search))

    def _refuse(self, rule: str, path: str, message: str, *, hint: str | None = None) -> None:
        self.findings.append(Finding(rule=f"answer/{rule}", message=f"{path} {message}", path=path, hint=hint))
