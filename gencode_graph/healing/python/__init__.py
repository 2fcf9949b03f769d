"""Healers of Python, what occurs most first."""

from gencode_graph.healing.patient import Healer
from gencode_graph.healing.python.attribute import attribute, keyword_argument
from gencode_graph.healing.python.awaits import awaits
from gencode_graph.healing.python.circles import circular_import
from gencode_graph.healing.python.environment import environment
from gencode_graph.healing.python.fields import field, operation
from gencode_graph.healing.python.import_name import import_name
from gencode_graph.healing.python.import_path import import_path
from gencode_graph.healing.python.lint import lint
from gencode_graph.healing.python.members import member
from gencode_graph.healing.python.missing_import import missing_import
from gencode_graph.healing.python.misspelt_name import misspelt_name
from gencode_graph.healing.python.parameters import published_parameter
from gencode_graph.healing.python.published import published_answer, published_field
from gencode_graph.healing.python.requirements import requirements, unvouched
from gencode_graph.healing.python.routes import route
from gencode_graph.healing.python.serving import origin, port
from gencode_graph.healing.python.syntax import python_syntax
from gencode_graph.healing.python.tables import table

HEALERS: tuple[Healer, ...] = (
    python_syntax,
    missing_import,
    import_path,
    import_name,
    misspelt_name,
    member,
    attribute,
    keyword_argument,
    awaits,
    circular_import,
    route,
    field,
    operation,
    published_parameter,
    published_field,
    published_answer,
    requirements,
    unvouched,
    environment,
    table,
    origin,
    port,
    lint,
)
