"""Prompts: Markdown files rendered strictly; a name that a prompt uses and nobody gives is an error."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from gencode_graph.plain import plain
from gencode_graph.workspace import strip_hidden

PROMPTS = Path(__file__).with_name("prompts")


@cache
def _environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        loader=FileSystemLoader(PROMPTS),
        undefined=StrictUndefined,
        autoescape=False,  # the output is read by a model, as text
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["sealed"] = sealed
    return made


def sealed(text: str) -> str:
    """What programs said, between two lines that it cannot forge: their mark is the hash of all that stands between."""
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"<data {mark}>\n{text.strip(chr(10))}\n</data {mark}>\n"


def prompt(name: str, **values: object) -> str:
    """The prompt file ``prompts/<name>.md`` with its values, without characters that a person would not see."""
    return strip_hidden(plain(_environment().get_template(f"{name}.md").render(values)))
