"""Process trees: block-structured models, sound by construction, and their text form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Operator = Literal["sequence", "exclusive", "parallel", "loop"]

SIGNS: Final[dict[Operator, str]] = {"sequence": "->", "exclusive": "X", "parallel": "+", "loop": "*"}
_OPERATORS: Final = {sign: operator for operator, sign in SIGNS.items()}
_TOKEN: Final = re.compile(r"\s*(?:(->|[X+*])\s*\(|(tau)\b|'((?:[^'\\]|\\.)*)'|([,)]))")
_DEPTH: Final = 400


class NoTree(ValueError):
    """A text is no process tree; the message says where it stops being one."""


@dataclass(frozen=True, slots=True)
class ProcessTree:
    """An activity, a silent step, or an operator over its parts.

    A sequence does its parts in order, an exclusive choice one of them, a parallel block all of them side by
    side. A loop does its first part, then any number of times one of the others and the first again.

    Build operators with `sequence`, `exclusive`, `parallel` and `loop`, which keep trees short.

    >>> print(sequence(activity("Enter"), exclusive(activity("Check"), TAU)))
    ->( 'Enter', X( 'Check', tau ) )
    """

    operator: Operator | None = None
    parts: tuple[ProcessTree, ...] = ()
    label: str | None = None

    def __str__(self) -> str:
        if self.operator is None:
            return "tau" if self.label is None else f"'{_escaped(self.label)}'"
        return f"{SIGNS[self.operator]}( {', '.join(map(str, self.parts))} )"

    @property
    def is_silent(self) -> bool:
        """Whether it is the step that leaves no trace."""
        return self.operator is None and self.label is None

    @property
    def may_be_empty(self) -> bool:
        """Whether it can be gone through without any activity.

        >>> parse("X( 'a', tau )").may_be_empty, parse("*( tau, 'a' )").may_be_empty, parse("'a'").may_be_empty
        (True, True, False)
        """
        match self.operator:
            case None:
                return self.label is None
            case "exclusive":
                return any(part.may_be_empty for part in self.parts)
            case "loop":
                return self.parts[0].may_be_empty
            case _:
                return all(part.may_be_empty for part in self.parts)

    def activities(self) -> Iterator[str]:
        """Give the labels from left to right; one may come several times.

        >>> list(parse("->( 'a', X( 'b', tau ) )").activities())
        ['a', 'b']
        """
        if self.label is not None:
            yield self.label
        for part in self.parts:
            yield from part.activities()


TAU: Final = ProcessTree()


def activity(label: str) -> ProcessTree:
    """Make the tree of one activity.

    >>> print(activity("Pay"))
    'Pay'
    """
    return ProcessTree(label=label)


def sequence(*parts: ProcessTree) -> ProcessTree:
    """Put parts one after another; silent ones fall away, sequences within are taken up.

    >>> print(sequence(activity("a"), TAU, sequence(activity("b"), activity("c"))))
    ->( 'a', 'b', 'c' )
    """
    return _joined("sequence", parts)


def parallel(*parts: ProcessTree) -> ProcessTree:
    """Put parts side by side; silent ones fall away, parallel blocks within are taken up.

    >>> print(parallel(activity("a"), TAU))
    'a'
    """
    return _joined("parallel", parts)


def exclusive(*parts: ProcessTree) -> ProcessTree:
    """Choose among parts; choices within are taken up, equal parts kept once, and no needless silent one.

    >>> print(exclusive(activity("a"), exclusive(activity("b"), TAU), TAU))
    X( 'a', 'b', tau )
    >>> print(exclusive(loop(TAU, activity("a")), TAU))
    *( tau, 'a' )
    """
    found = list(dict.fromkeys(_taken_up("exclusive", parts)))
    heard = [part for part in found if not part.is_silent]
    if len(heard) < len(found) and not any(part.may_be_empty for part in heard):
        heard.append(TAU)
    return _alone_or("exclusive", heard)


def loop(do: ProcessTree, *redo: ProcessTree) -> ProcessTree:
    """Do a part, and again after one of the others, as often as need be.

    Choices among the others are taken up, and of a loop that is repeated as it is, one remains.

    >>> print(loop(loop(activity("a"), TAU), TAU))
    *( 'a', tau )
    """
    again = tuple(dict.fromkeys(_taken_up("exclusive", redo)))
    if do.operator == "loop" and again == (TAU,) and TAU in do.parts[1:]:
        return do
    return ProcessTree("loop", (do, *again))


def rebuilt(tree: ProcessTree, parts: Sequence[ProcessTree]) -> ProcessTree:
    """Make a tree of the same kind of other parts, as short as it can be.

    >>> print(rebuilt(parse("X( 'a', 'b' )"), (activity("c"), activity("c"))))
    'c'
    """
    match tree.operator:
        case None:
            return tree
        case "sequence":
            return sequence(*parts)
        case "parallel":
            return parallel(*parts)
        case "exclusive":
            return exclusive(*parts)
        case "loop":
            return loop(*parts)


def parse(text: str) -> ProcessTree:
    r"""Read a tree as it is written: `->( 'a', X( 'b', tau ) )`.

    The signs are those of ProM and pm4py: `->` sequence, `X` exclusive choice, `+` parallel, `*` loop, `tau`
    silent; a quote or backslash within a name stands behind a backslash.

    Raises:
        NoTree: the text is no tree; the message says at which character.

    >>> str(parse(r"+( 'Bob\'s check', *( 'Ask', tau ) )"))
    "+( 'Bob\\'s check', *( 'Ask', tau ) )"
    """
    reader = _Reader(text)
    tree = reader.tree(0)
    if text[reader.at :].strip():
        raise NoTree(f"Character {reader.at + 1}: something stands behind the end of the tree.")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def tree(self, depth: int) -> ProcessTree:
        sign, silent, label, _ = self._token("an operator, a name in quotes or tau")
        if silent:
            return TAU
        if label is not None:
            return activity(re.sub(r"\\(.)", r"\1", label, flags=re.DOTALL))
        if sign is None:
            raise NoTree(f"Character {self.at}: an operator, a name in quotes or tau should stand here.")
        if depth > _DEPTH:
            raise NoTree(f"Character {self.at}: the tree is nested more than {_DEPTH} deep.")
        return self._operator(_OPERATORS[sign], depth)

    def _operator(self, operator: Operator, depth: int) -> ProcessTree:
        begun = self.at
        parts = [self.tree(depth + 1)]
        while self._token("a comma or a closing bracket")[3] == ",":
            parts.append(self.tree(depth + 1))
        if self.text[self.at - 1] != ")":
            raise NoTree(f"Character {self.at}: a comma or a closing bracket should stand here.")
        if operator == "loop" and len(parts) < 2:
            raise NoTree(f"Character {begun}: a loop has at least two parts; the second may be tau.")
        return ProcessTree(operator, tuple(parts))

    def _token(self, wanted: str) -> tuple[str | None, ...]:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise NoTree(f"Character {self.at + 1}: {wanted} should stand here.")
        self.at = found.end()
        return found.groups()


def _joined(operator: Operator, parts: Iterable[ProcessTree]) -> ProcessTree:
    return _alone_or(operator, [part for part in _taken_up(operator, parts) if not part.is_silent])


def _taken_up(operator: Operator, parts: Iterable[ProcessTree]) -> Iterator[ProcessTree]:
    for part in parts:
        if part.operator == operator:
            yield from part.parts
        else:
            yield part


def _alone_or(operator: Operator, parts: Sequence[ProcessTree]) -> ProcessTree:
    if len(parts) > 1:
        return ProcessTree(operator, tuple(parts))
    return parts[0] if parts else TAU


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace("'", "\\'")
