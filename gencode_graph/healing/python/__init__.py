"""Healers of Python, what occurs most first."""

from gencode_graph.healing.patient import Healer
from gencode_graph.healing.python.import_path import import_name, import_path
from gencode_graph.healing.python.missing_import import missing_import

HEALERS: tuple[Healer, ...] = (missing_import, import_path, import_name)
