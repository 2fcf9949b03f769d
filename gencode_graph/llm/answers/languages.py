"""What languages fences name, what files they are kept in, and what a path looks like."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

MARKDOWN = re.compile(r"^(?:markdown|md|mdx)\b|\.(?:md|mdx|markdown|rst|txt)\b", re.IGNORECASE)
"""An info string of a document, which may hold fences of its own."""
SHELLS = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "powershell", "ps1", "cmd", "bat", "batch", "fish", "terminal"}
    | {"shellscript", "shell-session", "sh-session", "ksh", "pwsh"}
)
PLAIN = frozenset({"", "text", "plaintext", "plain", "txt", "code", "output", "file", "edit", "diff", "patch", "save"})
"""Info words that say nothing about what files fit."""
_WEB = "js jsx ts tsx mjs cjs mts cts vue svelte astro"
_MARKUP = "html htm vue svelte cshtml razor erb ejs hbs jinja j2 jinja2 twig php astro blade jsp aspx njk liquid"
_EXTENSIONS = {
    "python": "py pyi pyw pyx ipynb",
    "javascript": _WEB,
    "typescript": _WEB,
    "html": _MARKUP,
    "css": "css scss sass less pcss styl",
    "json": "json jsonc json5 webmanifest ipynb geojson map code-workspace eslintrc prettierrc babelrc",
    "yaml": "yaml yml",
    "toml": "toml lock",
    "ini": "ini cfg conf service timer socket mount target desktop properties env editorconfig toml",
    "xml": "xml csproj fsproj vbproj props targets config svg plist xaml html xsd xsl storyboard axml resx wsdl pom",
    "java": "java",
    "kotlin": "kt kts",
    "groovy": "groovy gradle",
    "go": "go mod",
    "rust": "rs",
    "ruby": "rb rake gemspec ru",
    "php": "php phtml",
    "c": "c h ino",
    "cpp": "cpp cc cxx c hpp hh h hxx ino cu tpp",
    "csharp": "cs cshtml razor csx",
    "swift": "swift",
    "sql": "sql",
    "graphql": "graphql gql",
    "markdown": "md mdx markdown qmd",
    "shell": "sh bash zsh ps1 bat cmd fish ksh env",
    "lua": "lua",
    "perl": "pl pm",
    "r": "r rmd",
    "scala": "scala sbt",
    "dart": "dart",
    "elixir": "ex exs",
    "haskell": "hs",
    "zig": "zig",
    "proto": "proto",
    "hcl": "tf tfvars hcl",
    "nginx": "conf nginx",
    "vue": "vue",
    "svelte": "svelte",
    "qml": "qml",
    "matlab": "m",
    "julia": "jl",
    "clojure": "clj cljs edn",
    "text": "txt rst csv tsv log lst in tex bib",
    "template": "j2 jinja jinja2 ejs hbs erb twig pug njk liquid tmpl tpl mustache",
    "other": "cds sol vy asm s v sv vhd nim cr ml mli fs fsx erl hrl lisp el scm rkt pas ada f90 cob cbl awk"
    " sed tcl nix"
    " dhall cue bicep prisma wat glsl vert frag hlsl wgsl shader gd tscn robot feature snap patch diff"
    " mk cmake bazel bzl ninja dockerfile dockerignore gitignore npmrc nvmrc iml sln xcconfig podspec",
}
_NAMES = {
    "py": "python", "python3": "python", "py3": "python", "js": "javascript", "jsx": "javascript", "node": "javascript",
    "mjs": "javascript", "ts": "typescript", "tsx": "typescript", "htm": "html", "jinja": "html", "jinja2": "html",
    "django": "html", "razor": "html", "cshtml": "html", "ejs": "html", "erb": "html", "handlebars": "html",
    "scss": "css", "sass": "css", "less": "css", "jsonc": "json", "json5": "json", "yml": "yaml", "rb": "ruby",
    "rs": "rust", "golang": "go", "kt": "kotlin", "cs": "csharp", "c#": "csharp", "c++": "cpp", "cc": "cpp", "h": "c",
    "conf": "ini", "cfg": "ini", "properties": "ini", "systemd": "ini", "dotenv": "ini", "env": "ini", "md": "markdown",
    "mdx": "markdown", "pl": "perl", "gradle": "groovy", "svg": "xml", "protobuf": "proto", "terraform": "hcl",
    "tf": "hcl", "ex": "elixir", "hs": "haskell", "gql": "graphql", "postgresql": "sql", "mysql": "sql",
    "sqlite": "sql",
}  # fmt: skip
KNOWN = frozenset(extension for listed in _EXTENSIONS.values() for extension in listed.split())
BARE_NAMES = frozenset(
    {"dockerfile", "containerfile", "makefile", "gnumakefile", "procfile", "gemfile", "rakefile", "jenkinsfile"}
    | {"vagrantfile", "brewfile", "license", "licence", "readme", "changelog", "caddyfile", "justfile", "pipfile"}
    | {".gitignore", ".dockerignore", ".env", ".npmrc", ".nvmrc", ".editorconfig", ".gitattributes", ".prettierrc"}
    | {".eslintrc", ".babelrc", ".flake8", ".htaccess", ".bashrc", ".python-version", ".node-version"}
)
"""Files without an extension, in lower case."""
PRODUCTS = frozenset(
    {"node", "vue", "next", "nuxt", "react", "express", "discord", "three", "d3", "chart", "socket", "moment", "nest"}
    | {"angular", "ember", "backbone", "p5", "transformers", "filesaver", "tensorflow", "brain", "alpine", "solid"}
    | {"day", "math", "leaflet", "electron", "require", "underscore", "knockout", "handlebars", "mustache", "hammer"}
    | {"anime", "gsap", "ethers", "web3", "phaser", "pixi", "babylon", "lit", "preact", "plotly", "highcharts", "asp"}
    | {"video", "sails", "koa", "matter", "popper", "bootstrap", "jquery", "hls", "paper", "fabric", "konva", "ml5"}
)
"""Libraries whose names end like a file."""
_SIGNS = {
    "python": re.compile(
        r"\A#!.*python|^(?:import \w+(?:\.\w+)*(?: as \w+|, \w+)*|from \w[\w.]* import .+"
        r"|(?:async )?def \w+\(.*|class \w+(?:\(.*\))?:\s*)$",
        re.MULTILINE,
    ),
    "shell": re.compile(r"\A#!.*\b(?:ba|z|k)?sh\b"),
    "html": re.compile(r"\A\s*<(?:!doctype html|html)\b", re.IGNORECASE),
    "php": re.compile(r"\A\s*<\?php"),
    "rust": re.compile(r"^(?:use \w+(?:::.*)?;|fn main\(\))", re.MULTILINE),
    "go": re.compile(r"\A\s*package \w+\s*$", re.MULTILINE),
    "java": re.compile(r"^(?:import java|public class |package [\w.]+;)", re.MULTILINE),
    "csharp": re.compile(r"^using [\w.]+;", re.MULTILINE),
    "cpp": re.compile(r"^#include\b", re.MULTILINE),
    "javascript": re.compile(
        r"^(?:const|let|var) \w+ =|^import .+ from ['\"]|^export (?:default|const|function)|require\(['\"]",
        re.MULTILINE,
    ),
}
_SEGMENT = re.compile(r"[\w@.+~\-\[\]()$#&,=! ]+")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*(?:\.[x*])?")
_LONGEST = 300


def language_name(word: str) -> str:
    """The name of a language, however a fence spells it."""
    lowered = word.lower()
    return "shell" if lowered in SHELLS else _NAMES.get(lowered, lowered)


def extension(path: str) -> str:
    """Of the last part of a path, in lower case and without the dot."""
    name = PurePosixPath(path).name.lower()
    return name.rpartition(".")[2] if "." in name else ""


def is_path(text: str, *, loose: bool = False) -> bool:
    """Whether a text looks like the path of a file; ``loose`` allows any extension."""
    if not text or len(text) > _LONGEST or "://" in text or text != text.strip() or text.endswith(("/", ".")):
        return False
    segments = text.replace("\\", "/").split("/")
    drive = re.fullmatch(r"[A-Za-z]:", segments[0])
    rest = segments[1:] if drive else segments
    if any(segment and not _SEGMENT.fullmatch(segment) for segment in rest) or (" " in text and "/" not in text):
        return False
    name = segments[-1].lower()
    if name in BARE_NAMES or name.startswith((".env", "dockerfile.", ".eslintrc", ".prettierrc")):
        return True
    stem, dot, ending = name.rpartition(".")
    if not dot or not ending.isalnum() or _VERSION.fullmatch(name):
        return False
    return ending in KNOWN if not loose else (bool(stem) and len(ending) <= 12 and not ending.isdigit())


def is_product(text: str) -> bool:
    """Whether a word with a dot is rather the name of a library."""
    lowered = text.lower()
    return lowered.endswith((".js", ".net", ".io", ".ai")) and lowered.rpartition(".")[0] in PRODUCTS


def fits(path: str, language: str) -> bool:
    """Whether a file may be written in the language that a fence names; unknown languages fit anything."""
    name = language_name(language)
    if name in PLAIN:
        return True
    base = PurePosixPath(path).name.lower()
    if base.startswith(name) or name.startswith(base.lstrip(".") or "?"):
        return True
    listed = _EXTENSIONS.get(name)
    ending = extension(path)
    if ending == name or ending in _EXTENSIONS["template"].split():
        return True
    if listed is None:
        return not any(ending in other.split() for key, other in _EXTENSIONS.items() if key not in ("other", "text"))
    if base in BARE_NAMES or not ending:
        return name in ("shell", "ini", "yaml", "json", "toml", "ruby", "groovy") and base != "dockerfile"
    return ending in listed.split()


def guess(text: str) -> str:
    """The language of code, by its first lines; empty where they do not tell."""
    head = text[:2000]
    return next((name for name, sign in _SIGNS.items() if sign.search(head)), "")


def language_of(path: str) -> str | None:
    """The language that files of this name are in."""
    ending = extension(path)
    return next((name for name, listed in _EXTENSIONS.items() if ending in listed.split()), None)
