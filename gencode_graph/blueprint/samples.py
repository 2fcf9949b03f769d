"""Values for the generated tests: valid ones in ascending order, invalid ones, and rows that put a field to them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from itertools import islice, product, takewhile
from math import ceil, prod
from typing import Any

from gencode_graph.blueprint.columns import Column
from gencode_graph.blueprint.patterns import alphabets
from gencode_graph.blueprint.view import AppView, EntityView
from gencode_graph.spec import Aggregate, Workflow

Row = dict[str, Any]
_WORDS = ("Aster", "birch", "Cedar")


def values(column: Column) -> list[Any]:
    """Up to three valid values, ascending as lists are sorted."""
    if column.type == "enum":
        return [option.value for option in column.spec.options][:3]
    if column.is_text:
        return _texts(column)
    if column.is_number:
        return _numbers(column)
    if column.type == "boolean":
        return [False, True]
    clock = "" if column.type == "date" else "T09:00:00Z"
    return [f"2050-01-0{day}{clock}" for day in (1, 2, 3)]


def _texts(column: Column) -> list[Any]:
    if column.spec.pattern:
        backwards = [letters[::-1] for letters in alphabets(column.spec.pattern)]  # records count from the other end
        found = ["".join(letters) for letters in islice(product(*backwards), 3)]
        return sorted(set(found), key=str.lower)
    words = [word.lower() for word in _WORDS]
    made = {
        "email": [f"{word}@example.com" for word in words],
        "url": [f"https://{word}.example" for word in words],
        "image": [f"https://{word}.example/picture.png" for word in words],
        "phone": [f"+44 20 7947 000{n}" for n in (1, 2, 3)],
    }.get(column.type, list(_WORDS))
    if len(max(made, key=len)) <= column.max_length:
        return made
    return ["a@b.ca", "b@b.ca", "c@b.ca"] if column.type == "email" else [word[: column.max_length] for word in made]


def _numbers(column: Column) -> list[Any]:
    low, high = column.bounds
    if column.python == "int":
        first = 1 if low <= 1 and high >= 3 else int(low)
        return list(range(first, min(first + 2, int(high)) + 1))
    if low <= 1.5 and high >= 3.5:
        return [1.5, 2.25, 3.5]
    return sorted(v for v in {round(low + (high - low) * part, 2) for part in (0, 0.5, 1)} if low <= v <= high)


def row(entity: EntityView, column: Column, value: Any) -> Row:
    """What to send so that a field has a value: with both ends where it is one of a span."""
    for rule in entity.overlaps:
        if column.name in (rule.start, rule.end):
            day = str(value)[:10]
            return {rule.start: f"{day}T09:00:00Z", rule.end: f"{day}T10:00:00Z"}
    return {column.name: value}


def sort_rows(entity: EntityView) -> list[tuple[str, list[Row]]]:
    """(sort key, rows in that order) for every key of a list that follows from what is written."""
    found: list[tuple[str, list[Row]]] = [("created_at", [{}, {}, {}]), ("updated_at", [{}, {}, {}])]
    for column in entity.columns:
        if column.name in entity.sort_keys and len(some := values(column)) > 1:
            rows = [row(entity, column, value) for value in some]
            found.append((column.name, rows))
    if entity.sequence and not entity.sequence.per:
        found.append(("number", [{}, {}, {}]))
    if entity.board:
        found.append(("position", [{}, {}, {}]))
    return found


def filter_rows(entity: EntityView) -> list[tuple[Row, Row, Row]]:
    """(query, a row that it finds, a row that it does not)."""
    found = []
    for column in entity.columns:
        some = values(column)
        if column.type in ("enum", "boolean") and len(some) > 1:
            found.append(({column.name: some[1]}, {column.name: some[1]}, {column.name: some[0]}))
        elif column.is_time:
            one, two = row(entity, column, some[0]), row(entity, column, some[1])
            found.append(({f"{column.name}_from": two[column.name]}, two, one))
            found.append(({f"{column.name}_to": one[column.name]}, one, two))
    return found


def search_rows(entity: EntityView) -> list[tuple[str, Row, Row]]:
    """(text, a row that has it in one field, a row that has it nowhere), one for each field that is searched."""
    columns = [entity.column(name) for name in entity.spec.search]
    found = []
    for column in columns:
        other: Row = {c.name: values(c)[-1] for c in columns}
        wanted: Row = {c.name: values(c)[len(values(c)) // 2] for c in columns} | {column.name: values(column)[0]}
        text = str(wanted[column.name]).swapcase()
        if not any(text.lower() in str(value).lower() for value in other.values()):
            found.append((text, wanted, other))
    return found


def invalid(entity: EntityView) -> list[Row]:
    """Bodies in which every value is refused, until each has been."""
    bad = {c.name: list(_invalid(c)) for c in entity.columns}
    for relation in entity.relations:
        optional = relation.spec.kind == "one" and not relation.spec.required
        bad[relation.column] = ["not-an-id"] if optional else ["not-an-id", None]
    rounds = max(map(len, bad.values()))
    return [{name: found[n] for name, found in bad.items() if n < len(found)} for n in range(rounds)]


def _invalid(column: Column) -> Iterator[Any]:
    if column.is_text:
        if not column.blank:
            yield from ("", "   ")
        if column.pattern_name not in ("VISIBLE", "NO_NUL"):
            yield next(bad for bad in ("!?", "\n", "x" * (column.max_length + 1)) if not _fits(column, bad))
        yield Code(f'"x" * {column.max_length + 1}')
    elif column.is_number:
        low, high = column.bounds
        yield from (low - 1, high + 1, "many")
        if column.python == "int":
            yield low + 0.5
    elif column.type == "boolean":
        yield "perhaps"
    elif column.type == "enum":
        yield "no-such-value"
    else:
        yield from ("soon", 0)
    if not column.nullable:
        yield None


def _fits(column: Column, text: str) -> bool:
    return re.search(column.pattern, text) is not None and len(text) <= column.max_length


class Code(str):
    """A value of a row that is written as an expression."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def missing(entity: EntityView) -> list[str]:
    """What has to be given on creation."""
    return [c.name for c in entity.columns if c.must] + [r.column for r in entity.relations if r.spec.required]


