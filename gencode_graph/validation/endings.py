"""How the last function of a Python file ends: with something made for nobody, or without the value it gives before."""

from __future__ import annotations

import ast

from gencode_graph.validation.returns import Function, is_stub, own, yields


def unfinished(module: ast.Module) -> tuple[int, str] | None:
    """Line of the last function and why it cannot end there; None where nothing speaks against it."""
    function, siblings = _last(module)
    if function is None or is_stub(function):
        return None
    name = _made_for_nobody(function)
    if name:
        return function.lineno, f"{function.name} makes {name} and does nothing with it"
    sets = isinstance(function.body[-1], ast.Assign | ast.AugAssign | ast.AnnAssign)
    if sets and not yields(function) and _gives(function):
        return function.lineno, f"{function.name} gives a value before, and none at its end"
    if _only_says(function) and not any(_only_says(other) for other in siblings):
        return function.lineno, f"{function.name} has a docstring and no body"
    return None


def _last(module: ast.Module) -> tuple[Function | None, list[Function]]:
    """The function that ends a module, and those beside it."""
    body = module.body
    while body and isinstance(last := body[-1], ast.ClassDef):
        if any(ast.unparse(base).endswith(("Protocol", "ABC", "Interface")) for base in last.bases):
            return None, []
        body = last.body
    if not body or not isinstance(body[-1], Function):
        return None, []
    return body[-1], [node for node in body[:-1] if isinstance(node, Function)]


def _made_for_nobody(function: Function) -> str | None:
    """A local name that the last statement sets or fills, and that nothing reads."""
    made: dict[str, bool] = {}
    for node in own(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            return None
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            fresh = isinstance(node.value, ast.Dict | ast.List | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)
            made[name] = made.get(name, True) and fresh
    touched = {n.id for n in ast.walk(function.body[-1]) if isinstance(n, ast.Name)}
    reads = _reads(function)
    for name, fresh in made.items():
        if name in touched and not name.startswith("__") and name != "_":
            left = reads.get(name, 0) - (_fills(function, name) if fresh else 0)
            if left <= 0:
                return name
    return None


def _reads(function: Function) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in ast.walk(function):
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)) or (
            isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)
        ):
            found[node.id] = found.get(node.id, 0) + 1
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("locals", "vars"):
            return dict.fromkeys((n.id for n in ast.walk(function) if isinstance(n, ast.Name)), 1_000)
    return found


def _fills(function: Function, name: str) -> int:
    """How often a name is read only to put something into what it stands for."""
    count = 0
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _is(node.value, name):
            count += 1
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            count += isinstance(called, ast.Attribute) and _is(called.value, name)
    return count


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _gives(function: Function) -> bool:
    return any(
        isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None"
        for node in own(function)
    )


def _only_says(function: Function) -> bool:
    takes_anything = function.args.vararg is not None and function.args.kwarg is not None
    return len(function.body) == 1 and ast.get_docstring(function) is not None and not takes_anything
