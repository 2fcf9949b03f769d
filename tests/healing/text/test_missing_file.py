"""A file that is gone comes back, if it is known what it was."""

from __future__ import annotations

from gencode_graph.blueprint.render import render_all
from gencode_graph.healing.patient import Patient
from gencode_graph.healing.text.missing_file import missing_file
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import texts
from tests.blueprint.specs import smallest

FILES = {"backend/app/__init__.py": "", "backend/app/main.py": "from app.shop import sell\n\nsell()\n"}
GONE = Finding(rule="imports/unresolved", message="there is no module app.shop", path="backend/app/main.py", line=1)


def test_what_was_green_comes_back() -> None:
    green = {**FILES, "backend/app/shop.py": "def sell() -> None:\n    return None\n"}
    patient = Patient(files=FILES, green=green, may_write=("backend/",))
    assert missing_file(GONE, patient) == {"backend/app/shop.py": green["backend/app/shop.py"]}


def test_what_nobody_knows_is_not_made_up() -> None:
    assert missing_file(GONE, Patient(files=FILES, may_write=("backend/",))) == {}


def test_what_the_step_may_not_write_stays_away() -> None:
    green = {**FILES, "backend/app/shop.py": ""}
    assert missing_file(GONE, Patient(files=FILES, green=green, may_write=("frontend/",))) == {}


def test_what_the_generator_makes_is_made_again() -> None:
    made = texts(render_all(smallest()))
    files = {path: text for path, text in made.items() if path != "backend/app/core/crud.py"}
    finding = GONE.model_copy(update={"message": "there is no module app.core.crud"})
    back = missing_file(finding, Patient(files=files, may_write=("backend/",)))
    assert list(back) == ["backend/app/core/crud.py"]
    assert "def paginate(" in str(back["backend/app/core/crud.py"])


def test_a_script_comes_back_too() -> None:
    files = {"frontend/src/main.tsx": 'import { cn } from "@/lib/utils";\n\ncn();\n'}
    green = {"frontend/src/lib/utils.ts": "export const cn = () => 1;\n"}
    finding = Finding(
        rule="imports/unresolved",
        message="@/lib/utils leads to no file of the app",
        path="frontend/src/main.tsx",
        line=1,
    )
    assert missing_file(finding, Patient(files=files, green=green, may_write=("frontend/",))) == green
