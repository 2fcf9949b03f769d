"""Names of made-up people for demo data, from many places."""

from __future__ import annotations

import re
import unicodedata

PEOPLE = (
    "Maya Okafor", "Jonas Lindqvist", "Aiko Tanaka", "Priya Raman", "Tomás Herrera", "Lena Vogel", "Samuel Adeyemi",
    "Chloé Martin", "Omar Haddad", "Ingrid Solberg", "Mateo Rossi", "Nadia Petrova", "Daniel Cohen", "Wei Zhang",
    "Fatima Benali", "Lucas Ferreira", "Hannah Brooks", "Ravi Menon", "Sofia Kowalska", "Liam Gallagher",
    "Yuki Mori", "Amara Nwosu", "Elias Novak", "Grace Mbeki", "Noah Fischer", "Isabel Duarte",
)  # fmt: skip


def person(index: int) -> str:
    """A full name; the first 26 differ."""
    return PEOPLE[index % len(PEOPLE)]


def plain(text: str) -> str:
    """Lower-case letters and digits joined by single dashes: ``Tomás Herrera`` -> ``tomas-herrera``."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def email(name: str) -> str:
    """An address at a reserved domain."""
    return f"{plain(name).replace('-', '.') or 'hello'}@example.com"
