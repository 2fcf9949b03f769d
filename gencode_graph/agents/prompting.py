"""Prompts: Markdown files rendered strictly; a name that a prompt uses and nobody gives is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

PROMPTS = Path(__file__).with_name("prompts")


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(PROMPTS),
        undefined=StrictUndefined,
        autoescape=False,  # the output is read by a model, as text
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def prompt(name: str, **values: object) -> str:
    """The prompt file ``prompts/<name>.md`` with its values."""
    return _environment().get_template(f"{name}.md").render(values)
