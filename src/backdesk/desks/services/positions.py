"""On which line of a JSON or TOML file a value stands: the standard readers do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_MARK: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_TABLE: Final = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY: Final = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w\-]+(?:\s*\.\s*[\w\-]+)*))\s*=""")
_MULTILINE: Final = re.compile(r'"""|\'\'\'')


def json_lines(text: str) -> dict[str, int]:
    """Return the line of each value of a JSON text that can be read, by its JSON pointer (RFC 6901).

    >>> json_lines('{"a":\\n [1,\\n 2]}')
    {'': 1, '/a': 1, '/a/0': 2, '/a/1': 3}
    """
    lines: dict[str, int] = {}
    path: list[str | int] = []
    awaits_key = False
    opened: list[str] = []
    for mark, line in _marks(text):
        if mark in "}]":
            opened.pop()
            path.pop()
            awaits_key = False
        elif mark == ",":
            awaits_key = opened[-1] == "{"
            path[-1] = "" if awaits_key else int(path[-1]) + 1
        elif awaits_key and mark != ":":
            path[-1] = _unquoted(mark)
            lines[_pointer(path)] = line
            awaits_key = False
        elif mark != ":":
            lines.setdefault(_pointer(path), line)
            if mark in "{[":
                opened.append(mark)
                awaits_key = mark == "{"
                path.append("" if awaits_key else 0)
    return lines


def _marks(text: str) -> Iterator[tuple[str, int]]:
    line, before = 1, 0
    for match in _MARK.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        yield match[0], line


def _unquoted(mark: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})|\\(.)", lambda m: chr(int(m[1], 16)) if m[1] else m[2], mark[1:-1])


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def toml_lines(text: str) -> dict[str, int]:
    """Return the line of each table and key of a TOML text that can be read; the tables of an array are counted.

    >>> toml_lines('name = "x"\\n[price]\\namount = 2\\n[[errors]]\\nkey = "a"')
    {'name': 1, 'price': 2, 'price.amount': 3, 'errors[0]': 4, 'errors[0].key': 5}
    """
    lines: dict[str, int] = {}
    counted: dict[str, int] = {}
    prefix = ""
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
        elif table := _TABLE.match(line):
            prefix = table[2]
            if table[1] == "[[":
                counted[prefix] = counted.get(prefix, -1) + 1
                prefix = f"{prefix}[{counted[prefix]}]"
            lines.setdefault(prefix, number)
            prefix += "."
        elif key := _KEY.match(line):
            name = key[1] or key[2] or re.sub(r"\s", "", key[3])
            lines.setdefault(f"{prefix}{name}", number)
            inside = _left_open(line[key.end() :])
    return lines


def _left_open(value: str) -> str:
    """Return the quotes that a value opens and leaves for a later line to close."""
    quotes = _MULTILINE.search(value)
    return quotes[0] if quotes and value.count(quotes[0]) % 2 else ""