def parents(app: AppView, own: bool) -> dict[str, dict[str, str]]:
    """Path -> the records that it needs, by column; ``own`` ones are part of what is unique together."""
    found: dict[str, dict[str, str]] = {}
    for entity in app.entities:
        unique = {name for rule in entity.uniques for name in rule.fields}
        for relation in entity.ones:
            if relation.spec.required and (relation.name in unique) == own:
                found.setdefault(entity.slug, {})[relation.column] = relation.target.slug
    return found


def defaults(entity: EntityView) -> Row:
    """What is read of a record that was made with no more than it needs."""
    found: Row = {c.name: c.default for c in entity.columns if not c.must and c.name not in _varied(entity)}
    return found | {r.column: None for r in entity.ones if not r.spec.required} | {r.name: [] for r in entity.manys}


def where_row(where: dict[str, tuple[str, ...]]) -> Row:
    """A row that meets the conditions."""
    return {name: options[0] for name, options in where.items()}


def outside_row(entity: EntityView, where: dict[str, tuple[str, ...]]) -> Row | None:
    """A row that does not meet the conditions; none if every row does."""
    for name, options in where.items():
        for option in entity.enum(name).options:
            if option.value not in options:
                return where_row(where) | {name: option.value}
    return None


def change(entity: EntityView) -> Row:
    """An update of the title."""
    column = entity.column(entity.spec.title)
    return {column.name: values(column)[-1]}


def record(entity: EntityView) -> dict[str, str]:
    """Field -> an expression of ``n`` for everything that a valid record has to be given, or that has to vary."""
    found: dict[str, str] = {}
    for column in entity.columns:
        if column.must or column.name in _varied(entity):
            found[column.name] = _expression(entity, column)
    return found


def _varied(entity: EntityView) -> set[str]:
    """Fields that take part in a unique_together, so that two records differ."""
    names = {name for rule in entity.uniques for name in rule.fields if not entity.relation(name)}
    return {name for name in names if not entity.column(name).nullable}


