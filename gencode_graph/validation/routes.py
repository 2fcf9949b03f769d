"""The routes of the backend, read off its routers, are those of the contract."""

from __future__ import annotations

from collections.abc import Mapping

from gencode_graph.types import Finding
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.openapi import CONTRACT, operations, shape_of
from gencode_graph.validation.routers import Route, published

MAIN = "backend/app/main.py"
_ROOT = "backend/"


def routes(files: Mapping[str, str]) -> list[Finding]:
    """Findings where code and contract differ, as far as routes are written out; nothing is missing before ``main``."""
    known = operations(files[CONTRACT]) if CONTRACT in files else None
    code = {p: t for p, t in files.items() if p.startswith(f"{_ROOT}app/") and kind_of(p) == "python"}
    made = published(code, _ROOT) if known is not None else None
    if known is None or not made:
        return []
    agreed = {(method, shape_of(path)): path for method, path in known}
    here = {(route.method, shape_of(route.path)): route for route in made}
    found = [
        Finding(
            rule="contract/route-extra",
            message=f"{route.method} {route.path} is not in {CONTRACT}",
            path=route.file,
            line=route.line,
            hint="take it out, or add it to the contract",
        )
        for key, route in here.items()
        if key not in agreed
    ]
    missing = [key for key in agreed if key not in here] if MAIN in code else []
    return found + [
        Finding(
            rule="contract/route-missing",
            message=f"no router has {key[0]} {agreed[key]}, which {CONTRACT} promises",
            path=_nearest(agreed[key], made),
            hint="write the route",
        )
        for key in missing
    ]


def _nearest(path: str, made: list[Route]) -> str:
    """The file whose routes share most with a path."""
    wanted = shape_of(path)

    def shared(route: Route) -> int:
        return sum(one == other for one, other in zip(wanted, shape_of(route.path), strict=False))

    return max(made, key=shared).file
