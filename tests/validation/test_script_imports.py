"""Imports of scripts and styles lead to files, to names that are exported, and to declared packages."""

from __future__ import annotations

import pytest

from gencode_graph.validation.script_imports import script_imports

APP = {
    "frontend/package.json": '{"name": "frontend", "dependencies": {"react": "19", "@scope/a": "1"},'
    ' "devDependencies": {"vitest": "4", "@types/geojson": "1"}}',
    "frontend/tsconfig.json": '{\n  // aliases\n  "compilerOptions": {"paths": {"@/*": ["./src/*"]}},\n}',
    "frontend/src/lib.ts": "export const one = 1, { two, three: [four] } = x;\n"
    "export function five() {}\nexport type Six = 6;\n",
    "frontend/src/all.ts": 'export * from "./lib";\nexport { default as Seven } from "./seven";\nexport default 8;\n',
    "frontend/src/seven.tsx": "export default function Seven() {}\nexport { a as nine };\nconst a = 9;\n",
    "frontend/src/old.js": "module.exports = {};\n",
    "frontend/src/ui/index.ts": "export enum Ten { a }\nexport abstract class Eleven {}\nexport namespace Twelve {}\n",
    "frontend/src/logo.svg": "<svg/>",
    "frontend/src/data.json": "{}",
    "frontend/src/photo.png": "",
}
RIGHT = [
    'import { one, two, four, five, type Six } from "./lib";',
    'import eight, { one, Seven } from "@/all";',
    'import Seven, { nine } from "./seven";',
    'import { anything } from "./old";',
    'import { Ten, Eleven, Twelve } from "./ui";',
    'import * as all from "./lib.js";',
    'import logo from "./logo.svg?raw";\nimport data from "./data.json";\nimport photo from "./photo.png";',
    'import React, { useState } from "react";\nimport b from "@scope/a/deep";',
    'import type { Point } from "geojson";',
    'import fs from "node:fs";\nimport { join } from "path";',
    'import { expect } from "vitest/config";\nimport "virtual:pwa";',
    'const page = () => import("./seven");',
    'import type { paths } from "./api/schema";',
]
WRONG = {
    'import { a } from "./nowhere";': "imports/unresolved",
    'import { a } from "@/nowhere";': "imports/unresolved",
    'const page = import("./nowhere");': "imports/unresolved",
    'export * from "./nowhere";': "imports/unresolved",
    'import { seven } from "./lib";': "imports/name",
    'import lib from "./lib";': "imports/name",
    'import { none } from "@/all";': "imports/name",
    'export { none } from "./lib";': "imports/name",
    'import axios from "axios";': "imports/undeclared",
    'import a from "@scope/b";': "imports/undeclared",
}


@pytest.mark.parametrize("line", RIGHT)
def test_a_right_import_is_left_alone(line: str) -> None:
    assert script_imports(APP | {"frontend/src/main.tsx": f"{line}\n"}) == []


@pytest.mark.parametrize(("line", "rule"), WRONG.items(), ids=WRONG)
def test_a_wrong_import_is_found(line: str, rule: str) -> None:
    (finding,) = script_imports(APP | {"frontend/src/main.tsx": f"\n{line}\n"})
    assert (finding.rule, finding.path, finding.line) == (rule, "frontend/src/main.tsx", 2)


def test_an_undeclared_package_names_the_manifest() -> None:
    (finding,) = script_imports(APP | {"frontend/src/main.ts": 'import axios from "axios";\n'})
    assert finding.message == "axios is not declared in frontend/package.json"


def test_styles_are_followed_too() -> None:
    found = script_imports(APP | {"frontend/src/a.css": '@import "react";\n@import "vue/a.css";\n@import "./b.css";\n'})
    assert [(f.rule, f.line) for f in found] == [("imports/undeclared", 2), ("imports/unresolved", 3)]
