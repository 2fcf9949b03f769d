"""``gencode new`` and ``gencode resume``: one run, shown while it goes on, and summed up at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gencode_graph.cli.options import (
    Agents,
    Approve,
    AsJson,
    Budget,
    Explain,
    Kind,
    Look,
    Models,
    Place,
    Quiet,
    ReportFile,
    Run,
    Strict,
    UnsafeLocal,
    Walls,
    fresh,
    request_from,
    settings_from,
    slug,
    writable,
)
from gencode_graph.cli.output import complain, fault, note, progress, results, write_json

if TYPE_CHECKING:
    from gencode_graph.events import Event
    from gencode_graph.report import Report
    from gencode_graph.settings import Settings

    Start = Callable[[Callable[[Event], None]], Coroutine[Any, Any, Report]]


def new(
    request: Annotated[
        str, typer.Argument(metavar="REQUEST", help="What the app is to be, in a sentence or a few; - reads stdin.")
    ],
    workspace: Place = None,
    archetype: Kind = None,
    vibe: Look = None,
    model: Models = None,
    agents: Agents = None,
    budget_usd: Budget = None,
    strict_budget: Strict = None,
    sandbox: Walls = None,
    unsafe_local: UnsafeLocal = None,
    explain: Explain = False,
    report: ReportFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Turn REQUEST into a tested, running app.

    Examples:

    \b
      gencode new "Create a bug tracker with projects, issues and labels"
      gencode new "A clinic with patients" -w clinic --vibe pastel
      gencode new - < idea.txt --report report.json --quiet
      gencode new "A gym with memberships" --model openai:gpt-5-mini
    """
    from gencode_graph.blueprint.analysis import check_request

    text = check_request(request_from(request))
    file = writable(report)
    place = workspace.expanduser().absolute() if workspace else None
    settings = settings_from(
        workspace=place, archetype=archetype, vibe=vibe, model=model, agents=agents, budget_usd=budget_usd,
        strict_budget=strict_budget, sandbox=sandbox, unsafe_local=unsafe_local,
    )  # fmt: skip
    if settings.workspace is None:
        settings = settings.model_copy(update={"workspace": fresh(Path.cwd(), slug(text))})

    def start(hear: Callable[[Event], None]) -> Coroutine[Any, Any, Report]:
        from gencode_graph.running import agenerate

        return agenerate(text, settings=settings, on_event=hear)

    _carry_out(start, text, settings, file, explain=explain, as_json=as_json, quiet=quiet)


def resume(
    run: Run = None,
    approve: Approve = None,
    model: Models = None,
    agents: Agents = None,
    budget_usd: Budget = None,
    strict_budget: Strict = None,
    sandbox: Walls = None,
    unsafe_local: UnsafeLocal = None,
    explain: Explain = False,
    report: ReportFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Go on with RUN where it stopped; without RUN, with the newest one that did not end.

    It keeps the models, the budget and the sandbox that it had, unless others are given.

    Examples:

    \b
      gencode resume
      gencode resume 20261121-5a3f9c --report report.json
      gencode resume --budget-usd 10
    """
    from gencode_graph.errors import RunNotFoundError
    from gencode_graph.runs import Runs
    from gencode_graph.standing import ENDED

    settings = settings_from(
        model=model,
        agents=agents,
        budget_usd=budget_usd,
        strict_budget=strict_budget,
        sandbox=sandbox,
        unsafe_local=unsafe_local,
    )
    file = writable(report)
    table = Runs(settings)
    found = table.get(run) if run else next((r for r in table.recent() if r.status not in ENDED), None)
    if found is None:
        raise RunNotFoundError("every run has ended; `gencode runs` lists them, `gencode new REQUEST` starts one")

    def start(hear: Callable[[Event], None]) -> Coroutine[Any, Any, Report]:
        from gencode_graph.running import aresume

        return aresume(found.run_id, settings=settings, on_event=hear, approve=approve)

    here = settings.model_copy(update={"workspace": found.workspace})
    _carry_out(start, found.request, here, file, explain=explain, as_json=as_json, quiet=quiet)


def _carry_out(
    start: Start, request: str, settings: Settings, file: Path | None, *, explain: bool, as_json: bool, quiet: bool
) -> None:
    """Run it, show it, write the report, and exit with the status that the report calls for."""
    from gencode_graph.cli.explain import Explanation
    from gencode_graph.cli.interrupts import STATUS, Interrupted
    from gencode_graph.errors import GencodeError, StoppedError
    from gencode_graph.report import exit_status

    heard = Explanation()
    try:
        report = _watched(lambda hear: start(heard.hearing(hear)), request, quiet=quiet)
    except Interrupted:
        _give(_stopped(settings), file, as_json=as_json, quiet=True)
        raise typer.Exit(STATUS) from None
    except StoppedError as error:
        complain(str(error))
        _give(_stopped(settings), file, as_json=as_json, quiet=True)
        raise typer.Exit(error.exit_status) from None
    except GencodeError:
        raise
    except Exception as error:  # a fault of ours: said as one, and never with the status of a run that has ended
        fault(error)
        complain(f"a fault in gencode itself: {type(error).__name__}: {error}")
        _give(_stopped(settings), file, as_json=as_json, quiet=True)
        raise typer.Exit(StoppedError.exit_status) from None
    _give(report, file, as_json=as_json, quiet=quiet)
    if explain:
        progress().out(f"\n{heard.text()}", highlight=False)
    raise typer.Exit(exit_status(report))


def _watched(start: Start, request: str, *, quiet: bool) -> Report:
    from gencode_graph.cli.interrupts import interruptible
    from gencode_graph.cli.live import only_warnings, watching
    from gencode_graph.graph import APP
    from gencode_graph.nodes import STEPS

    personas = {name: step.persona for name, step in STEPS.items()}
    title = f"gencode · {' '.join(request.split())}"
    with only_warnings(progress()) if quiet else watching(progress(), title, APP, personas) as hear:
        return asyncio.run(interruptible(start(hear), notice=None if quiet else "Stopping. Ctrl-C again ends at once."))


def _stopped(settings: Settings) -> Report | None:
    """The report so far of the run in this workspace, and on stderr how to go on with it; None if none had begun."""
    from gencode_graph.runs import Runs
    from gencode_graph.standing import standing

    place = settings.workspace_of("")
    run = next((r for r in Runs(settings).recent() if r.workspace == place), None)
    if run is None:
        note("Stopped before the run began; nothing was made.", style="yellow")
        return None
    note(f"Stopped. Go on with: gencode resume {run.run_id}", style="yellow")
    return asyncio.run(standing(run, settings))


def _give(report: Report | None, file: Path | None, *, as_json: bool, quiet: bool) -> None:
    """Hand the report out in each form that was asked for."""
    from gencode_graph.cli.summary import show_report
    from gencode_graph.sandbox.folder import write_file

    if report is None:
        return
    if file:
        write_file(file, report.to_json().encode())
    if as_json:
        write_json(report.to_json())
    elif not quiet:
        show_report(results(), report)
