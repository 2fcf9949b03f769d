"""Import statements of Python: what they bring, and a module with one more, one fewer or another one."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from gencode_graph.healing.python.source import Edit, edited, over, span, tree_of


@dataclass(frozen=True, order=True)
class Import:
    """One name and where it comes from: ``from module import name as bound``, or ``import module as bound``."""

    module: str
    """With its leading dots."""
    name: str | None
    """None for the module itself."""
    bound: str

    def statement(self) -> str:
        """As code."""
        if self.name is None:
            return f"import {self.module}" + (f" as {self.bound}" if self.bound != self.module else "")
        return f"from {self.module} import {_alias(self.name, self.bound)}"


@lru_cache(maxsize=1024)
def imports_of(text: str) -> tuple[Import, ...]:
    """What a module imports, at its top or inside; star imports left out."""
    found = []
    for node in statements(text):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, None, alias.asname or alias.name) for alias in node.names]
        else:
            named = [alias for alias in node.names if alias.name != "*"]
            found += [Import(module_of(node), alias.name, alias.asname or alias.name) for alias in named]
    return tuple(found)


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """All import statements of a module."""
    tree = tree_of(text)
    nodes = ast.walk(tree) if tree is not None else ()
    return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


def with_import(text: str, new: Import) -> str:
    """A module that also imports something: in the statement that takes from the same module, or in one of its own."""
    tree = tree_of(text)
    if tree is None:
        return text
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and new.name and module_of(node) == new.module:
            names = [(alias.name, alias.asname) for alias in node.names] + [(new.name, new.bound)]
            return edited(text, [over(text, node, _from(new.module, names))])
    line = text.count("\n", 0, offset := _behind_imports(text, tree)) + 1
    gap = "\n" if line == 1 and text and not text.startswith(("import ", "from ")) else ""
    return edited(text, [Edit(offset, offset, f"{new.statement()}\n{gap}")])


def moved(text: str, node: ast.ImportFrom, names: set[str], module: str) -> str:
    """A module in which some names of a statement come from another module."""
    there = [(alias.name, alias.asname) for alias in node.names if alias.name in names]
    stay = [(alias.name, alias.asname) for alias in node.names if alias.name not in names]
    statements = [_from(module, there)] + ([_from(module_of(node), stay)] if stay else [])
    joint = "\n" + " " * node.col_offset
    return edited(text, [over(text, node, joint.join(statements))])


def without(text: str, node: ast.Import | ast.ImportFrom, names: set[str]) -> str:
    """A module whose statement no longer takes some names; without the whole statement where nothing is left."""
    heads = isinstance(node, ast.Import)
    stay = [a for a in node.names if (a.asname or (a.name.split(".")[0] if heads else a.name)) not in names]
    if stay and isinstance(node, ast.ImportFrom):
        return edited(text, [over(text, node, _from(module_of(node), [(a.name, a.asname) for a in stay]))])
    if stay:
        return edited(text, [over(text, node, "import " + ", ".join(_alias(a.name, a.asname) for a in stay))])
    start, end = span(text, node)
    rest = re.sub(r"\A[ \t]*(?:#[^\n]*)?\n?", "", text[end:])
    return text[:start].rstrip(" \t") + rest


def module_of(node: ast.ImportFrom) -> str:
    """The module of a statement, with its leading dots."""
    return "." * node.level + (node.module or "")


def _from(module: str, names: list[tuple[str, str | None]]) -> str:
    listed = sorted({_alias(name, bound) for name, bound in names})
    line = f"from {module} import {', '.join(listed)}"
    return line if len(line) <= 110 else f"from {module} import (\n" + "".join(f"    {n},\n" for n in listed) + ")"


def _alias(name: str, bound: str | None) -> str:
    return name if bound in (None, name) else f"{name} as {bound}"


def _behind_imports(text: str, tree: ast.Module) -> int:
    """The start of the line behind the first run of imports; behind the docstring, or at the top, without any."""
    last: ast.stmt | None = None
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Import | ast.ImportFrom) or (docstring and last is None):
            last = node
        elif not isinstance(node, ast.Expr):
            break
    if last is None:
        return 0
    end = text.find("\n", span(text, last)[1])
    return len(text) if end < 0 else end + 1
