"""Slips of syntax: for a place where Python cannot be read on, the small changes that may put it right."""
