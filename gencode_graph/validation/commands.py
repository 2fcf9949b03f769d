"""Programs that an app is started with, and that its requirements do not bring."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gencode_graph.types import Finding

_STARTS = re.compile(r"^\s*(?:CMD|ENTRYPOINT|command:|entrypoint:)(.*)$", re.MULTILINE)
_PROGRAM = re.compile(r"(?<![\w./-])(uvicorn|gunicorn|hypercorn|alembic|celery)(?![\w./=-])")
_BRINGS = {"uvicorn": re.compile(r"^fastapi\[(?:standard|all)", re.MULTILINE)}
"""Packages that bring a program with them."""


def commands(files: Mapping[str, str]) -> list[Finding]:
    """A finding for each such program; nothing where a Dockerfile installs it by itself."""
    lists = [path for path in files if re.fullmatch(r"(?:.*/)?requirements[\w-]*\.txt", path) and "dev" not in path]
    places = [path for path in files if path.rsplit("/", 1)[-1] in ("Dockerfile", "compose.yaml", "docker-compose.yml")]
    main = next((path for path in lists if path.endswith("requirements.txt")), None)
    if main is None:
        return []
    declared = "\n".join(files[path] for path in lists)
    found: dict[str, Finding] = {}
    for path in places:
        for start in _STARTS.findall(files[path]):
            for name in _PROGRAM.findall(start):
                own = re.search(rf"^{name}\b", declared, re.MULTILINE) or re.search(
                    rf"install .*\b{name}\b", files[path]
                )
                if not own and not (name in _BRINGS and _BRINGS[name].search(declared)):
                    message = f"{name} is not declared in {main}, and {path} starts the app with it"
                    found[name] = Finding(
                        rule="imports/undeclared", message=message, path=main, hint=f"add {name} to it"
                    )
    return [*found.values()]
