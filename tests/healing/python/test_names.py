"""Names and imports of Python are healed to what they were; what is not certain stays as it is."""

from __future__ import annotations

import ast

import pytest

from gencode_graph.types import Finding
from tests.healing.python.shop import FILES, ORDERS, after, healed, shop

DB, MODEL, LIST = "backend/app/core/db.py", "backend/app/models/order.py", "backend/app/models/__init__.py"

FAULTS = [
    ("missing import", ORDERS, "from sqlalchemy import select\n", ""),
    ("missing name of an import", ORDERS, "APIRouter, HTTPException", "APIRouter"),
    ("missing own import", ORDERS, "from app.core.db import utcnow\n", ""),
    ("missing own name", ORDERS, "import Order, Status", "import Status"),
    ("missing standard import", MODEL, "from enum import StrEnum\n", ""),
    ("missing names of datetime", DB, "from datetime import UTC, datetime\n", ""),
    ("module misspelt", ORDERS, "app.models.order", "app.models.orders"),
    ("module with a word more", ORDERS, "app.models.order", "app.models.order_model"),
    ("package left out", ORDERS, "from app.core.db", "from app.db"),
    ("own package left out", ORDERS, "from app.models.order", "from models.order"),
    ("wrong own module", ORDERS, "app.models.order import", "app.core.db import"),
    ("library misspelt", ORDERS, "from fastapi", "from fastpi"),
    ("module of a library misspelt", ORDERS, "sqlalchemy.orm", "sqlalchemy.orn"),
    ("name of a library misspelt", ORDERS, "import APIRouter,", "import APIRoutr,"),
    ("name of an own import misspelt", ORDERS, "import utcnow", "import utcnwo"),
    ("standard module misspelt", DB, "from datetime", "from datetme"),
    ("use misspelt", ORDERS, "find(session, number)\n    order", "find(sesion, number)\n    order"),
    ("local misspelt", ORDERS, "return found", "return fuond"),
    ("class misspelt", ORDERS, "-> Order:", "-> Ordre:"),
    ("case of a class", ORDERS, "-> Order:", "-> order:"),
    ("constant of another language", ORDERS, "is None", "is none"),
    ("definition misspelt", DB, "def utcnow", "def utcnw"),
    ("class misspelt where it is defined", DB, "class Base(", "class Bsae("),
    ("attribute of an enum", ORDERS, "Status.paid", "Status.payd"),
    ("attribute of an own class", ORDERS, "Order.id ==", "Order.idd =="),
    ("attribute of a library's object", ORDERS, "session.scalar(", "session.scalr("),
    ("argument of a library", ORDERS, "prefix=", "prefx="),
    ("argument of a library in another case", ORDERS, "prefix=", "Prefix="),
    ("argument of a column", MODEL, "primary_key", "primry_key"),
    ("list of models", LIST, "app.models.order", "app.models.odrer"),
]


@pytest.mark.parametrize(("what", "path", "old", "new"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_was_broken_is_as_it_was(what: str, path: str, old: str, new: str) -> None:
    broken = shop(path, old, new)
    made = after(broken, healed(broken))
    assert {one: ast.dump(ast.parse(made[one])) for one in made if one.endswith(".py")} == {
        one: ast.dump(ast.parse(FILES[one])) for one in FILES if one.endswith(".py")
    }


def test_a_misspelt_class_whose_import_nothing_used_any_more_is_imported_again() -> None:
    broken = shop(MODEL, "class Order(Base)", "class Order(Bases)")
    broken[MODEL] = broken[MODEL].replace("from app.core.db import Base\n", "")
    made = after(broken, healed(broken))[MODEL]
    assert "class Order(Base)" in made
    assert "from app.core.db import Base\n" in made


UNCERTAIN = [
    ("a name like nothing else", ORDERS, "return found", "return whatever_this_is"),
    ("a name between two", ORDERS, "found = session", "fount = fourd = session"),
    (
        "a module like nothing else",
        ORDERS,
        "from app.core.db import utcnow",
        "from app.billing.tax import vat as utcnow",
    ),
    ("a number in a name", ORDERS, "return found", "return v2"),
    ("an attribute of something unknown", ORDERS, "{order.id}", "{order.customer_number}"),
]


@pytest.mark.parametrize(("what", "path", "old", "new"), UNCERTAIN, ids=[fault[0] for fault in UNCERTAIN])
def test_what_is_not_certain_is_left_alone(what: str, path: str, old: str, new: str) -> None:
    assert healed(shop(path, old, new)).files == {}


def test_what_is_well_is_left_alone() -> None:
    assert healed(FILES).files == {}


def test_two_modules_that_define_a_name_are_not_chosen_between() -> None:
    files = shop(ORDERS, "from app.core.db import utcnow\n", "")
    files["backend/app/core/clock.py"] = "def utcnow() -> str:\n    return ''\n"
    assert healed(files).files == {}


def test_a_neighbour_decides_between_two_modules() -> None:
    files = shop(ORDERS, "from app.core.db import utcnow\n", "")
    files["backend/app/core/clock.py"] = "def utcnow() -> str:\n    return ''\n"
    files["backend/app/routers/bills.py"] = "from app.core.clock import utcnow\n\nNOW = utcnow()\n"
    assert "from app.core.clock import utcnow" in str(healed(files).files[ORDERS])


def test_the_green_file_decides_before_all_others() -> None:
    from gencode_graph.healing.heal import heal
    from gencode_graph.healing.patient import Patient

    files = shop(ORDERS, "from app.core.db import utcnow\n", "")
    files["backend/app/core/clock.py"] = "def utcnow() -> str:\n    return ''\n"
    finding = Finding(rule="names/undefined", message="undefined name 'utcnow'", path=ORDERS, line=22)
    repairs = heal([finding], Patient(files=files, green=FILES, may_write=("backend/",)))
    assert repairs.files == {ORDERS: FILES[ORDERS]}


def test_an_import_that_is_right_may_not_be_changed_by_a_finding() -> None:
    finding = Finding(rule="imports/name", message="app/core/db.py does not define utcnow", path=ORDERS, line=8)
    assert healed(FILES, finding).files == {}


def test_tests_are_never_changed() -> None:
    files = shop("backend/tests/test_orders.py", "import pay", "import pya")
    finding = Finding(rule="imports/name", message="does not define pya", path="backend/tests/test_orders.py", line=1)
    assert "backend/tests/test_orders.py" not in healed(files, finding).files


def test_files_of_other_steps_are_never_changed() -> None:
    files = shop(DB, "from datetime import UTC, datetime\n", "")
    assert healed(files, may_write=("backend/app/routers/",)).files == {}
