"""A report for people: what was built, what the checks said, what is unmet, where it is and how to start it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gencode_graph.cli.live import shortened
from gencode_graph.cli.output import count
from gencode_graph.report import Report
from gencode_graph.report_parts import AppReport, Checks, Counts, Preview, SandboxReport, UsageReport

COLOURS = {"delivered": "green", "partial": "yellow", "failed": "red", "interrupted": "yellow"}
MEANING = {
    "delivered": "delivered",
    "partial": "delivered in part",
    "failed": "failed: there is no app that runs",
    "interrupted": "interrupted",
}
STEPS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "not_run": ("·", "dim")}
ASKED = {"met": ("✓", "green"), "unmet": ("✗", "red"), "unclear": ("?", "yellow")}


def show_report(console: Console, report: Report) -> None:
    """Print the report."""
    for line in lines(report):
        console.print(line)


def show_steps(console: Console, report: Report) -> None:
    """Print a table of the steps."""
    table = Table.grid(padding=(0, 2))
    for justify in ("left", "left", "right", "left", "left"):
        table.add_column(justify=justify)
    for step in report.steps:
        mark, colour = STEPS[step.status]
        again = count(step.attempts, "attempt") if step.attempts > 1 else ""
        notes = count(len(step.findings), "finding") if step.findings else ""
        seconds = f"{step.seconds:.1f} s" if step.status != "not_run" else ""
        more = ", ".join(filter(None, [again, notes]))
        table.add_row(Text(mark, style=colour), step.name, seconds, step.producer or "", more)
    console.print(table)


def lines(report: Report) -> Iterator[Text]:
    """The report, line by line."""
    name = report.app.name if report.app else "No app"
    yield (
        Text(name, style="bold")
        .append(" · ", style="dim")
        .append(MEANING[report.status], style=f"bold {COLOURS[report.status]}")
    )
    if report.app:
        yield _fact("Built", _built(report.app))
    yield _fact("Checks", _checked(report.checks))
    if report.checks.audits or report.checks.licences:
        yield _fact("Packages", _packages(report.checks))
    for sandbox in report.sandbox:
        yield _fact("Ran in", _ran_in(sandbox))
    if report.usage.calls:
        yield _fact("Models", _spent(report.usage))
    yield from _asked(report)
    yield from _trouble(report)
    yield _fact("Folder", report.workspace)
    if report.preview:
        yield _fact("See it", _seen(report.preview))
    if report.checks.screenshots:
        yield _fact("Pictures", str(Path(report.workspace, report.checks.screenshots[0]).parent))
    if report.status == "interrupted":
        yield _fact("Go on", f"gencode resume {report.run_id}")
    yield _fact("More", f"gencode show {report.run_id} --json")


def _seen(preview: Preview) -> str:
    if preview.url and preview.expires:
        return f"{preview.url}   (served until {preview.expires.astimezone():%H:%M})"
    return f"{preview.command}   (served for 30 minutes, Ctrl-C ends it)"


def _fact(label: str, text: str) -> Text:
    return Text(f"  {label:<10}", style="dim").append(text, style="not dim")


def _built(app: AppReport) -> str:
    kind = f"{app.archetype.replace('_', ' ')}, {app.vibe} look"
    records = ", ".join(e.name for e in app.entities)
    return f"{kind}; {records}; {count(len(app.routes), 'route')}, {count(len(app.pages), 'page')}"


def _checked(checks: Checks) -> str:
    runs = {
        "backend tests": checks.backend_tests,
        "API fuzzer": checks.contract,
        "unit tests": checks.unit_tests,
        "browser tests": checks.e2e,
    }
    pictures = count(len(checks.screenshots), "screenshot") if checks.screenshots else "no screenshots"
    return ", ".join([*(f"{name} {_counts(counts)}" for name, counts in runs.items()), pictures])


def _packages(checks: Checks) -> str:
    audits = [f"{kind} {audit.outcome}" for kind, audit in checks.audits.items()]
    if (licences := checks.licences) is None:
        return f"known weaknesses: {', '.join(audits)}"
    odd = f"{len(licences.unusual)} of them not" if licences.unusual else "all"
    return ", ".join([f"{licences.packages}, {odd} under permissive licences", *(f"weaknesses: {it}" for it in audits)])


def _ran_in(sandbox: SandboxReport) -> str:
    open_to = f"does not keep it from: {', '.join(sandbox.not_contained)}" if sandbox.not_contained else "walled in"
    return f"{sandbox.backend}, {open_to}" + (f" ({shortened(sandbox.why)})" if sandbox.why else "")


def _spent(usage: UsageReport) -> str:
    return f"{count(usage.calls, 'call')}, {usage.tokens_in + usage.tokens_out:,} tokens, {usage.usd:.2f} USD"


def _counts(counts: Counts | None) -> str:
    if counts is None:
        return "not run"
    parts = {"passed": counts.passed, "failed": counts.failed, "skipped": counts.skipped}
    return " ".join(f"{number} {word}" for word, number in parts.items() if number or word == "passed")


def _asked(report: Report) -> Iterator[Text]:
    """How much of the request is met, and each thing that is not."""
    if not report.requirements:
        return
    met = sum(r.status == "met" for r in report.requirements)
    yield _fact("Asked for", f"{met} of {len(report.requirements)} met")
    for asked in report.requirements:
        if asked.status != "met":
            mark, colour = ASKED[asked.status]
            why = asked.evidence[-1] if asked.evidence else ""
            yield Text(f"{'':12}{mark} ", style=colour).append(
                f"{asked.text}: {asked.status}{f' ({why})' if why else ''}", style="default"
            )


def _trouble(report: Report) -> Iterator[Text]:
    """Steps that failed, with the first of what was found, and warnings."""
    for step in report.steps:
        if step.status == "failed":
            yield Text(f"  Failed    {step.name}", style="red")
            errors = [f for f in step.findings if f.severity == "error"]
            for finding in errors[:3]:
                where = f"{finding.path}: " if finding.path else ""
                yield Text(f"{'':12}{where}{shortened(finding.message)}")
            if len(errors) > 3:
                yield Text(f"{'':12}and {len(errors) - 3} more", style="dim")
    for warning in report.warnings:
        yield _fact("Warning", warning)
