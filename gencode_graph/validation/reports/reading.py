"""The way from an output to its report: which format it is, and who reads that."""

from __future__ import annotations

from importlib import import_module

from gencode_graph.errors import SettingError
from gencode_graph.validation.reports.formats import FORMATS, GENERAL, kind_of
from gencode_graph.validation.reports.guarded import LIMIT, UnreadableError
from gencode_graph.validation.reports.recognition import recognise
from gencode_graph.validation.reports.report import Kind, Report, not_run


def read_report(
    output: str,
    *,
    format: str | None = None,  # noqa: A002
    tool: str | None = None,
    kind: Kind | None = None,
    exit_code: int | None = None,
) -> Report:
    """What a tool reported: never an error for what stands in ``output``, but the report of a tool that did not run.

    ``format``: a name of ``FORMATS``, recognised where it is not given; ``tool`` and ``kind`` decide where one text
    can be several things, and ``tool`` is the first part of the findings' rules. SettingError for an unknown format.
    """
    if format is not None and format not in FORMATS and format not in GENERAL:
        raise SettingError(f"no reader for {format!r}; there are: {', '.join(sorted([*FORMATS, *GENERAL]))}")
    about = kind or kind_of(format, tool)
    if len(output) > LIMIT:
        said = f"{len(output)} characters are more than the {LIMIT} that are read"
        return not_run(about, format or "unknown", said)
    known = recognise(output, format, tool, kind)
    if known is None:
        said = output.strip() or "it said nothing"
        return not_run(about, format or "unknown", f"nothing in it is a report that can be read: {said}")
    reader = FORMATS[known]
    module, _, function = reader.reads.partition(":")
    read = getattr(import_module(f"gencode_graph.validation.reports.{module}"), function)
    try:
        report: Report = read(output, tool=tool or reader.tool, exit_code=exit_code)
    except UnreadableError as error:
        return not_run(reader.kind, known, f"{error}: {output.strip()}"[:1500], _unreadable(reader.kind))
    return report


def _unreadable(kind: Kind) -> dict[str, float]:
    return {"suites": 0, "parse_errors": 1} if kind == "tests" else {}
