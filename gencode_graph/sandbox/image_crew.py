"""Several images built side by side, each after the one that it is made on, in threads that end with the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
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
    """Whether those that are up to date are built anew."""
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
    """Build images, those made on others after them, ``order.jobs`` at once; the names of those that failed."""
    places = threading.BoundedSemaphore(order.jobs)
    ended: dict[str, Future[bool]] = {it.name: Future() for it in recipes}

    def one(it: Recipe) -> bool:
        if it.parent in ended and not ended[it.parent].result():
            hear(News(name=it.name, what="failed", text=f"the image {it.parent}, which it is made on, failed"))
            return False
        with places:
            if not order.due(engine, it):
                hear(News(name=it.name, what="kept", built=engine.built(it.reference)))
                return True
            hear(News(name=it.name, what="began"))
            log = order.logs / f"{it.name}.log"
            try:
                built = build(
                    engine, it, base=order.base, certificates=order.certificates, log=log,
                    hear=lambda line: hear(News(name=it.name, what="said", text=line)),
                )  # fmt: skip
            except MissingError as error:
                hear(News(name=it.name, what="failed", text=str(error)))
                return False
            hear(News(name=it.name, what="built", built=built))
            return True

    def settle(it: Recipe) -> None:
        try:
            ended[it.name].set_result(one(it))
        except BaseException as error:  # for who waits, in another thread
            ended[it.name].set_exception(error)

    for it in recipes:
        threading.Thread(target=settle, args=(it,), daemon=True, name=f"image {it.name}").start()
    return [name for name, future in ended.items() if not future.result()]
