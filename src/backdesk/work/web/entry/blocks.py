"""What a form is drawn from: its inputs, in groups and tables, each with what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from backdesk.desks.services.fields import Field
from backdesk.platform.web import formats
from backdesk.platform.web.fields import FieldError
from backdesk.work.web.entry import lookups as tables_of_values
from backdesk.work.web.entry.lookups import Option
from backdesk.work.web.entry.spelling import Lookups

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    severity: Severity
    text: str


Messages = Mapping[str, tuple[Message, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where values can be taken from: the service's lookups, the item's documents, and an address to search at."""

    lookups: Lookups = field(default_factory=dict)
    documents: tuple[Option, ...] = ()
    search_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the inputs, and what is said of it.

    `adding`: the table that was asked for another row. `kept`: inputs whose value is there already, and masked.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    messages: Messages = field(default_factory=dict)
    sources: Sources = Sources()
    adding: str = ""
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    field: Field
    name: str
    label: str
    text: str
    messages: tuple[Message, ...]
    currency: str = ""
    options: tuple[Option, ...] = ()
    list_id: str = ""
    note: str = ""
    is_kept: bool = False
    row: str = ""
    """Of a table, that it stands in: the words on all its inputs stand together below it."""

    @property
    def id(self) -> str:
        return f"in-{self.name}"

    @property
    def type(self) -> str:
        return self.field.type

    @property
    def is_invalid(self) -> bool:
        return any(one.severity == "error" for one in self.messages)

    @property
    def asks_for_currency(self) -> bool:
        return self.type == "money" and len(self.field.currencies) != 1

    @property
    def unit(self) -> str:
        """The currency, where there is only one; of an instant, on whose clock it is typed."""
        return _unit(self.field)

    @property
    def described_by(self) -> str:
        if self.row:
            return f"in-{self.row}-says"
        help_and_kept = [f"{self.id}-help"] * bool(self.field.help) + [f"{self.id}-kept"] * self.is_kept
        return " ".join([*help_and_kept, f"{self.id}-says"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    title: str
    help: str
    name: str
    blocks: tuple[Block, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    number: int
    name: str
    inputs: tuple[Input, ...]

    @property
    def position(self) -> int:
        return self.number + 1

    @property
    def told(self) -> tuple[tuple[Input, Message], ...]:
        return tuple((one, message) for one in self.inputs for message in one.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    title: str
    unit: str
    help: str
    type: str
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    title: str
    help: str
    name: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    messages: tuple[Message, ...]
    is_optional: bool

    @property
    def id(self) -> str:
        return f"in-{self.name}"


Block = Input | Group | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Datalist:
    """The values of a lookup, all of them or none where they are searched for as one types."""

    id: str
    options: tuple[Option, ...]
    search_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The element of this id holds these messages, in a table each with the name of its column."""

    id: str
    told: tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    blocks: tuple[Block, ...]
    datalists: tuple[Datalist, ...]
    errors: tuple[FieldError, ...] = ()

    @property
    def inputs(self) -> Iterator[Input]:
        return _inputs(self.blocks)

    @property
    def takes_files(self) -> bool:
        return any(one.type == "file" for one in self.inputs)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Where something is said, for a script that says it anew."""
        told: dict[str, list[tuple[str, Message]]] = {}
        for place, label, message in _told(self.blocks):
            told.setdefault(place, []).append((label, message))
        return tuple(Slot(id=f"in-{place}-says", told=tuple(said)) for place, said in told.items())


def form(fields: Sequence[Field], filled: Filled, *, summary: bool = False) -> EntryForm:
    """`summary`: the errors are listed above the form as well, since it was to be completed."""
    blocks = _blocks(fields, "", filled)
    named = {one.lookup for outer in fields for one in outer.walk() if one.lookup}
    return EntryForm(
        blocks=blocks,
        datalists=tuple(_datalist(name, filled.sources) for name in sorted(named)),
        errors=tuple(_errors(blocks, filled)) if summary else (),
    )


def _blocks(fields: Sequence[Field], prefix: str, filled: Filled) -> tuple[Block, ...]:
    return tuple(_block(one, f"{prefix}{one.name}", filled) for one in fields)


def _block(field: Field, name: str, filled: Filled) -> Block:
    if field.type == "group":
        return Group(
            title=field.title,
            help=field.help,
            name=name,
            blocks=_blocks(field.fields, f"{name}-", filled),
            messages=filled.messages.get(name, ()),
        )
    return _grid(field, name, filled) if field.type == "table" else _input(field, name, field.title, filled)


def _grid(field: Field, name: str, filled: Filled) -> Grid:
    rows = tuple(_row(field, name, number, filled) for number in range(_rows(field, name, filled)))
    return Grid(
        title=field.title,
        help=field.help,
        name=name,
        heads=tuple(_head(one) for one in _leaves(field.fields, "")),
        rows=rows,
        messages=filled.messages.get(name, ()),
        is_optional=not field.required,
    )


def _rows(field: Field, name: str, filled: Filled) -> int:
    """Those there are, and an empty one to go on with."""
    numbers = {int(rest.split("-")[0]) for rest in _after(f"{name}-", filled.texts) if rest[:1].isdecimal()}
    count = max(numbers, default=-1) + 1
    wanted = count + 1 + (filled.adding == name)
    most = int(field.maximum) if field.maximum else wanted
    return max(min(wanted, most), count)


def _row(table: Field, name: str, number: int, filled: Filled) -> Row:
    row = f"{name}-{number}"
    return Row(
        number=number,
        name=row,
        inputs=tuple(_cell(leaf, row, number, filled) for leaf in _leaves(table.fields, "")),
    )


def _cell(leaf: tuple[Field, str], row: str, number: int, filled: Filled) -> Input:
    field, below = leaf
    label = _("%(field)s, line %(number)s") % {"field": field.title, "number": number + 1}
    return _input(field, f"{row}-{below}", label, filled, row=row)


def _leaves(fields: Sequence[Field], prefix: str) -> Iterator[tuple[Field, str]]:
    """The columns of a table: groups within a row stand side by side."""
    for one in fields:
        if one.type == "group":
            yield from _leaves(one.fields, f"{prefix}{one.name}-")
        else:
            yield one, f"{prefix}{one.name}"


def _head(leaf: tuple[Field, str]) -> Head:
    field = leaf[0]
    return Head(
        title=field.title,
        unit=_unit(field),
        help=field.help,
        type=field.type,
        is_optional=not field.required,
    )


def _unit(field: Field) -> str:
    if field.type == "datetime":
        return formats.zone_name()
    return field.currencies[0] if field.type == "money" and len(field.currencies) == 1 else ""


def _input(field: Field, name: str, label: str, filled: Filled, *, row: str = "") -> Input:
    text = filled.texts.get(name, "")
    return Input(
        field=field,
        name=name,
        label=label,
        text=text,
        messages=filled.messages.get(name, ()),
        currency=filled.texts.get(f"{name}-currency", "")
        or (field.currencies[0] if field.currencies else ""),
        options=_options(field, text, filled.sources),
        list_id=f"list-{field.lookup}" if field.lookup else "",
        note=note(field, text, filled.sources.lookups),
        is_kept=name in filled.kept,
        row=row,
    )


def note(field: Field, text: str, known: Lookups) -> str:
    """What the key somebody chose stands for."""
    lookup = known.get(field.lookup or "")
    name = tables_of_values.name_of(lookup, text.strip()) if lookup and text.strip() else ""
    return name if name != text.strip() else ""


def _options(field: Field, text: str, sources: Sources) -> tuple[Option, ...]:
    """What was typed but is none of the choices stays among them, so that it is not lost."""
    if field.type == "file":
        return sources.documents
    known = tuple(Option(key=key, name=title) for key, title in field.choices)
    is_other = field.type == "choice" and text and text not in {one.key for one in known}
    return (*known, Option(key=text, name=text)) if is_other else known


def _datalist(name: str, sources: Sources) -> Datalist:
    lookup = sources.lookups.get(name)
    rows = lookup.rows if lookup else ()
    is_short = len(rows) <= tables_of_values.MOST_IN_PAGE
    return Datalist(
        id=f"list-{name}",
        options=tuple(tables_of_values.options(lookup)) if lookup and is_short else (),
        search_url="" if is_short or not sources.search_url else f"{sources.search_url}?lookup={name}",
    )


def _errors(blocks: Sequence[Block], filled: Filled) -> Iterator[FieldError]:
    """One line of the summary for each error, in the order of the form; those of no input last."""
    told: set[str] = set()
    for name, label in _labelled(blocks):
        told.add(name)
        for one in filled.messages.get(name, ()):
            if one.severity == "error":
                text = (
                    one.text
                    if label in one.text
                    else _("“%(field)s”: %(text)s") % {"field": label, "text": one.text}
                )
                yield FieldError(text=text, target=f"in-{name}")
    for name, messages in filled.messages.items():
        if name not in told:
            yield from (FieldError(text=one.text, target="") for one in messages if one.severity == "error")


def _labelled(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for one in blocks:
        if isinstance(one, Input):
            yield one.name, one.label
        elif isinstance(one, Group):
            yield one.name, one.title
            yield from _labelled(one.blocks)
        else:
            yield one.name, one.title
            yield from ((cell.name, cell.label) for row in one.rows for cell in row.inputs)


def _inputs(blocks: Sequence[Block]) -> Iterator[Input]:
    for one in blocks:
        if isinstance(one, Input):
            yield one
        elif isinstance(one, Group):
            yield from _inputs(one.blocks)
        else:
            yield from (cell for row in one.rows for cell in row.inputs)


def _told(blocks: Sequence[Block]) -> Iterator[tuple[str, str, Message]]:
    for one in blocks:
        yield from ((one.name, "", message) for message in one.messages)
        if isinstance(one, Group):
            yield from _told(one.blocks)
        elif isinstance(one, Grid):
            for row in one.rows:
                yield from ((row.name, cell.field.title, message) for cell, message in row.told)


def _after(prefix: str, texts: Mapping[str, str]) -> Iterator[str]:
    return (name.removeprefix(prefix) for name in texts if name.startswith(prefix))
