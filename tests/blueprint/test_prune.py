"""Only what is used stays in the web app."""

from __future__ import annotations

from gencode_graph.blueprint.prune import unreached

MAIN = 'import { Page } from "@/page";\nPage();\n'


def test_what_main_does_not_lead_to_goes() -> None:
    files = {
        "frontend/src/main.tsx": MAIN,
        "frontend/src/page.tsx": 'const lazy = () => import("./deep");\nexport function Page() {}\n',
        "frontend/src/deep/index.ts": "export default 1;\n",
        "frontend/src/page.test.tsx": 'import { Page } from "./page";\nPage();\n',
        "frontend/src/unused.tsx": "export const Unused = 1;\n",
        "frontend/src/unused.test.tsx": 'import { Unused } from "./unused";\nUnused;\n',
        "frontend/src/index.css": "",
        "frontend/biome.json": "{}",
    }
    gone = files.keys() - unreached(files).keys()
    assert gone == {"frontend/src/unused.tsx", "frontend/src/unused.test.tsx"}


def test_imports_for_nothing_go_with_what_they_name() -> None:
    text = (
        'import { type A, B, C as D, E } from "@/page";\n'
        'import { Card } from "@/card";\n'
        "const { E: x } = { E: 1 };\n"
        'const label: A = `${B("Card")}`; // Card\n'
        "x.Card;\n"
    )
    files = {"frontend/src/main.tsx": text, "frontend/src/card.tsx": "", "frontend/src/page.tsx": ""}
    kept = unreached(files)
    assert "frontend/src/card.tsx" not in kept
    assert str(kept["frontend/src/main.tsx"]).startswith('import { type A, B } from "@/page";\nconst')


def test_other_parts_of_the_app_are_left_alone() -> None:
    files = {"backend/app/main.py": "import os\n", "frontend/e2e/a.ts": 'import { a, b } from "./b";\na();\n'}
    assert unreached(files) == {**files, "frontend/e2e/a.ts": 'import { a } from "./b";\na();\n'}
