"""HTML and SVG: elements that are open at the end, and XML that is none."""

from __future__ import annotations

from html.parser import HTMLParser

from gencode_graph.validation.kinds import Problem, last_line

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_LOOSE = frozenset({
    "p", "li", "dt", "dd", "option", "optgroup", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup",
    "caption", "rp", "rt", "rb", "rtc",
})  # fmt: skip
"""Elements that need no end tag."""


class _Reader(HTMLParser):
    """Keeps what is open, and the comments, with their lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, int]] = []
        self.comments: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass  # closed in itself

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_comment(self, data: str) -> None:
        self.comments.append((self.getpos()[0], data))


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


def problems(text: str) -> list[Problem]:
    """Nothing for a page in which every element that needs an end has one."""
    reader = _read(text)
    rest = reader.rawdata
    if "<" in rest and rest.strip():
        return [Problem(message="a tag, comment or script is never closed", line=reader.getpos()[0], at_end=True)]
    left = [(tag, line) for tag, line in reader.open if tag not in _LOOSE]
    if not left:
        return []
    tag, line = left[-1]
    return [Problem(message=f"<{tag}> of line {line} is never closed", line=line, at_end=True)]


def svg_problems(text: str) -> list[Problem]:
    """Nothing for well-formed XML without entities of its own."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        fromstring(text)
    except ParseError as error:
        line = error.position[0]
        return [Problem(message=error.msg, line=line, at_end=line >= last_line(text))]
    except DefusedXmlException as error:
        return [Problem(message=f"it defines entities: {error}", line=1)]
    return []


def comments(text: str) -> list[tuple[int, str]]:
    """Line and text of each HTML comment."""
    return _read(text).comments
