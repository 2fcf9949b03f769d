"""Apps to be made faulty, the faults, and what the mutators share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal, TypeVar

from gencode_graph.healing.patient import is_judge
from gencode_graph.spec import AppSpec

Language = Literal["python", "typescript"]
Changes = Mapping[str, str | None]
"""Path -> content with the fault, None for a file that is missing."""
T = TypeVar("T")

_NOT_WRITTEN = ("frontend/src/api/schema.d.ts", "frontend/src/vite-env.d.ts")
"""Made by tools."""


@dataclass(frozen=True)
class App:
    """A finished app: its text files, and what it was made from."""

    name: str
    files: Mapping[str, str]
    spec: AppSpec

    @cached_property
    def python(self) -> list[str]:
        """The backend's modules that hold code, without its tests."""
        return self._paths("backend/app/", ".py")

    @cached_property
    def scripts(self) -> list[str]:
        """The frontend's modules, without its tests."""
        return [path for path in self._paths("frontend/src/", ".ts", ".tsx") if not re.search("/mocks/|/test/", path)]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every identifier that occurs anywhere in the app."""
        return frozenset(word for text in self.files.values() for word in re.findall(r"[A-Za-z_]\w*", text))

    def _paths(self, folder: str, *endings: str) -> list[str]:
        return sorted(
            path
            for path, text in self.files.items()
            if path.startswith(folder)
            and path.endswith(endings)
            and path not in _NOT_WRITTEN
            and not is_judge(path)
            and text.strip()
        )


Mutator = Callable[[App, Random], Changes | None]
"""Makes a fault in an app; None where it finds no place for it."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault in one app."""

    kind: str
    language: Language
    way: str
    """Which of the ways to make it."""
    app: str
    changes: Changes

    @property
    def path(self) -> str:
        """The first file with it."""
        return next(iter(self.changes))

    @property
    def key(self) -> str:
        """The same fault again has the same key."""
        return f"{self.app}|{sorted(self.changes.items(), key=lambda item: item[0])}"


def shuffled(items: Iterable[T], dice: Random) -> list[T]:
    """In random order."""
    found = list(items)
    dice.shuffle(found)
    return found


def somewhere(paths: Sequence[str], app: App, dice: Random, change: Callable[[str], str | None]) -> Changes | None:
    """The first of some files, in random order, that a change finds a place in."""
    for path in shuffled(paths, dice):
        if (text := change(app.files[path])) is not None and text != app.files[path]:
            return {path: text}
    return None


def substituted(pattern: str, text: str, dice: Random, new: Callable[[re.Match[str]], str | None]) -> str | None:
    """A text in which one match, chosen at random, is another text; None where nothing matches."""
    for match in shuffled(re.finditer(pattern, text, re.MULTILINE), dice):
        made = new(match)
        if made is not None and made != match[0]:
            return text[: match.start()] + made + text[match.end() :]
    return None


def each(
    paths: Sequence[str], pattern: str, new: Callable[[re.Match[str]], str | None]
) -> Callable[..., Changes | None]:
    """A mutator's body: one match in one of the files replaced."""

    def apply(app: App, dice: Random) -> Changes | None:
        return somewhere(paths, app, dice, lambda text: substituted(pattern, text, dice, new))

    return apply


def misspelt(word: str, dice: Random, known: Iterable[str] = ()) -> str | None:
    """A word with a slip of the fingers or of the memory, one that is not in use; None for words too short."""
    if len(word) < 4:
        return None
    pairs = [n for n in range(1, len(word)) if word[n - 1 : n + 1].isalpha() and word[n].islower()]
    without = [word[:n] + word[n + 1 :] for n in pairs]
    swapped = [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in pairs if word[n + 1 : n + 2].islower()]
    doubled = [word[:n] + word[n] + word[n:] for n in pairs if word[n] in "lmnprst" and n + 1 < len(word)]
    number = [word[:-1] if word.endswith("s") else f"{word}s"]
    case = [camel(word), snake(word), word[0].swapcase() + word[1:]]
    taken = {*known, word}
    slips = (without, without, swapped, swapped, doubled, number, number, case, case)
    fitting = [[w for w in group if w not in taken and w.isidentifier()] for group in slips]
    groups = [group for group in fitting if group]
    return dice.choice(dice.choice(groups)) if groups else None


def camel(word: str) -> str:
    """``page_size`` -> ``pageSize``."""
    return re.sub(r"(?<=[a-zA-Z0-9])_([a-z0-9])", lambda match: match[1].upper(), word)


def snake(word: str) -> str:
    """``pageSize`` -> ``page_size``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", word)
