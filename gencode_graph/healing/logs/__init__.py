"""Readers of what tools print: a file a family of tools, each turning a log into clues."""
