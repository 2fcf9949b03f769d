"""Variables of style sheets and of the environment: misspelt ones are told of, and put right."""

from __future__ import annotations

import pytest

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web.variables import variable
from gencode_graph.validation.variables import variables

FILES = {
    "frontend/src/index.css": ":root {\n  --color-accent: red;\n  --radius-card: 4px;\n}\n",
    "frontend/src/vite-env.d.ts": 'interface ImportMetaEnv {\n  readonly VITE_API?: "mock";\n}\n',
    "frontend/.env": "VITE_TITLE=Shop\n",
}
USES = [
    ("a.css", "p {\n  color: var(--color-accent);\n}\n", None),
    ("a.css", "p {\n  color: var(--colour-acent);\n}\n", "--color-accent"),
    ("a.css", "p {\n  color: var(--color-acent, blue);\n}\n", None),
    ("a.css", "p {\n  width: var(--radix-popper-width);\n}\n", None),
    ("a.css", "p {\n  width: var(--something-of-a-library);\n}\n", None),
    ("a.tsx", 'export const A = () => <p className="rounded-[var(--radius-crad)]" />;\n', "--radius-card"),
    ("a.ts", "export const api = import.meta.env.VITE_API;\n", None),
    ("a.ts", "export const title = import.meta.env.VITE_TITEL;\n", "VITE_TITLE"),
    ("a.ts", "export const other = import.meta.env.VITE_ANALYTICS_ADDRESS;\n", None),
]


@pytest.mark.parametrize(("name", "text", "meant"), USES)
def test_only_a_misspelt_one_is_told_of(name: str, text: str, meant: str | None) -> None:
    path = f"frontend/src/{name}"
    files = {**FILES, path: text}
    found = variables(files)
    assert [finding.path for finding in found] == ([path] if meant else [])
    for finding in found:
        repair = variable(finding, Patient(files=files, may_write=("frontend/",)))
        assert f"{meant}" in str(repair[path])
        assert variables({**files, path: str(repair[path])}) == []
