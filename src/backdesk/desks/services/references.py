"""What a CEL text names: which fields it reads, whether they exist, and how deeply it loops."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backdesk.desks.services.fields import Field, Lookup, near

LOOPS: Final = ("all", "exists", "exists_one", "map", "filter")
QUICK_LOOPS: Final = LOOPS[:3]
"""Those that build no list: only these may stand in another loop, so that two tables of 500 rows take no second."""

_TOKEN: Final = re.compile(
    r"""(?P<text>[rRbB]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))"""
    r"|(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<mark>[^\s])",
    re.DOTALL | re.ASCII,
)
_WORDS: Final = frozenset({"true", "false", "null", "in"})
_RECKONING: Final = ("+", "-", "*", "/", "%")
_ENDING: Final = (")", "]", "}")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value with nothing in it; `exact` where it is a decimal."""

    exact: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table."""

    row: Branch


@dataclass(frozen=True, slots=True)
class Branch:
    """Names, what stands under each, and which of them may be missing."""

    names: Mapping[str, Shape]
    may_miss: Collection[str] = ()


Shape = Leaf | Rows | Branch | None
"""None: not known, so nothing is said of what is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something wrong in a text, at a place counted from 0."""

    at: int
    says: str


@dataclass(slots=True)
class References:
    """What was found in a text: paths read, paths asked for with `has()`, and mistakes."""

    reads: dict[str, int] = field(default_factory=dict)
    may_miss: dict[str, int] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    exact: bool = False
    """Whether a decimal is read."""
    reckons: bool = False
    """Whether something is added, subtracted, multiplied or divided."""
    mistakes: list[Mistake] = field(default_factory=list)


def shape_of(fields: Sequence[Field]) -> Branch:
    """Return what stands under a schema's fields.

    >>> net = Field(path="net", name="net", title="Net", type="money", required=True)
    >>> shape_of([net]).names["net"].names["amount"].exact
    True
    """
    return Branch(
        {each.name: _shape(each) for each in fields},
        {each.name for each in fields if not each.required and each.type != "table"},
    )


def _shape(field: Field) -> Shape:
    if field.type == "group":
        return shape_of(field.fields)
    if field.type == "table":
        return Rows(shape_of(field.fields))
    if field.type == "money":
        return Branch({"amount": Leaf(exact=True), "currency": Leaf()})
    return Leaf(exact=field.type == "decimal")


def references(text: str, *, scope: Mapping[str, Shape], lookups: Mapping[str, Lookup]) -> References:
    """Find what a CEL text reads. The text must be one that compiles.

    >>> found = references("output.ent > 1", scope={"output": Branch({"net": Leaf()})}, lookups={})
    >>> found.mistakes[0].says
    'There is no output.ent; is it “net”?'
    """
    scan = _Scan(text, lookups)
    scan.sequence(scope, "")
    return scan.found


class _Scan:
    """One pass over a text, from left to right."""

    def __init__(self, text: str, lookups: Mapping[str, Lookup]) -> None:
        self.tokens = [(match[0], match.lastgroup or "", match.start()) for match in _TOKEN.finditer(text)]
        self.at = 0
        self.loops = 0
        self.asking = False
        self.lookups = lookups
        self.found = References()

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place][0] if place < len(self.tokens) else ""

    def kind(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place][1] if place < len(self.tokens) else ""

    def mistake(self, says: str) -> None:
        place = self.tokens[min(self.at, len(self.tokens) - 1)][2]
        self.found.mistakes.append(Mistake(at=place, says=says))

    def sequence(self, scope: Mapping[str, Shape], closing: str) -> None:
        """Go through values and operators up to a closing bracket, and over it."""
        while self.at < len(self.tokens) and self.peek() != closing:
            if self.kind() == "name":
                self.value(scope)
            elif self.kind() == "mark" and self.peek() in _CLOSING:
                self.brackets(scope)
                self.rest(None, "", scope)
            else:
                self.found.reckons |= self.peek() in _RECKONING and self.is_between()
                self.at += 1
        self.at += 1

    def is_between(self) -> bool:
        """Say whether an operator has a value to its left, so that it is no sign."""
        return self.at > 0 and (self.kind(-1) != "mark" or self.peek(-1) in _ENDING)

    def brackets(self, scope: Mapping[str, Shape]) -> None:
        closing = _CLOSING[self.peek()]
        self.at += 1
        self.sequence(scope, closing)

    def value(self, scope: Mapping[str, Shape]) -> None:
        """Read a name and what follows it: a call, members, rows."""
        name = self.peek()
        if name in _WORDS:
            self.at += 1
        elif self.peek(1) == "(":
            self.call(name, scope)
        else:
            if name not in scope:
                self.mistake(f"There is no {name}{near(name, scope)}")
            self.at += 1
            self.rest(scope.get(name), name if name in ROOTS else scope_path(scope, name), scope)

    def call(self, name: str, scope: Mapping[str, Shape]) -> None:
        shape: Shape = None
        if name == "lookup" and self.kind(2) == "text":
            shape = self.looked_up(self.peek(2)[1:-1])
        self.at += 1
        asked, self.asking = self.asking, self.asking or name == "has"
        self.brackets(scope)
        self.asking = asked
        self.rest(shape, "", scope)

    def looked_up(self, name: str) -> Shape:
        if name in self.lookups:
            return Branch(dict.fromkeys(self.lookups[name].columns, Leaf()))
        self.mistake(f"There is no lookups/{name}.csv{near(name, self.lookups)}")
        return None

    def rest(self, shape: Shape, path: str, scope: Mapping[str, Shape]) -> None:
        """Follow members, calls and indexes from a value on."""
        while self.peek() in (".", "["):
            if self.peek() == "[":
                shape, path = self.index(shape, path, scope)
            elif self.peek(2) == "(":
                shape, path = self.method(shape, path, scope)
            else:
                self.at += 1
                shape, path = self.member(self.peek(), shape, path)
                self.at += 1
        self.found.exact |= isinstance(shape, Leaf) and shape.exact

    def index(self, shape: Shape, path: str, scope: Mapping[str, Shape]) -> tuple[Shape, str]:
        if self.kind(1) == "text" and self.peek(2) == "]" and not isinstance(shape, Rows):
            self.at += 1
            shape, path = self.member(self.peek()[1:-1], shape, path)
            self.at += 2
            return shape, path
        self.brackets(scope)
        return (shape.row, f"{path}[]") if isinstance(shape, Rows) else (None, "")

    def member(self, name: str, shape: Shape, path: str) -> tuple[Shape, str]:
        if shape is None:
            return None, ""
        if isinstance(shape, Rows):
            self.mistake(f"{path} is a table; go through its rows, as in {path}.all(row, row.{name} …).")
            return None, ""
        if isinstance(shape, Leaf):
            self.mistake(f"{path} has nothing in it, so no “{name}”.")
            return None, ""
        if name not in shape.names:
            self.mistake(f"There is no {path}.{name}{near(name, shape.names)}")
            return None, ""
        self.note(f"{path}.{name}", name in shape.may_miss)
        return shape.names[name], f"{path}.{name}"

    def note(self, path: str, may_miss: bool) -> None:
        if self.asking:
            self.found.asked.add(path)
            return
        place = self.tokens[self.at][2]
        self.found.reads.setdefault(path, place)
        if may_miss:
            self.found.may_miss.setdefault(path, place)

    def method(self, shape: Shape, path: str, scope: Mapping[str, Shape]) -> tuple[Shape, str]:
        name = self.peek(1)
        if name not in LOOPS:
            self.at += 2
            self.brackets(scope)
            return None, ""
        if self.loops and (self.loops > 1 or name not in QUICK_LOOPS):
            self.mistake(f"In a loop only one of {', '.join(QUICK_LOOPS)} may stand, and no loop in that.")
        self.at += 3
        row: Shape = shape.row if isinstance(shape, Rows) else None
        inner = _Scope({**scope, self.peek(): row}, {**_paths(scope), self.peek(): f"{path}[]"})
        self.at += 1
        self.loops += 1
        self.sequence(inner, ")")
        self.loops -= 1
        return (shape, path) if name == "filter" else (None, "")


ROOTS: Final = ("input", "output", "item", "review")


class _Scope(dict[str, Any]):
    """Names of a loop beside those around it, each with the path of its value."""

    def __init__(self, names: Mapping[str, Shape], paths: Mapping[str, str]) -> None:
        super().__init__(names)
        self.paths = paths


def _paths(scope: Mapping[str, Shape]) -> Mapping[str, str]:
    return scope.paths if isinstance(scope, _Scope) else {}


def scope_path(scope: Mapping[str, Shape], name: str) -> str:
    """Return the path of what a loop's name stands for.

    >>> scope_path({}, "row")
    'row'
    """
    return _paths(scope).get(name, name)
