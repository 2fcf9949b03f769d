"""Classes of the app: what an instance has, as far as that can be read off the source."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from gencode_graph.healing.python.app import called

_ENUMS = {"Enum": str, "StrEnum": str, "IntEnum": int, "Flag": int}


@dataclass(frozen=True, kw_only=True)
class Members:
    """Of one class, with what it has from others."""

    fields: frozenset[str]
    """Annotated or assigned in the body."""
    methods: frozenset[str]
    whole: bool
    """Whether that is all it has, but for what its library adds."""

    @property
    def names(self) -> frozenset[str]:
        """Fields and methods."""
        return self.fields | self.methods


def class_named(name: str, files: Mapping[str, str]) -> tuple[str, ast.ClassDef] | None:
    """The only class of the app with a name, and its file."""
    found = [(path, node) for path, node in called(name, files) if isinstance(node, ast.ClassDef)]
    return found[0] if len(found) == 1 else None


def members(name: str, files: Mapping[str, str], depth: int = 6) -> Members | None:
    """What a class of the app has; None for a class that is not the app's."""
    found = class_named(name, files)
    if found is None or depth == 0:
        return None
    fields: set[str] = set()
    methods: set[str] = set()
    whole = True
    for node in found[1].body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=field)) | ast.Assign(targets=[ast.Name(id=field)]):
                fields.add(field)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                methods.add(node.name)
                fields |= {
                    inner.attr
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Attribute)
                    and isinstance(inner.ctx, ast.Store)
                    and ast.unparse(inner.value) == "self"
                }
    for basis in found[1].bases:
        last = ast.unparse(basis).partition("[")[0].rpartition(".")[2]
        above = members(last, files, depth - 1)
        if above is not None:
            fields |= above.fields
            methods |= above.methods
            whole = whole and above.whole
        elif last in _ENUMS:
            methods |= {one for one in dir(_ENUMS[last]) if not one.startswith("_")} | {"name", "value"}
        else:
            whole = False
    return Members(fields=frozenset(fields), methods=frozenset(methods), whole=whole)
