"""Healers: producers that work only on findings."""
