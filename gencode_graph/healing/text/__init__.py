"""Healers of text in any language."""
