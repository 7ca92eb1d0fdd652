"""A form that was typed: what it says, what of it cannot be read, and the very texts to show again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from backdesk.desks.services import entering
from backdesk.desks.services.definition import Service
from backdesk.desks.services.fields import Field, FieldProblem
from backdesk.desks.services.schemas import Schema
from backdesk.work.web.entry.spelling import Lookups, Unspelled, shown, spelled

#: Under this name a draft keeps what was typed and cannot be read yet. No field can have it.
UNREAD: Final = "$typed"
#: Stands for what cannot be read, so that its row is counted; it is a value of no type that can be misspelled.
_NOTHING_READ: Final = "?"

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`texts` as they were typed, the rows of tables counted anew without empty ones; `problems` by name of input."""

    texts: Texts
    values: dict[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    @property
    def draft(self) -> dict[str, Any]:
        """What is kept of it, though half of it were nonsense."""
        typed = {name: self.texts[name] for name in sorted(self.unread)}
        return {**self.values, UNREAD: typed} if typed else dict(self.values)

    @property
    def early_problems(self) -> Mapping[str, str]:
        """Those of what was typed: nobody is told to fill in what they have not come to."""
        return {name: says for name, says in self.problems.items() if self.texts.get(name, "").strip()}


def read(schema: Schema, typed: Texts, *, lookups: Lookups) -> Reading:
    """Read a form in the language of its reader, and hold it against the schema."""
    texts = entering.parse(schema.fields, typed)[2]
    kept, misspelled = _spelled(schema, texts, lookups)
    entered = schema.parse(kept, lookups=lookups)
    for name in misspelled:
        _leave_out(entered.values, name)
    there = schema.dump(entered.values)
    return Reading(
        texts=texts,
        values=entered.values,
        problems={**problems_of(schema, entered.problems), **misspelled},
        unread=frozenset(name for name in texts if name not in there and _says_something(texts, name)),
    )


def opened(schema: Schema, draft: Mapping[str, Any]) -> Texts:
    """The texts a form begins with: what was kept of it, in the language of its reader."""
    kept = schema.dump({name: value for name, value in draft.items() if name != UNREAD})
    fields = _by_name(schema)
    texts = {
        name: shown(fields[key], kept[name]) if (key := _key(name)) in fields else kept[name] for name in kept
    }
    return {**texts, **draft.get(UNREAD, {})}


def without_row(texts: Texts, table: str, row: int) -> Texts:
    return {name: text for name, text in texts.items() if not name.startswith(f"{table}-{row}-")}


def input_name(path: str) -> str:
    """`lines[2].net` stands in the input `lines-2-net`."""
    return path.replace("[", "-").replace("]", "").replace(".", "-")


def in_words(schema: Schema, problem: FieldProblem) -> str:
    """In the reader's language, limits as it writes them."""
    found = schema.find(problem.path)
    values = dict(problem.values)
    if found and "limit" in values and found.type in ("integer", "decimal", "money", "date", "datetime"):
        values["limit"] = shown(found, values["limit"])
    return _(problem.text) % values if values else _(problem.text)


def field_at(service: Service, path: str) -> Field | None:
    """The field at a path from its part on: `input.account`."""
    part, _dot, inner = path.partition(".")
    schema = {"input": service.input, "output": service.output}.get(part)
    return schema.find(inner) if schema else None


def field_named(schema: Schema, name: str) -> Field | None:
    """The field of an input; of the currency beside an amount, none."""
    return _by_name(schema).get(_key(name))


def problems_of(schema: Schema, problems: Iterable[FieldProblem]) -> dict[str, str]:
    return {input_name(one.path): in_words(schema, one) for one in problems}


def _spelled(schema: Schema, texts: Texts, lookups: Lookups) -> tuple[dict[str, str], dict[str, str]]:
    """The texts as they are kept, and what is wrong with those that cannot be."""
    fields, kept, misspelled = _by_name(schema), dict(texts), {}
    for name, text in texts.items():
        found = fields.get(_key(name))
        try:
            kept[name] = spelled(found, text, lookups) if found else text
        except Unspelled as error:
            kept[name], misspelled[name] = _NOTHING_READ, str(error)
    return kept, misspelled


def _leave_out(values: Any, name: str) -> None:
    """Take out the value of an input, if there is one."""
    *place, last = (int(part) if part.isdecimal() else part for part in name.split("-"))
    for part in place:
        values = values.get(part, {}) if isinstance(part, str) else values[part]
    values.pop(last, None)


def _says_something(texts: Texts, name: str) -> bool:
    """A currency by itself, which the form offers, does not."""
    amount = name.removesuffix("-currency")
    return bool(texts[name].strip() and texts.get(amount, texts[name]).strip())


def _by_name(schema: Schema) -> Mapping[str, Field]:
    return {_key(one.path.replace("[]", "-0").replace(".", "-")): one for one in schema.every()}


def _key(name: str) -> str:
    """Of an input in whichever row."""
    return "-".join("0" if part.isdecimal() else part for part in name.split("-"))
