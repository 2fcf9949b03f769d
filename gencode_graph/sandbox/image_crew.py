"""Several images built side by side, each after the one that it is made on, in threads that end with the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gencode_graph.errors import MissingError
from gencode_graph.sandbox.image_builds import Built, ImageEngine, build, digest_of, state_of
from gencode_graph.sandbox.image_recipes import Recipe, in_order, recipe


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that happened to one image."""

    name: str
    what: Literal["began", "said", "built", "kept", "failed"]
    text: str = ""
    """What the engine said, or why it failed."""
    built: Built | None = None


@dataclass(frozen=True, kw_only=True)
class Order:
    """Which images are wanted, and made of what."""

    names: tuple[str, ...]
    logs: Path
    """Folder for what the engine says."""
    base: str | None = None
    """The image to make them on; None takes each recipe's own."""
    certificates: Mapping[str, bytes] = field(default_factory=dict)
    exact: bool = False
    """Whether an image with other certificates is built anew."""
    again: bool = False
    """Whether all are built anew, with the newest packages of the base's distribution."""
    jobs: int = 2

    def due(self, engine: ImageEngine, it: Recipe) -> bool:
        """Whether an image must be built."""
        state, built = state_of(engine, it, self.base)
        if state != "fresh" or built is None:
            return True
        named = it.name in self.names
        return named and (self.again or (self.exact and built.certificates != digest_of(self.certificates)))


def build_all(engine: ImageEngine, order: Order, hear: Callable[[News], None]) -> list[str]:
    """Build what is not up to date; the names of those that failed. ``hear`` is told from several threads."""
    wanted = [recipe(name) for name in dict.fromkeys(order.names)]
    due = {it.name for it in wanted if order.due(engine, it)}
    for it in wanted:
        if it.name not in due:
            hear(News(name=it.name, what="kept", built=engine.built(it.reference)))
    return work_off(engine, order, in_order(tuple(due)), hear)


def work_off(engine: ImageEngine, order: Order, recipes: Sequence[Recipe], hear: Callable[[News], None]) -> list[str]:
    """Build images, ``order.jobs`` at once: always the first whose base is done. The names of those that failed.

    Raises what no recipe is to blame for, as soon as nothing is at work any more.
    """
    waiting, ended, faults = list(recipes), dict[str, bool](), list[BaseException]()
    changed = threading.Condition()

    def next_one() -> Recipe | None:
        names = {it.name for it in recipes}
        while waiting and not faults:
            for it in waiting:
                if it.parent not in names or it.parent in ended:
                    waiting.remove(it)
                    return it
            changed.wait()
        return None

    def work() -> None:
        while True:
            with changed:
                it = next_one()
            if it is None:
                return
            try:
                if ended.get(it.parent or "", True):
                    done = one(engine, order, it, hear)
                else:
                    done = False
                    hear(News(name=it.name, what="failed", text=f"{it.name} is made on {it.parent}, which failed"))
            except BaseException as error:  # raised again below, in the thread that asked
                faults.append(error)
                done = False
            with changed:
                ended[it.name] = done
                changed.notify_all()

    threads = [threading.Thread(target=work, daemon=True, name="images") for _ in range(order.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return [it.name for it in recipes if not ended[it.name]]


def one(engine: ImageEngine, order: Order, it: Recipe, hear: Callable[[News], None]) -> bool:
    """Build an image unless it is up to date; whether it is there now."""
    if not order.due(engine, it):
        hear(News(name=it.name, what="kept", built=engine.built(it.reference)))
        return True
    hear(News(name=it.name, what="began"))
    try:
        built = build(
            engine, it, base=order.base, certificates=order.certificates, log=order.logs / f"{it.name}.log",
            hear=lambda line: hear(News(name=it.name, what="said", text=line)),
            afresh=order.again and it.name in order.names,
        )  # fmt: skip
    except MissingError as error:
        hear(News(name=it.name, what="failed", text=str(error)))
        return False
    hear(News(name=it.name, what="built", built=built))
    return True
