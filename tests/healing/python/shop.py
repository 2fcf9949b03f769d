"""A small backend of a shop, on which healers are tried."""

from __future__ import annotations

from gencode_graph.healing.heal import Repairs, heal
from gencode_graph.healing.patient import Patient
from gencode_graph.types import Finding

FILES = {
    "backend/pyproject.toml": '[tool.ruff]\nline-length = 120\n\n[tool.ruff.lint.isort]\nknown-first-party = ["app"]\n',
    "backend/requirements.txt": "fastapi==0.165.0\nsqlalchemy==2.1.9\n",
    "backend/app/__init__.py": "",
    "backend/app/core/__init__.py": "",
    "backend/app/core/db.py": (
        '"""The database."""\n\nfrom datetime import UTC, datetime\n\nfrom sqlalchemy.orm import DeclarativeBase\n\n\n'
        "class Base(DeclarativeBase):\n    pass\n\n\ndef utcnow() -> datetime:\n    return datetime.now(UTC)\n"
    ),
    "backend/app/models/__init__.py": 'from app.models.order import Order\n\n__all__ = ["Order"]\n',
    "backend/app/models/order.py": (
        "from enum import StrEnum\n\n"
        "from sqlalchemy.orm import Mapped, mapped_column\n\n"
        "from app.core.db import Base\n\n\n"
        'class Status(StrEnum):\n    open = "open"\n    paid = "paid"\n\n\n'
        'class Order(Base):\n    __tablename__ = "orders"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
        "    status: Mapped[Status] = mapped_column(default=Status.open)\n"
    ),
    "backend/app/routers/__init__.py": "",
    "backend/app/routers/orders.py": (
        '"""Orders over HTTP."""\n\nfrom fastapi import APIRouter, HTTPException\nfrom sqlalchemy import select\n'
        "from sqlalchemy.orm import Session\n\nfrom app.core.db import utcnow\n"
        "from app.models.order import Order, Status\n\n"
        'router = APIRouter(prefix="/orders")\n\n\n'
        "def find(session: Session, number: int) -> Order:\n"
        "    found = session.scalar(select(Order).where(Order.id == number))\n"
        "    if found is None:\n"
        "        raise HTTPException(404)\n"
        "    return found\n\n\n"
        "def pay(session: Session, number: int) -> str:\n"
        "    order = find(session, number)\n"
        "    order.status = Status.paid\n"
        '    return f"{order.id} at {utcnow()}"\n'
    ),
    "backend/tests/test_orders.py": "from app.routers.orders import pay\n\n\ndef test_pay() -> None:\n    assert pay\n",
}
"""It parses, and nothing can be said against it."""

ORDERS = "backend/app/routers/orders.py"


def shop(path: str = ORDERS, old: str = "", new: str = "") -> dict[str, str]:
    """The shop, with a fault: the first ``old`` of a file is something else."""
    assert old in FILES[path], f"{path} has no {old!r}"
    return {**FILES, path: FILES[path].replace(old, new, 1)}


def healed(
    files: dict[str, str], finding: Finding | None = None, *, may_write: tuple[str, ...] = ("backend/",)
) -> Repairs:
    """What the healers make of the shop. Without a finding, of one that tells nothing: it is examined anyway."""
    silent = Finding(rule="backend/import", message="the app does not import", path="backend/app")
    return heal([finding or silent], Patient(files=files, may_write=may_write))


def after(files: dict[str, str], repairs: Repairs) -> dict[str, str]:
    """The files once they are repaired."""
    merged = {**files, **{path: text for path, text in repairs.files.items() if text is not None}}
    return {path: text for path, text in merged.items() if repairs.files.get(path, "") is not None}
