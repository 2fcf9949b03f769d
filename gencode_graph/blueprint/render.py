"""AppSpec -> files: strict, sandboxed Jinja templates, one folder a step.

A template's path is its target: ``templates/app/backend_models/backend/app/models/[entity.name].py.j2`` is rendered once
for each entity, into ``backend/app/models/issue.py``. Segments may use any attribute of ``entity`` in brackets. Files
without ``.j2`` are copied as they are, and a template that renders to nothing but white space makes no file.

Delimiters are ``<< value >>``, ``<% statement %>`` and ``<# comment #>``, so that Python and JSX braces need no care.
Templates see ``app`` (:class:`~gencode_graph.blueprint.view.AppView`), ``entity`` where repeated, and the filters below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from gencode_graph.blueprint import view
from gencode_graph.blueprint.view import AppView
from gencode_graph.spec import AppSpec

ROOT = Path(__file__).resolve().parents[1] / "templates" / "app"
_PLACEHOLDER = re.compile(r"\[entity\.(\w+)\]")


@cache
def environment() -> SandboxedEnvironment:
    """The one Jinja environment of the generator."""
    env = SandboxedEnvironment(
        loader=FileSystemLoader(ROOT),
        undefined=StrictUndefined,
        autoescape=False,  # the output is code, checked by its own parsers
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    env.filters |= {
        "pascal": view.pascal,
        "camel": view.camel,
        "kebab": view.kebab,
        "json": lambda value: json.dumps(value, ensure_ascii=False),
        "py": repr,
    }
    env.globals |= {"TEXT": view.TEXT, "NUMBERS": view.NUMBERS, "MAX_LENGTH": view.MAX_LENGTH}
    return env


def render(step: str, spec: AppSpec) -> dict[str, str | bytes]:
    """All files of a step: path -> content. Pure; the same spec gives the same bytes."""
    app = AppView(spec)
    files: dict[str, str | bytes] = {}
    for source in sorted(p for p in (ROOT / step).rglob("*") if p.is_file()):
        relative = source.relative_to(ROOT / step).as_posix()
        for target, context in _targets(relative, app):
            if not relative.endswith(".j2"):
                files[target] = source.read_bytes()
                continue
            template = environment().get_template(f"{step}/{relative}")
            text = template.render(app=app, **context)
            if text.strip():
                files[str(PurePosixPath(target).with_suffix(""))] = text
    return files


def _targets(relative: str, app: AppView) -> Iterator[tuple[str, dict[str, Any]]]:
    if not _PLACEHOLDER.search(relative):
        yield relative, {}
        return
    for entity in app.entities:
        yield _PLACEHOLDER.sub(lambda found, e=entity: str(getattr(e, found[1])), relative), {"entity": entity}
