"""Apps served on this machine for a while: by whom, where and until when, with a limit on how many."""

from gencode_graph.preview.app import App, app, served
from gencode_graph.preview.records import MINUTES, Previews, Record
from gencode_graph.preview.serving import Serving, start
from gencode_graph.preview.trial import tried

__all__ = ["MINUTES", "App", "Previews", "Record", "Serving", "app", "served", "start", "tried"]
