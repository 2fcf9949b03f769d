"""Healers of text in any language."""

from gencode_graph.healing.patient import Healer
from gencode_graph.healing.text.characters import unseen_characters
from gencode_graph.healing.text.leftover import leftover
from gencode_graph.healing.text.missing_file import missing_file
from gencode_graph.healing.text.wrapping import wrapping

HEALERS: tuple[Healer, ...] = (unseen_characters, wrapping, leftover, missing_file)
