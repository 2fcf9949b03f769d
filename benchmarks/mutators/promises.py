"""Slips with ``async`` and ``await``."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutators.apps import App, Changes, each, shuffled


def await_in_plain_function(app: App, dice: Random) -> Changes | None:
    """``await`` in a function that is not asynchronous."""
    return each(
        app.python, r"^( +)((?:\w+ = |return )?)((?:crud|session)\.\w+\()", lambda m: f"{m[1]}{m[2]}await {m[3]}"
    )(app, dice)


def async_with_in_plain_function(app: App, dice: Random) -> Changes | None:
    """``async with`` or ``async for`` in a function that is not asynchronous."""
    return each(app.python, r"^( {4,})(with|for) (?!.*async)", lambda m: f"{m[1]}async {m[2]} ")(app, dice)


def await_on_plain_call(app: App, dice: Random) -> Changes | None:
    """A route made asynchronous, which awaits what is none of it."""
    routers = [path for path in app.python if "/routers/" in path]
    return each(
        routers,
        r"^def (\w+\(session.*(?:\n.*)*?)\n    return (crud\.\w+\()",
        lambda m: f"async def {m[1]}\n    return await {m[2]}",
    )(app, dice)


def asynchronous_helper(app: App, dice: Random) -> Changes | None:
    """A helper made asynchronous, whose callers do not await it."""
    return each(
        [p for p in app.python if p.endswith(("crud.py", "seed.py"))], r"^def (?=\w+\()", lambda m: "async def "
    )(app, dice)


def plain_lifespan(app: App, dice: Random) -> Changes | None:
    """An asynchronous function without its ``async``, or one without its decorator."""
    path = "backend/app/main.py"
    ways = {r"^async def lifespan": "def lifespan", r"^async def method_not_allowed": "def method_not_allowed"}
    for pattern in shuffled(ways, dice):
        if re.search(pattern, app.files[path], re.M):
            return {path: re.sub(pattern, ways[pattern], app.files[path], flags=re.M)}
    return None


def forgotten_await(app: App, dice: Random) -> Changes | None:
    """A promise used as if it were its value."""
    return each(app.scripts, r"\bawait (?!import)", lambda m: "")(app, dice)


def await_in_plain_script_function(app: App, dice: Random) -> Changes | None:
    """``await`` in a function of a script that is not asynchronous."""
    return each(app.scripts, r"\basync (?=\(|function|\w+ =>)", lambda m: "")(app, dice)


def await_added(app: App, dice: Random) -> Changes | None:
    """``await`` put before a call in a function that is not asynchronous."""
    return each(
        app.scripts,
        r"((?:=> |^ +)(?:const \w+ = )?)((?:saved|unwrap|navigate|refetch)\()",
        lambda m: f"{m[1]}await {m[2]}",
    )(app, dice)


PROMISES = {
    "python": (
        await_in_plain_function, async_with_in_plain_function, await_on_plain_call, asynchronous_helper, plain_lifespan,
    ),
    "typescript": (forgotten_await, await_in_plain_script_function, await_added),
}  # fmt: skip
