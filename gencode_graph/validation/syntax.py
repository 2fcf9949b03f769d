"""Whether a file can be read as what its name says."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from gencode_graph.types import Finding
from gencode_graph.validation import data_files, dockerfile, markdown, markup, python_source, scripts, stylesheets
from gencode_graph.validation.kinds import Kind, Problem, kind_of

_READERS: dict[Kind, Callable[[str], list[Problem]]] = {
    "python": python_source.problems,
    "ts": lambda text: scripts.problems("ts", text),
    "tsx": lambda text: scripts.problems("tsx", text),
    "css": stylesheets.problems,
    "html": markup.problems,
    "svg": markup.svg_problems,
    "json": data_files.json_problems,
    "jsonc": data_files.jsonc_problems,
    "yaml": data_files.yaml_problems,
    "toml": data_files.toml_problems,
    "dockerfile": dockerfile.problems,
    "markdown": markdown.problems,
}
NAMES: dict[Kind, str] = {
    "python": "Python", "ts": "TypeScript", "tsx": "TypeScript", "css": "CSS", "html": "HTML", "json": "JSON",
    "jsonc": "JSON", "yaml": "YAML", "toml": "TOML", "svg": "XML", "dockerfile": "a Dockerfile", "markdown": "Markdown",
    "text": "text",
}  # fmt: skip


@lru_cache(maxsize=1024)
def problems(kind: Kind, text: str) -> tuple[Problem, ...]:
    """What is wrong with a text of a kind; kept for the texts asked for last."""
    try:
        return tuple(_READERS[kind](text)) if kind in _READERS else ()
    except RecursionError:
        return (Problem(message="it is nested too deeply", line=1),)


def syntax(path: str, text: str) -> list[Finding]:
    """A finding for each place where a file cannot be read as what its name says."""
    kind = kind_of(path)
    return [
        Finding(
            rule=f"syntax/{kind}",
            message=f"not valid {NAMES[kind]}: {problem.message}",
            path=path,
            line=problem.line,
            hint="send the whole file again, complete" if problem.at_end else "correct this place",
        )
        for problem in problems(kind, text)
    ]
