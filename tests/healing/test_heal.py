"""The healer applies every repair that holds, and nothing else."""

from __future__ import annotations

from gencode_graph.healing.heal import heal
from gencode_graph.healing.patient import Patient
from gencode_graph.types import Finding

FILES = {
    "backend/app/__init__.py": "",
    "backend/app/shop.py": '"""A shop."""\n\n\nclass Order:\n    """One order."""\n',
    "backend/app/till.py": '"""A till."""\n\n\ndef pay(order: Order) -> Order:\n    return order\n',
    "backend/tests/test_till.py": "def test_pays() -> None:\n    assert Order()\n",
}
UNDEFINED = Finding(rule="names/undefined", message="undefined name 'Order'", path="backend/app/till.py", line=4)


def patient(*may_write: str) -> Patient:
    return Patient(files=FILES, may_write=may_write)


def test_a_repair_is_told_with_its_healer() -> None:
    repairs = heal([UNDEFINED], patient("backend/"))
    assert repairs.files.keys() == {"backend/app/till.py"}
    assert "from app.shop import Order" in str(repairs.files["backend/app/till.py"])
    assert [(finding.message, name) for finding, name in repairs.done] == [("undefined name 'Order'", "missing_import")]
    assert repairs.left == ()


def test_files_of_others_are_left_alone() -> None:
    repairs = heal([UNDEFINED], patient("frontend/"))
    assert (repairs.files, repairs.left) == ({}, (UNDEFINED,))


def test_tests_are_left_alone() -> None:
    finding = UNDEFINED.model_copy(update={"path": "backend/tests/test_till.py", "line": 2})
    assert "backend/tests/test_till.py" not in heal([finding], patient("backend/")).files


def test_warnings_need_no_repair() -> None:
    assert heal([UNDEFINED.model_copy(update={"severity": "warning"})], patient("backend/")).files == {}


def test_a_repair_that_does_not_hold_is_not_made() -> None:
    def breaks(finding: Finding, patient: Patient) -> dict[str, str | None]:
        return {"backend/app/till.py": "def pay(:\n"}

    assert heal([UNDEFINED], patient("backend/"), [breaks]).files == {}
