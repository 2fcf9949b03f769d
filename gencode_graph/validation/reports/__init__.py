"""Outputs of test, lint, type, coverage and security tools, read into numbers and findings.

The one entry is :func:`read_report`; a reader is one file for each family of dialects, listed in ``formats.py``.
"""

from __future__ import annotations

from gencode_graph.validation.reports.reading import read_report
from gencode_graph.validation.reports.report import Case, Kind, Outcome, Report

__all__ = ["Case", "Kind", "Outcome", "Report", "read_report"]
