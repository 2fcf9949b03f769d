"""Slips of syntax are put right with the least change."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gencode_graph.healing.python.syntax import readable
from gencode_graph.types import Finding
from tests.healing.python.shop import FILES, ORDERS, after, healed, shop

SLIPS = [
    ("colon", "-> Order:", "-> Order"),
    ("colon of an if", "is None:", "is None"),
    ("closing bracket", "HTTPException(404)", "HTTPException(404"),
    ("opening bracket", "raise HTTPException(404)", "raise HTTPException 404)"),
    ("inner bracket", "Order.id == number))", "Order.id == number)"),
    ("wrong bracket", "HTTPException(404)", "HTTPException(404]"),
    ("a bracket too many", "HTTPException(404)", "HTTPException(404))"),
    ("quote", 'prefix="/orders"', 'prefix="/orders'),
    ("quote at the start", 'prefix="/orders"', 'prefix=/orders"'),
    ("end of a docstring", '"""Orders over HTTP."""', '"""Orders over HTTP.""'),
    ("indentation too small", "    return found", "  return found"),
    ("indentation too great", "    return found", "      return found"),
    ("block not indented", "        raise HTTP", "    raise HTTP"),
    ("tab", "    return found", "\treturn found"),
    ("keyword misspelt", "def find", "dfe find"),
    ("return misspelt", "return found", "retrun found"),
    ("import misspelt", "from fastapi import", "from fastapi improt"),
    ("comma", "session: Session, number: int) -> Order", "session: Session number: int) -> Order"),
    ("one equals sign", "if found is None:", "if found = None:"),
    ("a brace of another language", "is None:", "is None {"),
    ("a brace of a string", "{order.id} at", "{order.id at"),
]


@pytest.mark.parametrize(("what", "old", "new"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_put_right(what: str, old: str, new: str) -> None:
    broken = shop(ORDERS, old, new)
    finding = Finding(rule="syntax/python", message="not valid Python", path=ORDERS, line=1)
    made = after(broken, healed(broken, finding))
    expected = FILES[ORDERS].replace("is None", "== None", 1) if what == "one equals sign" else FILES[ORDERS]
    assert ast.dump(ast.parse(made[ORDERS])) == ast.dump(ast.parse(expected))


def test_several_slips_of_one_file_are_put_right() -> None:
    broken = shop(ORDERS, "-> Order:", "-> Order")
    broken[ORDERS] = broken[ORDERS].replace("HTTPException(404)", "HTTPException(404").replace('"/orders"', '"/orders')
    assert after(broken, healed(broken))[ORDERS] == FILES[ORDERS]


def test_python_two_is_told_in_python_three() -> None:
    files = {
        **FILES,
        "backend/app/job.py": 'try:\n    print "done"\nexcept ValueError, error:\n    raise OSError, "no"\n',
    }
    text = after(files, healed(files))["backend/app/job.py"]
    assert text == 'try:\n    print("done")\nexcept ValueError as error:\n    raise OSError("no")\n'


def test_prose_is_no_slip() -> None:
    files = {
        **FILES,
        "backend/app/job.py": "I am sorry, but I cannot write this file for you.\nPlease ask again later!\n",
    }
    assert "backend/app/job.py" not in healed(files).files


@given(st.text(alphabet="()[]{}:,=\"' \nabdefnr.#\t", max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_offered_can_be_read(text: str) -> None:
    for _, one in readable(text):
        ast.parse(one)
