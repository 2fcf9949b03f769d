"""AppSpec -> files: strict, sandboxed Jinja templates, one folder a step.

A template's path is its target: ``templates/app/backend_models/backend/app/models/[entity.name].py.j2`` is rendered
once for each entity, into ``backend/app/models/issue.py``. Segments may use any attribute of ``entity`` in brackets.
Files without ``.j2`` are copied as they are, and a template that renders to nothing but white space makes no file.
Files like ``_fields.j2`` are macros for the others.

Delimiters are ``<< value >>``, ``<% statement %>`` and ``<# comment #>``, so that Python and JSX braces need no care.
Templates see ``app`` (:class:`~gencode_graph.blueprint.view.AppView`), ``entity`` where repeated, ``seeds`` (the demo
data as JSON), ``contract`` (the OpenAPI document as JSON), and the filters below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from gencode_graph.blueprint import (
    backend,
    columns,
    contract_words,
    e2e,
    forms,
    icons,
    naming,
    prune,
    samples,
    samples_dashboard,
    shown,
    sitemap,
    theme,
    view,
    widgets,
    wording,
)
from gencode_graph.blueprint.contract import openapi
from gencode_graph.blueprint.seeds import seed_rows
from gencode_graph.blueprint.view import AppView
from gencode_graph.errors import GencodeError
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
        "icon": icons.component,
        "noun": naming.noun,
        "a_noun": naming.with_article,
        "enumname": shown.enum_name,
        "widgeticon": widgets.widget_icon,
        "where": lambda where: "{ " + ", ".join(f"{k}: {json.dumps(list(v))}" for k, v in where.items()) + " }",
        **{name: getattr(wording, name) for name in ("attr", "jsx", "literal", "local", "quote", "template")},
    }
    env.globals |= {"TEXT": view.TEXT, "NUMBERS": view.NUMBERS, "MAX_LENGTH": view.MAX_LENGTH}
    env.globals |= {"backend": backend, "columns": columns, "samples": samples}
    env.globals |= {"samples_dashboard": samples_dashboard, "words": contract_words}
    env.globals |= {"e2e": e2e, "forms": forms, "shown": shown, "sitemap": sitemap, "theme": theme, "widgets": widgets}
    return env


def render(step: str, spec: AppSpec) -> dict[str, str | bytes]:
    """All files of a step: path -> content. Pure; the same spec gives the same bytes."""
    app = AppView(spec)
    shared = {"app": app, "seeds": _document(seed_rows(app)), "contract": _document(openapi(spec))}
    files: dict[str, str | bytes] = {}
    for source in sorted(p for p in (ROOT / step).rglob("*") if p.is_file()):
        relative = source.relative_to(ROOT / step).as_posix()
        if re.match(r"_(?!_).*\.j2$", source.name) or source.suffix == ".pyc":  # pip compiles what it installs
            continue
        for target, context in _targets(relative, app):
            if not relative.endswith(".j2"):
                files[target] = source.read_bytes()
                continue
            template = environment().get_template(f"{step}/{relative}")
            text = template.render(**shared, **context)
            if text.strip():
                files[str(PurePosixPath(target).with_suffix(""))] = text
    return prune.unreached(files)


def render_all(spec: AppSpec) -> dict[str, str | bytes]:
    """The files of all steps, the AppSpec's and the contract's among them; unformatted, without the typed client.

    Raises ``GencodeError`` where the templates cannot make an app of the spec.
    """
    files: dict[str, str | bytes] = {
        "appspec.json": spec.model_dump_json(indent=1) + "\n",
        "openapi.json": _document(openapi(spec)) + "\n",
    }
    try:
        for folder in sorted(path.name for path in ROOT.iterdir() if path.is_dir()):
            files |= render(folder, spec)
    except (TemplateError, TypeError, ValueError, LookupError) as error:
        raise GencodeError(f"the generator cannot make an app of this: {type(error).__name__}: {error}") from error
    return files


def _document(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _targets(relative: str, app: AppView) -> Iterator[tuple[str, dict[str, Any]]]:
    if not _PLACEHOLDER.search(relative):
        yield relative, {}
        return
    for entity in app.entities:
        names = {found[0]: str(getattr(entity, found[1])) for found in _PLACEHOLDER.finditer(relative)}
        target = relative
        for placeholder, name in names.items():
            target = target.replace(placeholder, name)
        yield target, {"entity": entity}
