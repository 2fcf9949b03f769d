"""``gencode doctor``: what this machine has and lacks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import typer

from gencode_graph.cli.options import AsJson, settings_from
from gencode_graph.cli.output import results, write_json

if TYPE_CHECKING:
    from gencode_graph.machine import Need
    from gencode_graph.settings import Settings


def doctor(as_json: AsJson = False) -> None:
    """Look what is missing on this machine, and say how to get it. Exit status 3 if a run could not work."""
    from gencode_graph.errors import MissingError
    from gencode_graph.machine import examine

    settings = settings_from()
    found = examine(settings)
    found += [_images(docker=any(it.name == "docker" and it.found for it in found)), _models(settings)]
    if as_json:
        write_json([dataclasses.asdict(it) for it in found])
    else:
        for it in found:
            mark, style = ("✓", "green") if it.found else ("–", "yellow") if it.optional else ("✗", "red")
            results().print(f"[{style}]{mark}[/] {it.name:<10}", end="")
            results().out(it.found or f"missing; for {it.needed_for}\n{'':12}{it.how}", highlight=False)
    lacking = [it.name for it in found if not it.found and not it.optional]
    if lacking:
        if as_json:
            raise typer.Exit(MissingError.exit_status)
        raise MissingError(f"a run needs {', '.join(lacking)}; get what is missing as said above, then look again")


def _models(settings: Settings) -> Need:
    """Who would be asked to improve on the built-in drafts."""
    from gencode_graph.llm.providers import DEFAULTS, KEYS, chains_of
    from gencode_graph.machine import Need

    chain = chains_of(settings).get("medium")
    keys = ", ".join(KEYS[provider][0] for provider in DEFAULTS)
    return Need(
        name="models",
        found=", ".join(chain) if chain else None,
        needed_for="agents that improve on the built-in app",
        how=f"set one of {keys}; without, nothing is asked and nothing paid",
        optional=True,
    )


def _images(*, docker: bool) -> Need:
    """The images that code runs in: which are up to date, which are not, and which there are not."""
    from gencode_graph.machine import Need
    from gencode_graph.sandbox.image_recipes import names, recipe

    states = dict.fromkeys(names(), "missing")
    if docker:
        from gencode_graph.sandbox.image_builds import ImageEngine, state_of

        engine = ImageEngine()
        states = {name: state_of(engine, recipe(name))[0] for name in names()}
        engine.close()
    there = [name if state == "fresh" else f"{name} (stale)" for name, state in states.items() if state != "missing"]
    lacking = [name for name, state in states.items() if state != "fresh"]
    more = f"; missing or stale: {', '.join(lacking)} (gencode images build NAME)" if lacking else ""
    return Need(
        name="images",
        found=f"{', '.join(there)}{more}" if there else None,
        needed_for="running code that a model wrote, away from your files and network",
        how="gencode images build app" if docker else "get Docker, then: gencode images build app",
        optional=True,
    )
