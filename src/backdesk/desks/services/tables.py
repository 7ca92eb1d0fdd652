"""Tables of TOML read key by key: each problem kept with its line, each key that nobody asked for reported."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from backdesk.desks.services.definition import Problem
from backdesk.desks.services.fields import near
from backdesk.desks.services.positions import toml_lines

LARGEST: Final = 256_000
_LINE: Final = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


class Table:
    """One table of a file; asking for a key returns its value, or `default` and a problem kept."""

    def __init__(self, file: str, values: dict[str, Any], lines: dict[str, int], path: str = "") -> None:
        self.file = file
        self.values = values
        self.lines = lines
        self.path = path
        self.problems: list[Problem] = []
        self.asked: set[str] = set()

    def problem(self, name: str, says: str) -> None:
        """Keep what is wrong with a key."""
        field = f"{self.path}{name}" if name else self.path.rstrip(".")
        nearest = field
        while nearest and nearest not in self.lines:
            nearest = re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", nearest)
        self.problems.append(Problem(file=self.file, line=self.lines.get(nearest, 0), field=field, says=says))

    def given(self, name: str) -> Any:
        """Return what a key holds, None where it is not there."""
        self.asked.add(name)
        return self.values.get(name)

    def text(self, name: str, *, default: str | None = None, longest: int = 200, form: str = "") -> str:
        """Return a text; without a default it must be there. `form` is a pattern it must match."""
        value = self.given(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self.problem(name, f"Give a text of 1 to {longest:,} characters.")
        elif form and not re.fullmatch(form, value):
            self.problem(name, f"“{value[:60]}” does not match {form}.")
        elif re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", value):
            self.problem(name, "Leave out the control characters.")
        else:
            return value
        return default or ""

    def texts(self, name: str, *, most: int = 100) -> tuple[str, ...]:
        """Return a list of texts, each once."""
        value = self.given(name)
        if value is None:
            return ()
        if (
            not isinstance(value, list)
            or not all(isinstance(each, str) and 0 < len(each.strip()) <= 200 for each in value)
            or len(set(value)) < len(value)
            or len(value) > most
        ):
            self.problem(name, f'Give a list of at most {most} texts, each once, like ["one", "two"].')
            return ()
        return tuple(value)

    def number(
        self, name: str, *, least: str = "0", most: str = "1000000000", default: Decimal | None = None
    ) -> Decimal | None:
        """Return a number between two, both included."""
        value = self.given(name)
        if value is None:
            return default
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and Decimal(least) <= number <= Decimal(most) and len(str(number)) <= 30:
                return number
        self.problem(name, f"Give a number from {least} to {most}.")
        return default

    def share(self, name: str, *, default: Decimal | None = None) -> Decimal | None:
        """Return a share: a number from 0 to 1."""
        return self.number(name, most="1", default=default)

    def whole(self, name: str, *, default: int, least: int = 0, most: int = 10_000) -> int:
        """Return a whole number between two, both included."""
        value = self.given(name)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.problem(name, f"Give a whole number from {least} to {most}.")
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.given(name)
        if value is not None and not isinstance(value, bool):
            self.problem(name, "Give true or false.")
        return value if isinstance(value, bool) else default

    def one_of(self, name: str, known: Collection[str], *, default: str) -> str:
        """Return one of some words."""
        value = self.given(name)
        if value is None or (isinstance(value, str) and value in known):
            return value or default
        self.problem(name, f"This is one of {', '.join(known)}{near(value, known)}")
        return default

    def time(self, name: str) -> dt.time | None:
        """Return a time of the day, None where none is given."""
        value = self.given(name)
        if value is None or isinstance(value, dt.time):
            return value
        self.problem(name, "Give a time of the day, like 17:00:00.")
        return None

    def table(self, name: str) -> Table:
        """Return the table under a key, an empty one where it is not there; it keeps the same problems."""
        value = self.given(name)
        if value is not None and not isinstance(value, dict):
            self.problem(name, f"This is a table: begin it with [{self.path}{name}].")
        return self.inner(value if isinstance(value, dict) else {}, name)

    def tables(self, name: str, *, most: int = 200) -> list[Table]:
        """Return the tables of an array."""
        value = self.given(name)
        if value is None:
            return []
        if (
            not isinstance(value, list)
            or not all(isinstance(each, dict) for each in value)
            or len(value) > most
        ):
            self.problem(name, f"These are at most {most} tables, each begun with [[{self.path}{name}]].")
            return []
        return [self.inner(each, f"{name}[{number}]") for number, each in enumerate(value)]

    def inner(self, values: dict[str, Any], name: str) -> Table:
        """Return a table in this one."""
        table = Table(self.file, values, self.lines, f"{self.path}{name}.")
        table.problems = self.problems
        return table

    def finish(self) -> None:
        """Report the keys nobody asked for."""
        for name in self.values:
            if name not in self.asked:
                known = ", ".join(sorted(self.asked))
                says = f"“{name[:60]}” is not known here{near(name, self.asked)} There may be {known}."
                self.problem(name, says)


def read_toml(data: bytes, *, file: str) -> Table:
    """Read a TOML file as a table; one that cannot be read is an empty one with its problem.

    >>> read_toml(b'name = ', file="service.toml").problems[0].says
    'This is no TOML: Invalid value.'
    """
    says, line = "", 0
    try:
        if len(data) > LARGEST:
            says = f"The file has {len(data):,} bytes; at most {LARGEST:,} are read."
        else:
            text = data.decode()
            return Table(file, tomllib.loads(text, parse_float=Decimal), toml_lines(text))
    except UnicodeDecodeError as broken:
        says = f"The file is not UTF-8 (byte {broken.start + 1}); save it as UTF-8."
    except tomllib.TOMLDecodeError as broken:
        place = _LINE.search(str(broken))
        line = int(place[1] or 0) if place else 0
        says = f"This is no TOML: {_LINE.sub('', str(broken)).strip()}."
    except (RecursionError, ValueError, ArithmeticError):
        says = "This is no TOML that is read here: it is nested too deeply, or a number in it is too long."
    table = Table(file, {}, {})
    table.problems.append(Problem(file=file, line=line, says=says))
    return table