def _expression(entity: EntityView, column: Column) -> str:
    vary = column.spec.unique or column.name in _varied(entity)
    words = entity.words if column.name == entity.spec.title else column.name.replace("_", " ")
    if column.spec.pattern:
        letters = alphabets(column.spec.pattern)
        return f"spell([{_alphabets(letters)}], n)" if vary else repr(values(column)[0])
    if column.is_number:
        return (
            f"{ceil(max(column.bounds[0], min(100, column.bounds[1] - 100)))} + n" if vary else repr(values(column)[0])
        )
    texts = {
        "email": f'f"{entity.name.replace("_", "-")}{{n}}@example.com"',
        "url": 'f"https://example.com/{n}"',
        "image": 'f"https://example.com/{n}.png"',
        "phone": 'f"+44 20 7946 {n:04}"',
        "boolean": "n % 2 == 0",
        "date": "day(n)",
        "datetime": "moment(n)",
    }
    if column.type == "enum":
        options = [option.value for option in column.spec.options]
        before = takewhile(lambda c: c != column, (c for c in entity.columns if c.name in _varied(entity)))
        stride = prod(len(c.spec.options) or 1 for c in before)
        return f"{options!r}[n{f' // {stride}' if stride > 1 else ''} % {len(options)}]"
    if any(column.name == rule.end for rule in entity.overlaps):
        return "moment(n, hour=10)"
    if column.type in texts and column.max_length >= 40:
        return texts[column.type]
    if column.type == "email":
        return 'f"{n}@b.ca"'
    text = f"{words.capitalize()} {{n}}"
    return f'f"{text}"' if len(text) <= column.max_length else "str(n)"


def _alphabets(letters: list[str]) -> str:
    names = {string.digits: "DIGITS", string.ascii_uppercase: "LETTERS"}
    return ", ".join(names.get(one, repr(one)) for one in letters)


def plain_search(entity: EntityView) -> str | None:
    """A searched field that takes any text."""
    return next((n for n in entity.spec.search if (c := entity.column(n)).trimmed and c.max_length >= 6), None)


def open_value(entity: EntityView, workflow: Workflow) -> str:
    """The first value of a workflow that is not final."""
    return next(o.value for o in entity.enum(workflow.field).options if o.value not in workflow.final)


def aggregate(entity: EntityView, rule: Aggregate) -> tuple[list[Row], Row | None, float]:
    """Rows that count, one that does not, and the figure that follows."""
    source = entity.app.entity(rule.source)
    rows = figure_rows(source, rule.of, rule.where, rule.via)
    return rows, outside_row(source, rule.where), figure(rows, rule.op, rule.of)


def figure_rows(
    entity: EntityView, of: str | None, where: dict[str, tuple[str, ...]], via: str | None = None
) -> list[Row]:
    """Two rows that a figure counts; only one where two with the same ``via`` could not be."""
    base = where_row(where)
    some = values(entity.column(of)) if of else [None]
    rows = [base | ({of: value} if of else {}) for value in (some[0], some[-1])]
    same = {via, *base, *([of] if rows[0] == rows[1] else [])}
    return rows[:1] if any(same.issuperset(rule.fields) for rule in entity.uniques) else rows


def figure(rows: list[Row], op: str, of: str | None) -> float:
    """The count, sum or average of rows."""
    if op == "count":
        return len(rows)
    total: float = sum(row[str(of)] for row in rows)
    return round(total if op == "sum" else total / len(rows), 2)


def needs(app: AppView) -> frozenset[str]:
    """What the maker of records uses: ``day``, ``moment``, ``spell``, ``DIGITS``, ``LETTERS``."""
    text = " ".join(value for entity in app.entities for value in record(entity).values())
    found = {name for name in ("day", "moment", "spell", "DIGITS", "LETTERS") if re.search(rf"\b{name}\b", text)}
    found |= {"moment"} if any(entity.overlaps for entity in app.entities) else set()
    return frozenset(found)
