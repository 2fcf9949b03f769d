"""A real Chromium that opens the pages of a served app, or does what a script says, and tells what is wrong there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from gencode_graph.errors import InputError, SandboxError
from gencode_graph.protocols import Sandbox
from gencode_graph.types import Command, Finding, Result, Value, Verdict

SCRIPTS = ("look.mjs", "act.mjs", "page.mjs")
FOLDER = ".look"
"""Of the scripts, in the sandbox."""


class Goto(Value):
    """Open a page."""

    do: Literal["goto"]
    path: Annotated[str, Field(pattern="^/")]


class Click(Value):
    """Click what can be clicked and has that name: a button, a link, a tab, an option."""

    do: Literal["click"]
    name: str


class Fill(Value):
    """Type into the field with that label or placeholder, in place of what is in it."""

    do: Literal["fill"]
    label: str
    text: str


class Expect(Value):
    """Wait until a text can be seen."""

    do: Literal["expect"]
    text: str


class Screenshot(Value):
    """Take a picture of the page, once it has come to rest."""

    do: Literal["screenshot"]
    name: Annotated[str, Field(pattern=r"^[\w-]{1,80}$")]


Step = Annotated[Goto | Click | Fill | Expect | Screenshot, Field(discriminator="do")]
_STEPS: TypeAdapter[tuple[Step, ...]] = TypeAdapter(tuple[Step, ...])


def read_steps(text: str | bytes) -> tuple[Step, ...]:
    """The steps of a script, a JSON list; ``InputError`` names what cannot be used."""
    try:
        return _STEPS.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part) for part in first["loc"])
        raise InputError(f"the script cannot be used: {where}: {first['msg']}; steps count from 0") from None


async def look(
    sandbox: Sandbox,
    base_url: str,
    pages: Mapping[str, str],
    out: str,
    *,
    packages: str = "frontend",
    seconds: float = 180.0,
    settle: float = 8.0,
) -> Verdict:
    """Open the pages at 1280 and 390 px, light and dark; their screenshots are all that is then in the folder ``out``.

    ``pages`` is name -> path; a path may hold ``$id``, which is found by the first link to such a page on its list
    page. A page has ``settle`` seconds to come to rest, and all have ``seconds`` together. ``packages`` is the folder
    whose ``node_modules`` hold Playwright and axe. The figures are ``{"screenshots": [{page, name, size, theme,
    file}]}``; pictures of a look that did not come to its end are deleted, as nothing tells of them. Raises
    ``SandboxError`` when the browser does not run.
    """
    job = {"pages": list(pages.items()), "settle": settle * 1000}
    result = await _visit(sandbox, "look.mjs", base_url, out, job, packages=packages, seconds=seconds)
    if isinstance(seen := await _told(sandbox, result, out, seconds), Verdict):
        return seen
    findings = [*judge(seen["faults"])]
    if not seen["axe"]:
        findings.append(
            Finding(rule="axe/not-run", message="axe-core is not installed", hint="add @axe-core/playwright")
        )
    return Verdict(findings=tuple(findings), figures={"screenshots": seen["screenshots"]})


async def act(
    sandbox: Sandbox,
    base_url: str,
    steps: Sequence[Step],
    out: str,
    *,
    packages: str = "frontend",
    seconds: float = 120.0,
    patience: float = 8.0,
    image: str = "app",
) -> Verdict:
    """Do one step after another in one page, up to the first that cannot be done; its pictures are all then in ``out``.

    A step has ``patience`` seconds, all have ``seconds`` together; ``image`` is where the browser is, in a pod: ``app``
    or ``browser``. Findings are that step, errors in the console, of
    scripts and of requests. The figures are ``{"steps": done, "screenshots": [{name, file}]}``. Raises
    ``SandboxError`` when the browser does not run.
    """
    job = {"steps": [step.model_dump() for step in steps], "patience": patience * 1000}
    result = await _visit(sandbox, "act.mjs", base_url, out, job, packages=packages, seconds=seconds, image=image)
    if isinstance(seen := await _told(sandbox, result, out, seconds), Verdict):
        return seen
    figures = {"steps": seen["done"], "screenshots": seen["screenshots"]}
    return Verdict(findings=tuple(judge(seen["faults"])), figures=figures)


async def _visit(
    sandbox: Sandbox,
    script: str,
    base_url: str,
    out: str,
    job: Mapping[str, Any],
    *,
    packages: str,
    seconds: float,
    image: str = "app",
) -> Result:
    """Run one of the scripts beside the packages that it needs, with ``out`` emptied."""
    here = Path(__file__)
    read = await asyncio.to_thread(lambda: {name: here.with_name(name).read_bytes() for name in SCRIPTS})
    await sandbox.put({f"{FOLDER}/{name}": text for name, text in read.items()}, owned=[out])
    up = "/".join(".." for _ in Path(packages).parts) or "."
    given = json.dumps({**job, "base": base_url.rstrip("/"), "out": out.strip("/"), "root": up})
    argv = ("node", f"{up}/{FOLDER}/{script}", given)
    return await sandbox.run(Command(argv=argv, cwd=packages, timeout=seconds, image=image))


async def _told(sandbox: Sandbox, result: Result, out: str, seconds: float) -> dict[str, Any] | Verdict:
    """What a script told; or a verdict, and no pictures, when it did not come to its end in time."""
    try:
        return dict(json.loads(result.stdout))
    except ValueError:
        await sandbox.put({}, owned=[out])
        if result.verdict == "timeout":
            late = Finding(rule="browser/timeout", message=f"the pages took more than {seconds:g} s")
            return Verdict(findings=(late,))
        raise SandboxError(f"the browser did not run ({result.verdict})\n{result.output[-2000:]}") from None


def judge(faults: Iterable[Mapping[str, Any]]) -> Iterable[Finding]:
    """One finding for each fault of a page, however many themes and sizes show it."""
    shown: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for fault in faults:
        numberless = re.sub(r"\d+", "0", str(fault["text"]))
        shown.setdefault((fault["rule"], fault["page"], numberless), []).append(fault)
    for (rule, page, _), same in sorted(shown.items()):
        variants = ", ".join(sorted({str(fault["variant"]) for fault in same}))
        yield Finding(rule=rule, message=f"{page}: {same[0]['text']} [{variants}]", hint=same[0]["hint"])
