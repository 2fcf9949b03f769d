"""So many at once, first come, first served, whatever the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
import time

from gencode_graph.llm.gate import Gate


class Counter:
    """How many are inside now, and were at most."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = self.most = self.entered = 0

    def enter(self) -> None:
        with self.lock:
            self.inside += 1
            self.entered += 1
            self.most = max(self.most, self.inside)

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1


async def stay(gate: Gate, counter: Counter, limit: int, seconds: float) -> None:
    """Go in, be counted, leave."""
    async with gate.passed(limit):
        counter.enter()
        try:
            await asyncio.sleep(seconds)
        finally:
            counter.leave()


async def test_no_more_at_once_than_the_limit_in_the_order_of_arrival() -> None:
    gate, counter, order = Gate(), Counter(), list[int]()

    async def come(number: int) -> None:
        async with gate.passed(2):
            order.append(number)
            counter.enter()
            await asyncio.sleep(0.005)
            counter.leave()

    await asyncio.gather(*(come(number) for number in range(12)))
    assert counter.most == 2
    assert order == list(range(12))


async def test_who_is_cancelled_takes_no_place() -> None:
    gate, counter, dice = Gate(), Counter(), random.Random(5)
    tasks = [asyncio.create_task(stay(gate, counter, 3, 0.01)) for _ in range(60)]
    for task in dice.sample(tasks, 30):
        await asyncio.sleep(0.002)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert counter.most <= 3
    assert counter.inside == 0
    await asyncio.wait_for(asyncio.gather(*(stay(gate, counter, 3, 0.0) for _ in range(3))), 1.0)


def test_one_limit_for_all_threads() -> None:
    gate, counter = Gate(), Counter()

    async def many() -> None:
        await asyncio.gather(*(stay(gate, counter, 2, 0.01) for _ in range(10)))

    threads = [threading.Thread(target=lambda: asyncio.run(many())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (counter.entered, counter.most, counter.inside) == (40, 2, 0)


def test_a_loop_that_ended_while_it_waited_holds_nobody_up() -> None:
    gate, counter = Gate(), Counter()
    inside, go = threading.Event(), threading.Event()

    async def first() -> None:
        async with gate.passed(1):
            inside.set()
            await asyncio.to_thread(go.wait, 5)

    holder = threading.Thread(target=lambda: asyncio.run(first()))
    holder.start()
    inside.wait(5)
    with contextlib.suppress(TimeoutError):
        asyncio.run(asyncio.wait_for(stay(gate, counter, 1, 0.0), 0.05))
    go.set()
    holder.join(5)
    began = time.monotonic()
    asyncio.run(stay(gate, counter, 1, 0.0))
    assert time.monotonic() - began < 1.0
