"""Files are cut where functions and classes begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.memory.chunks import LINES, chunks, language_of

PYTHON = '''
import os

@decorated
async def first(a):
    def inner(): ...
    return a

class Box:
    """A box."""
    size = 1

    def open(self): ...
'''
TSX = """
export default function Page() { return <p/>; }
export const useOrders = () => useQuery(orders);
const save = async (order: Order): Promise<void> => {
  await put(order);
};
export type Order = { id: string };
class Cart {
  total() { return 0; }
}
const limit = 10;
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", PYTHON, ["function first 4", "class Box 9", "function Box.open 13"]),
        (
            "a.tsx",
            TSX,
            ["function Page 2", "function useOrders 3", "function save 4", "class Order 7", "class Cart 8"],
        ),
        (
            "a.go",
            "package a\nfunc (s *Store) Put(k int) {}\ntype Store struct{}\n",
            ["function Put 2", "class Store 3"],
        ),
        ("a.rs", "pub fn run() {}\nstruct A;\n", ["function run 1", "class A 2"]),
        ("broken.py", "def (:\n", ["file broken.py 1"]),
        ("a.json", '{"a": 1}', ["file a.json 1"]),
        ("empty.py", "\n\n", []),
        ("a.unknown", "x\n" * (LINES + 1), ["file a.unknown 1", f"file a.unknown {LINES + 1}"]),
    ],
)
def test_pieces_have_a_kind_a_name_and_a_line(path: str, text: str, expected: list[str]) -> None:
    assert [f"{one.kind} {one.name} {one.line}" for one in chunks(path, text)] == expected


def test_a_class_does_not_repeat_its_methods() -> None:
    assert "def open" not in next(one.text for one in chunks("a.py", PYTHON) if one.name == "Box")


@given(st.text(), st.sampled_from(["a.py", "a.ts", "a.md", "a"]))
def test_any_text_can_be_cut(text: str, path: str) -> None:
    for one in chunks(path, text):
        assert one.text.strip()
        assert one.line <= text.count("\n") + text.count("\r") + len(text.splitlines()) + 1


@pytest.mark.parametrize(("path", "language"), [("x/a.TSX", "typescript"), ("a.py", "python"), ("Makefile", None)])
def test_the_language_follows_from_the_ending(path: str, language: str | None) -> None:
    assert language_of(path) == language
