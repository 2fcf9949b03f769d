"""Whole files with what a model wrote around them."""

from __future__ import annotations

from random import Random

from benchmarks.mutators.apps import App, Changes

BEFORE = (
    "Here is the updated file:\n\n", "Sure! Here's the complete code:\n\n", "I've fixed the imports and types.\n\n",
    "Below is the full implementation of {path}.\n\n", "### {path}\n\n", "**{path}**\n\n",
    "Certainly, here is the corrected version:\n\n",
)  # fmt: skip
AFTER = (
    "\n\nThis keeps the existing behaviour and adds the checks.\n", "\n\nLet me know if you need anything else!\n",
    "\n\nKey changes:\n- Fixed the types\n- Simplified the query\n", "\n\nThe rest of the file stays the same.\n",
    "\n\nNote: you may need to restart the server for this to take effect.\n",
)  # fmt: skip


def _file(app: App, dice: Random, paths: list[str]) -> tuple[str, str, str]:
    path = dice.choice(paths)
    language = {"py": ("python", "py"), "tsx": ("tsx", "typescript"), "ts": ("ts", "typescript")}[
        path.rpartition(".")[2]
    ]
    return path, app.files[path], dice.choice(language)


def _fenced(app: App, dice: Random, paths: list[str]) -> Changes:
    path, text, language = _file(app, dice, paths)
    return {path: f"```{language}\n{text}```\n"}


def _explained(app: App, dice: Random, paths: list[str]) -> Changes:
    path, text, language = _file(app, dice, paths)
    before, after = dice.choice(BEFORE).format(path=path), dice.choice(("", *AFTER))
    return {path: f"{before}```{language}\n{text}```{after}"}


def _half(app: App, dice: Random, paths: list[str]) -> Changes:
    path, text, language = _file(app, dice, paths)
    return {path: dice.choice([f"```{language}\n{text}", f"{text}```\n", f"{language}\n{text}"])}


def _prose(app: App, dice: Random, paths: list[str]) -> Changes:
    path, text, _ = _file(app, dice, paths)
    before, after = dice.choice(BEFORE[:4]).format(path=path), dice.choice(AFTER)
    return {path: dice.choice([before + text, text.rstrip("\n") + after])}


def _tagged(app: App, dice: Random, paths: list[str]) -> Changes:
    path, text, language = _file(app, dice, paths)
    made = [
        f'<file path="{path}">\n{text}</file>\n', f"<content>\n{text}</content>\n", f"{text}</content>\n",
        f"```{language}:{path}\n{text}```\n", f'```{language} path="{path}"\n{text}```\n',
    ]  # fmt: skip
    return {path: dice.choice(made)}


def fenced(app: App, dice: Random) -> Changes:
    """A module inside a fence."""
    return _fenced(app, dice, app.python)


def explained(app: App, dice: Random) -> Changes:
    """A module inside a fence, with words around it."""
    return _explained(app, dice, app.python)


def half_fenced(app: App, dice: Random) -> Changes:
    """A module with what is left of a fence."""
    return _half(app, dice, app.python)


def prose(app: App, dice: Random) -> Changes:
    """A module with words before or behind it."""
    return _prose(app, dice, app.python)


def tagged(app: App, dice: Random) -> Changes:
    """A module with the tags of an answer."""
    return _tagged(app, dice, app.python)


def fenced_script(app: App, dice: Random) -> Changes:
    """A script inside a fence."""
    return _fenced(app, dice, app.scripts)


def explained_script(app: App, dice: Random) -> Changes:
    """A script inside a fence, with words around it."""
    return _explained(app, dice, app.scripts)


def half_fenced_script(app: App, dice: Random) -> Changes:
    """A script with what is left of a fence."""
    return _half(app, dice, app.scripts)


def prose_in_script(app: App, dice: Random) -> Changes:
    """A script with words before or behind it."""
    return _prose(app, dice, app.scripts)


def tagged_script(app: App, dice: Random) -> Changes:
    """A script with the tags of an answer."""
    return _tagged(app, dice, app.scripts)


FENCES = {
    "python": (fenced, explained, half_fenced, prose, tagged),
    "typescript": (fenced_script, explained_script, half_fenced_script, prose_in_script, tagged_script),
}
