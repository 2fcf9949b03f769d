"""Blame: the file of a root cause where the log itself names none."""

from __future__ import annotations

import re
from dataclasses import replace

from gencode_graph.healing.logs.clue import Clue
from gencode_graph.healing.logs.log import Log

_IMAGE = re.compile(r"^Step \d+/\d+ :|^#\d+ \[[^\]]*\d+/\d+\]|^ > \[[^\]]*\d+/\d+\]|^ => ERROR \[", re.M)
_IN_IMAGE = re.compile(r"^/bin/\w+ -\w+ (?P<command>.{1,500})")
_NO_IMAGE = re.compile(r"(?i)context|evaluate symlinks|daemon|failed to read dockerfile|not found")
_ATTRIBUTE = re.compile(r'Attribute "\w+" not found in module "(?P<module>[\w.]+)"')
_SCRIPT = re.compile(
    r"(?:^|[;&|] *|\s)(?:node|bun|deno run|tsx|ts-node|python[\d.]*|uv run(?: python)?|bash|sh|ruby|php"
    r"|perl)(?: +-[\w-]+(?:[= ]\d+)?)* +"
    r"(?P<path>(?!-)[\w./-]+\.\w{1,4})\b"
)
_REQUIREMENTS = re.compile(r"-r[ =]+(?P<path>[\w./-]+\.(?:txt|in))|--requirement[ =](?P<path2>[\w./-]+)")
_FOLDER = re.compile(r"pip\d? install (?:.{0,80} )?(?P<path>\./?[\w./-]*|file://\S+)(?:\s|$|\[)")


def settled(log: Log, clue: Clue) -> Clue:
    """A clue with a file to blame, where the command or the kind of build tells one."""
    if clue.path == "requirements.txt" or clue.path == "pyproject.toml":
        return _python_manifest(log, clue)
    if clue.code and (match := _IN_IMAGE.match(clue.symbol or "")) and (script := _SCRIPT.search(match["command"])):
        return replace(clue, path=log.own.relative(script["path"]))
    if clue.path:
        return clue
    if match := _ATTRIBUTE.search(clue.message):
        return replace(clue, path=f"{match['module'].replace('.', '/')}.py")
    if clue.code == "MODULE_NOT_FOUND" and log.has("npm error code", "npm ERR! code"):
        return replace(clue, path="package.json")
    if _IMAGE.search(log.body) or ("docker build" in log.command and not _NO_IMAGE.search(clue.message)):
        return replace(clue, path="Dockerfile")
    if clue.rank > 0 and (match := _SCRIPT.search(log.command[:2_000])):
        return replace(clue, path=log.own.relative(match["path"]))
    return clue


def _python_manifest(log: Log, clue: Clue) -> Clue:
    """Which file declares what could not be installed: the command and the log may tell."""
    heard = f"{log.command[:2_000]}\n{log.body[-100_000:]}"
    if match := _REQUIREMENTS.search(heard):
        return replace(clue, path=log.own.relative(match["path"] or match["path2"]) or clue.path)
    match = _FOLDER.search(log.command[:2_000])
    if match and (folder := log.own.relative(match["path"])):
        return replace(clue, path="/".join(part for part in (folder.strip("/."), "pyproject.toml") if part))
    if not re.search(r"pip\d? install|requirements", heard):
        return clue
    return (
        clue
        if clue.path == "pyproject.toml" or "install -r" in heard
        else replace(clue, path=None if re.search(r"pip\d? install (?!-)\w", log.command) else clue.path)
    )
