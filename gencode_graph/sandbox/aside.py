"""Blocking calls in threads of their own: an event loop's usual ones may all be waiting for what we do here."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="gencode-aside")


async def aside(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function returns, called in a thread."""
    call = functools.partial(function, *arguments, **named)
    return await asyncio.get_running_loop().run_in_executor(_threads, call)
