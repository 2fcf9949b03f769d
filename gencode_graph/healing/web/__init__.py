"""Healers of the web frontend, cheapest first."""

from gencode_graph.healing.patient import Healer
from gencode_graph.healing.web.arity import arity
from gencode_graph.healing.web.awaiting import awaiting
from gencode_graph.healing.web.contract_call import contract_call
from gencode_graph.healing.web.dependency import dependency, unvouched
from gencode_graph.healing.web.import_name import import_name
from gencode_graph.healing.web.import_path import import_path
from gencode_graph.healing.web.initial import initial
from gencode_graph.healing.web.jsx_tag import jsx_tag
from gencode_graph.healing.web.literal import literal
from gencode_graph.healing.web.misfit import misfit
from gencode_graph.healing.web.missing_file import missing_file
from gencode_graph.healing.web.missing_import import missing_import
from gencode_graph.healing.web.nullish import nullish
from gencode_graph.healing.web.property_name import property_name
from gencode_graph.healing.web.syntax_slip import syntax_slip
from gencode_graph.healing.web.tag_name import tag_name
from gencode_graph.healing.web.twice import twice
from gencode_graph.healing.web.undefined_name import undefined_name
from gencode_graph.healing.web.untyped import untyped
from gencode_graph.healing.web.unused import unused
from gencode_graph.healing.web.variables import variable

WEB: tuple[Healer, ...] = (
    syntax_slip,
    jsx_tag,
    dependency,
    unvouched,
    missing_file,
    import_path,
    import_name,
    missing_import,
    undefined_name,
    contract_call,
    tag_name,
    twice,
    awaiting,
    property_name,
    literal,
    nullish,
    initial,
    misfit,
    untyped,
    arity,
    unused,
    variable,
)
