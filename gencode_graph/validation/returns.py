"""Python functions that promise a value and can end without one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
_NOTHING = ("None", "NoReturn", "Never", "Any", "object", "Optional", "Generator", "Iterator", "Iterable")
_STUBS = ("abstractmethod", "overload", "abstractproperty")


def lacks_return(module: ast.Module) -> Function | None:
    """The first function that promises a value and can run past its last statement, as far as that is certain."""
    end = module.body[-1].end_lineno if module.body else 0
    for function in _functions(module.body):
        bare = _says_little(function) and function.end_lineno != end
        if _promises(function) and not bare and not is_stub(function) and falls(function.body):
            return function
    return None


def _functions(body: list[ast.stmt], in_protocol: bool = False) -> Iterator[Function]:
    for node in body:
        if isinstance(node, Function):
            if not in_protocol:
                yield node
            yield from _functions(node.body)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, any("Protocol" in ast.unparse(base) for base in node.bases))


def _promises(function: Function) -> bool:
    if function.returns is None:
        return False
    text = ast.unparse(function.returns)
    names = {n.id for n in ast.walk(function.returns) if isinstance(n, ast.Name)} | {
        n.attr for n in ast.walk(function.returns) if isinstance(n, ast.Attribute)
    }
    return not names.intersection(_NOTHING) and "None" not in text and not yields(function)


def yields(function: Function) -> bool:
    """Whether a function is a generator."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own(function))


def own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def is_stub(function: Function) -> bool:
    """Whether a function is only there to be overridden or to show its types."""
    return any(ast.unparse(d).rpartition(".")[2].startswith(_STUBS) for d in function.decorator_list)


def _says_little(function: Function) -> bool:
    """Nothing but a docstring, ``pass`` or ``...``."""
    return all(
        isinstance(part, ast.Pass) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in function.body
    )


def falls(body: list[ast.stmt]) -> bool:
    """Whether control certainly can run past a block; what cannot be told counts as no."""
    last = body[-1]
    match last:
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign() | ast.For() | ast.AsyncFor() | ast.Delete():
            return True
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.If():
            return falls(last.body) or not last.orelse or falls(last.orelse)
        case ast.Expr(value=ast.Constant()) if len(body) == 1:
            return True  # a docstring and nothing else
        case _:
            return False
