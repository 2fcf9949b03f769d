"""Content of another kind than the name says is found, and named for what it is."""

from __future__ import annotations

import pytest

from gencode_graph.validation.shape import shape

OTHER = {
    "nothing": ("a.py", " \n", "is empty"),
    "a fence": ("a.py", "```python\nx = 1\n```\n", "block of code"),
    "a fence that is never closed": ("a.ts", "```ts\nexport const a = 1;\n", "block of code"),
    "an edit": ("a.ts", "<<<<<<< SEARCH\nconst a = 1;\n=======\nconst a = 2;\n>>>>>>> REPLACE\n", "an edit"),
    "a diff": ("a.py", "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-x = 1\n+x = 2\n", "a diff"),
    "a chat": ("a.py", "Here is the file you asked for:\n\nx = 1\n", "an explanation"),
    "a page": ("a.ts", "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", "a web page"),
    "a tag": ("a.py", '<file path="a.py">\nx = 1\n</file>\n', "a tag"),
    "JSON around it": ("a.ts", '{"content": "const a = 1;", "path": }', "a JSON value"),
    "a list for an object": ("package.json", "[]\n", "no JSON object"),
    "a fence among packages": ("requirements.txt", "```\nfastapi\n```\n", "block of code"),
}
OWN = {
    "an empty package marker": ("app/__init__.py", ""),
    "a template that looks like an edit": ("a.py", 'X = """\n<<<<<<< SEARCH\n"""\n'),
    "a document about code": ("a.md", "```python\nx = 1\n```\n"),
    "a page that is one": ("a.html", "<!doctype html><html></html>"),
    "settings": (".env", "A=1\n"),
}


@pytest.mark.parametrize(("path", "text", "words"), OTHER.values(), ids=OTHER)
def test_another_kind_of_thing_is_named(path: str, text: str, words: str) -> None:
    (finding,) = shape(path, text)
    assert words in finding.message
    assert finding.rule == ("file/empty" if words == "is empty" else "file/shape")


@pytest.mark.parametrize(("path", "text"), OWN.values(), ids=OWN)
def test_a_file_that_is_what_it_says_is_left_alone(path: str, text: str) -> None:
    assert shape(path, text) == []
