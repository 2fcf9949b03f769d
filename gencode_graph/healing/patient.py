"""Patient: the app under treatment, as a healer sees it; and what a healer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gencode_graph.spec import AppSpec
from gencode_graph.step import within
from gencode_graph.types import Finding


@dataclass(frozen=True, kw_only=True)
class Patient:
    """An app with findings. Text files only; nothing in it can be changed."""

    files: Mapping[str, str]
    """All text files of the app so far, path -> content."""
    green: Mapping[str, str] = field(default_factory=dict)
    """The same app when it last passed, as far as it ever did."""
    spec: AppSpec | None = None
    may_write: tuple[str, ...] = ()
    """Files, or folders ending in ``/``, that a treatment may change."""

    def treatable(self, path: str) -> bool:
        """Whether a healer may change a file: one of the step's, and neither a test nor what decides on tests."""
        return within(path, self.may_write) and not is_judge(path)


class Healer(Protocol):
    """Repairs one kind of finding. A plain function will do."""

    @property
    def __name__(self) -> str: ...

    def __call__(self, finding: Finding, patient: Patient) -> dict[str, str | None]:
        """Path -> new content, None for a file that has to go; empty where it is not this healer's kind, or where
        the right repair is not certain. Deterministic, and never a change of what judges the app."""


def is_judge(path: str) -> bool:
    """Whether a file decides if the app is good: tests and the configuration of those who run them."""
    name = path.rsplit("/", 1)[-1]
    return (
        "/tests/" in f"/{path}"
        or "/e2e/" in f"/{path}"
        or ".test." in name
        or ".spec." in name
        or name.startswith(("test_", "conftest", "vitest.", "playwright."))
    )
