"""Healers of the web frontend, cheapest first."""

from gencode_graph.healing.patient import Healer
from gencode_graph.healing.web.import_name import import_name
from gencode_graph.healing.web.import_path import import_path
from gencode_graph.healing.web.missing_import import missing_import

WEB: tuple[Healer, ...] = (import_path, import_name, missing_import)
