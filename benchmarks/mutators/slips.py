"""Slips that keep a file from being read: colons, indents, brackets, quotes, commas, tags."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.mutators.apps import App, Changes, each, shuffled
from gencode_graph.validation.kinds import kind_of
from gencode_graph.validation.scripts import tree


def _line(
    app: App, dice: Random, paths: Sequence[str], pattern: str, new: Callable[[re.Match[str]], str]
) -> Changes | None:
    """One line of a file replaced, so that the file can no longer be read."""
    for path in shuffled(paths, dice):
        text = app.files[path]
        for match in shuffled(re.finditer(pattern, text, re.MULTILINE), dice)[:20]:
            made = text[: match.start()] + new(match) + text[match.end() :]
            if not _reads(path, made):
                return {path: made}
    return None


def _reads(path: str, text: str) -> bool:
    if path.endswith(".py"):
        try:
            ast.parse(text)
        except SyntaxError:
            return False
        return True
    return not tree(kind_of(path), text).root_node.has_error


def no_colon(app: App, dice: Random) -> Changes | None:
    """A block without its colon."""
    return _line(
        app, dice, app.python, r"^( *(?:def|class|if|for|while|with|else|try|except|elif)\b.*):$", lambda m: m[1]
    )


def wrong_indent(app: App, dice: Random) -> Changes | None:
    """A line that stands too far to the left or to the right."""
    other = dice.choice(["", "  ", "        "])

    def new(match: re.Match[str]) -> str:
        return (match[1][4:] if not other else match[1] + other[: len(other)]) + match[2]

    return _line(app, dice, app.python, r"^((?:    )+)(\w.*[^,(\[{])$", new)


def tab(app: App, dice: Random) -> Changes | None:
    """A line that is indented by a tab among spaces."""
    return _line(app, dice, app.python, r"^    ( *)(\w.*)$", lambda m: f"\t{m[1]}{m[2]}")


def open_bracket(app: App, dice: Random) -> Changes | None:
    """A bracket that is not closed."""
    return _line(app, dice, app.python, r"[)\]}](,?:?)$", lambda m: m[1])


def bracket_too_many(app: App, dice: Random) -> Changes | None:
    """A bracket that nothing opened."""
    return _line(app, dice, app.python, r"([)\]])$", lambda m: m[1] * 2)


def open_quote(app: App, dice: Random) -> Changes | None:
    """A text without the quote at one of its ends."""
    return _line(app, dice, app.python, r'(?<!")"([\w ,.:/-]+)"(?!")', lambda m: dice.choice([f'"{m[1]}', f'{m[1]}"']))


def no_comma(app: App, dice: Random) -> Changes | None:
    """Two arguments or items without the comma between them."""
    return _line(app, dice, app.python, r",( ?\n? *)(?=[\w\"(*])", lambda m: m[1] or " ")


def other_language(app: App, dice: Random) -> Changes | None:
    """A piece of another language."""
    pieces = {r" and ": " && ", r" is not None\b": " !== None", r"\belif ": "else if ", r"\bnot (?=\w)": "!"}
    piece = dice.choice(list(pieces))
    return _line(app, dice, app.python, piece, lambda m: pieces[piece])


def open_brace(app: App, dice: Random) -> Changes | None:
    """A brace, bracket or parenthesis of a script that is not closed."""
    return _line(app, dice, app.scripts, r"[)\]}](;?,?)$", lambda m: m[1])


def brace_too_many(app: App, dice: Random) -> Changes | None:
    """A bracket of a script that nothing opened."""
    return _line(app, dice, app.scripts, r"([)}\]])(;?)$", lambda m: m[1] * 2 + m[2])


def open_quote_in_script(app: App, dice: Random) -> Changes | None:
    """A text of a script without its last quote."""
    return _line(
        app, dice, app.scripts, r'"([\w@ ,./:-]+)"', lambda m: dice.choice([f'"{m[1]}', f'{m[1]}"', f"\"{m[1]}'"])
    )


def no_comma_in_script(app: App, dice: Random) -> Changes | None:
    """Two items or fields of a script without the comma between them."""
    return _line(app, dice, app.scripts, r",(\n? *)(?=[\w\"{])", lambda m: m[1] or " ")


def open_tag(app: App, dice: Random) -> Changes | None:
    """An element without its end."""
    way = dice.choice([r"^ *</\w[\w.]*>\n", r" ?/>", r"</\w[\w.]*>"])
    return _line(
        app, dice, [p for p in app.scripts if p.endswith(".tsx")], way, lambda m: ">" if m[0].endswith("/>") else ""
    )


def other_tag(app: App, dice: Random) -> Changes | None:
    """An element that ends with the name of another."""
    tags = [p for p in app.scripts if p.endswith(".tsx")]
    return each(tags, r"</(\w+)>", lambda m: "</span>" if m[1] == "div" else "</div>")(app, dice)


def python_in_script(app: App, dice: Random) -> Changes | None:
    """A piece of Python in a script."""
    pieces = {r" && ": " and ", r" \?\? ": " or ", r"^( *)if \((.+)\) ": r"\1if \2: ", r"=> ": "-> "}
    piece = dice.choice(list(pieces))
    return _line(app, dice, app.scripts, piece, lambda m: m.expand(pieces[piece]))


SLIPS = {
    "python": (
        no_colon, wrong_indent, tab, open_bracket, bracket_too_many, open_quote, no_comma, other_language,
    ),
    "typescript": (
        open_brace, brace_too_many, open_quote_in_script, no_comma_in_script, open_tag, other_tag, python_in_script,
    ),
}  # fmt: skip
