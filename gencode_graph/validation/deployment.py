"""What a Dockerfile or a compose file may not ask of the machine that runs the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from gencode_graph.types import Finding
from gencode_graph.validation.data_files import yaml_nodes
from gencode_graph.validation.kinds import kind_of

_COMPOSE = re.compile(r"(?:docker-)?compose(?:\.[\w.-]+)?\.ya?ml")
_DOCKERFILE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^\s*ADD\s+(?:--\S+\s+)*\[?[\s\"']*(?:https?://|git@|ssh://)", re.I), "adds a file of the network"),
    (re.compile(r"^\s*RUN\s+.*--security=insecure", re.I), "builds without the walls of the builder"),
    (re.compile(r"^\s*RUN\s+.*--network=host", re.I), "builds in the network of the machine"),
    (re.compile(r"\b(?:curl|wget)\b[^\n|;&]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b"), "runs a script of the network unseen"),
    (re.compile(r"docker\.sock"), "reaches for the machine's Docker"),
)
_OF_THE_HOST = ("network_mode", "network", "pid", "ipc", "uts", "userns_mode", "cgroup")
_WIDER = {"cap_add": "has more rights than a program needs", "devices": "reaches for the machine's devices"}
_TRUE = ("true", "yes", "on", "y")


def deployment(path: str, text: str) -> list[Finding]:
    """A finding for each place where a container would be more than the app in a box."""
    if kind_of(path) == "dockerfile":
        said = list(_dockerfile(text))
    elif _COMPOSE.fullmatch(PurePosixPath(path).name):
        said = list(_compose(text))
    else:
        return []
    return [
        Finding(
            rule="policy/container",
            message=f"{path} {what}",
            path=path,
            line=line,
            hint="leave it out: the app needs a port and a volume, and nothing of the machine",
        )
        for line, what in said
    ]


def _dockerfile(text: str) -> Iterator[tuple[int, str]]:
    joined = re.sub(r"\\[ \t]*\n", lambda match: " " * len(match[0]), text)
    for match in re.finditer(r"[^\n]+", joined):
        if not match[0].lstrip().startswith("#"):
            line = text.count("\n", 0, match.start()) + 1
            yield from ((line, what) for pattern, what in _DOCKERFILE if pattern.search(match[0]))


def _compose(text: str) -> Iterator[tuple[int, str]]:
    """Keys wherever they stand: what is written under an anchor counts as well."""
    import yaml

    try:
        waiting: list[Any] = yaml_nodes(text)
    except yaml.YAMLError:
        return  # told by the check of its syntax
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                line = key.start_mark.line + 1
                yield from ((line, what) for what in _asks(str(key.value), [str(it) for it in _scalars(value)]))


def _asks(key: str, values: list[str]) -> Iterator[str]:
    first = values[0] if values else ""
    if key == "privileged" and first.lower() in _TRUE:
        yield "runs a container that may do all that the machine may"
    if key in _OF_THE_HOST and first in ("host", *(f"{kind}:host" for kind in ("service", "container"))):
        yield f"shares the machine's own {key.removesuffix('_mode')}"
    if key in _WIDER and values:
        yield _WIDER[key]
    if key == "security_opt" and any("unconfined" in value or "no-new-privileges:false" in value for value in values):
        yield "takes the container's walls down"
    if key in ("volumes", "source", "device", "configs", "secrets", "file"):
        yield from (
            f"gives the container {value.split(':')[0]} of the machine"
            for value in values
            if re.match(r"(?:/|~|\.\.(?:/|$|:)|\$\{?HOME|[A-Za-z]:\\)", value)
        )
    if key in ("build", "context", "include", "dockerfile_inline") and re.match(r"(?:https?:|git@|ssh:|git:)", first):
        yield "is built from the network"


def _scalars(node: Any) -> list[Any]:
    """The value of a scalar, or those directly in a list."""
    if isinstance(node.value, str):
        return [node.value]
    return [item.value for item in node.value if not isinstance(item, tuple) and isinstance(item.value, str)]
