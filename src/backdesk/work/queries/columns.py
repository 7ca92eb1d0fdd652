"""A file of items, read with the columns somebody confirmed: which is which field, and a row as an item's values.

Columns of text (CSV, a spreadsheet) fill the fields one by one, read as a form's inputs are. A line of JSON holds the
values themselves, groups and tables too, under the names of the outermost fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.desks.services import Field, Service
from backdesk.platform.web.words import Words
from backdesk.work.queries.keys import too_long

#: What of an item is no field of its schema, and the column it is offered.
OF_THE_ITEM: Final[Mapping[str, Words]] = {
    "item:business_key": gettext_lazy("Business key"),
    "item:title": gettext_lazy("Title of the item"),
    "item:priority": gettext_lazy("Priority, 1 to 9"),
    "item:language": gettext_lazy("Language"),
    "item:received_at": gettext_lazy("Received at"),
}
_IN_THE_WAY = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a column can be: an input of the schema's form, or something of the item itself."""

    key: str
    title: Words
    names: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a line, at which field."""

    field: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A line as what an item is created from; nothing of it holds where there are problems."""

    line: int
    values: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def targets(service: Service, *, whole: bool) -> tuple[Target, ...]:
    """`whole`: a line holds the values of outermost fields, as JSON does."""
    fields = service.input.fields if whole else tuple(_inputs(service.input.fields))
    own = [one for each in fields for one in _of_field(each, whole=whole)]
    spoken_for = {"item:business_key"} if service.key_fields else set()
    about = [
        Target(key=key, title=title, names=(key.removeprefix("item:"),))
        for key, title in OF_THE_ITEM.items()
        if key not in spoken_for
    ]
    return (*own, *about)


def offered(headings: Sequence[str], known: Sequence[Target]) -> dict[str, str]:
    """For each target the column that is called like it, if just one is."""
    columns: dict[str, list[str]] = {}
    for heading in headings:
        columns.setdefault(_bare(heading), []).append(heading)
    found: dict[str, str] = {}
    for target in known:
        for name in (*target.names, str(target.title)):
            match = columns.get(_bare(name), [])
            if len(match) == 1 and match[0] not in found.values():
                found[target.key] = match[0]
                break
    return found


def missing(known: Sequence[Target], columns: Mapping[str, str]) -> list[Target]:
    return [one for one in known if one.is_required and one.key not in columns]


def read(
    service: Service, *, line: int, cells: Mapping[str, Any], columns: Mapping[str, str], whole: bool
) -> Read:
    """The line's values, and all that is wrong with them."""
    given = {target: cells.get(column) for target, column in columns.items()}
    fields = {key: cell for key, cell in given.items() if not key.startswith("item:")}
    values, problems = _whole(service, fields) if whole else _typed(service, fields)
    about, wrong = _about(
        {key.removeprefix("item:"): str(given[key] or "").strip() for key in given.keys() - fields.keys()}
    )
    problems = problems or _of_key(service, values, about.get("business_key", ""))
    return Read(line=line, values=values, about=about, problems=(*problems, *wrong))


def _of_key(service: Service, values: Mapping[str, Any], given: str) -> tuple[Problem, ...]:
    """A column of keys is no field of the service's."""
    found = named(service, too_long(service, values, given=given))
    return tuple(replace(one, field=one.field or str(OF_THE_ITEM["item:business_key"])) for one in found)


def named(service: Service, problems: Sequence[Any]) -> tuple[Problem, ...]:
    """By the field's title, as the columns of the page are called."""
    return tuple(
        Problem(
            field=known.title if (known := service.input.find(one.path)) else one.path,
            says=_(one.text) % one.values if one.values else _(one.text),
        )
        for one in problems
    )


def _inputs(fields: Sequence[Field]) -> Iterator[Field]:
    """Those a single cell can fill: no rows of tables, no files."""
    for each in fields:
        if each.type == "group":
            yield from _inputs(each.fields)
        elif each.type not in ("table", "file"):
            yield each


def _of_field(each: Field, *, whole: bool) -> Iterator[Target]:
    if whole:
        yield Target(key=each.name, title=each.title, names=(each.name,), is_required=each.required)
        return
    key = each.input_name()
    yield Target(key=key, title=each.title, names=(each.path, key, each.name), is_required=each.required)
    if each.type == "money" and len(each.currencies) != 1:
        title = _("%(field)s, currency") % {"field": each.title}
        yield Target(key=f"{key}-currency", title=title, names=(f"{each.path}.currency", f"{key}-currency"))


def _typed(service: Service, cells: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    texts = {key: str(cell or "") for key, cell in cells.items()}
    for each in _inputs(service.input.fields):
        if each.type == "money" and each.currencies and texts.get(each.input_name()):
            currency = f"{each.input_name()}-currency"
            texts[currency] = texts.get(currency) or each.currencies[0]
    entered = service.input.parse(texts, lookups=service.lookups)
    return entered.values, named(service, entered.problems)


def _whole(service: Service, cells: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    values = {name: _plain(value) for name, value in cells.items() if value is not None}
    return values, named(service, service.input.errors(values, lookups=service.lookups))


def _plain(value: Any) -> Any:
    """No amount is a number: what JSON wrote with decimals is the text of it."""
    match value:
        case Decimal():
            return str(value)
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
    return value


def _about(texts: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    about: dict[str, Any] = {}
    problems = []
    for name, text in texts.items():
        if not text:
            continue
        try:
            about[name] = _READERS.get(name, str)(text)
        except ValueError as error:
            problems.append(Problem(field=str(OF_THE_ITEM[f"item:{name}"]), says=str(error)))
    return about, tuple(problems)


def _priority(text: str) -> int:
    if text not in {str(number) for number in range(1, 10)}:
        raise ValueError(
            _("“%(text)s” is no priority; write a whole number from 1, first, to 9, last.") % {"text": text}
        )
    return int(text)


def _moment(text: str) -> datetime:
    """With its offset from UTC, without which one could not say when it was."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(
            _("“%(text)s” is no time; write it with its offset, like 2026-03-02T09:00+01:00.")
            % {"text": text}
        )
    return moment


def _bare(name: str) -> str:
    return _IN_THE_WAY.sub(" ", name.casefold()).strip()


_READERS: Final = {"priority": _priority, "received_at": _moment}
