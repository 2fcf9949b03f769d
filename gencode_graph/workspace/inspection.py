"""What is wrong with a draft's files, as findings that a producer can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gencode_graph.errors import PathError
from gencode_graph.types import Finding, Origin
from gencode_graph.workspace.paths import Limits, check_path, check_sizes, check_tree
from gencode_graph.workspace.text import check_content, odd


def inspect(files: Mapping[str, str | bytes], *, origin: Origin, limits: Limits) -> tuple[Finding, ...]:
    """An error for each file that cannot be stored, or one for all of them together; warnings for odd texts."""
    found: list[Finding] = []
    sizes: list[tuple[str, int]] = []

    def judge(check: Callable[[], object]) -> None:
        try:
            check()
        except PathError as error:
            found.append(Finding(rule=error.rule, message=str(error), path=error.path))

    def judge_content(path: str, content: str | bytes) -> None:
        data = check_content(path, content)
        sizes.append((path, len(data)))
        if b"\0" not in data:
            found.extend(odd(path, data.decode("utf-8", "replace")))

    for path, content in files.items():
        judge(lambda path=path: check_path(path, origin=origin, limits=limits))  # type: ignore[misc]
        judge(lambda path=path, content=content: judge_content(path, content))  # type: ignore[misc]
    if not any(finding.severity == "error" for finding in found):
        judge(lambda: check_tree(files, origin=origin, limits=limits))
        judge(lambda: check_sizes(sizes, limits=limits))
    return tuple(found)
