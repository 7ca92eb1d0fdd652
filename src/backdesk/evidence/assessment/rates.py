"""What an hour of work costs: of a person, a team, an activity, on the market, or of anybody else."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, Literal, cast

Kind = Literal["resource", "team", "activity", "market", "default"]

KINDS: Final[tuple[Kind, ...]] = ("resource", "team", "activity", "market", "default")
COLUMNS: Final = ("kind", "name", "rate", "currency")
_LONGEST_NAME: Final = 300  # characters, as in a log
_LARGEST_FILE: Final = 10_000_000  # bytes; a rate for every person of a large company is a tenth of it


class RatesError(Exception):
    """Rates that cannot be used; the message says where, what is wrong and what would be right."""


class RatesUnreadable(RatesError):
    """The file is missing, is no text, or lacks a column."""


class RateInvalid(RatesError):
    """One row is wrong: named by file, line and field."""


class MixedCurrencies(RatesError):
    """Rates in more than one currency: sums of them would mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one hour costs: `kind` and `name` say of whom or what.

    >>> Rate(kind="team", name="Accounts", rate=Decimal("41.50"), currency="EUR").rate
    Decimal('41.50')
    """

    kind: Kind
    name: str
    rate: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """All rates of a company, in one currency.

    Raises `MixedCurrencies` and, where a name has two rates, `RateInvalid`.

    >>> rates = Rates(entries=(Rate(kind="default", name="", rate=Decimal(35), currency="EUR"),))
    >>> rates.currency, rates.hourly(resource="Ana", team=None, activity="Check")
    ('EUR', Decimal('35'))
    """

    entries: tuple[Rate, ...]
    currency: str | None = field(init=False)
    _by_name: dict[tuple[str, str], Decimal] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "currency", _one_currency(self.entries))
        object.__setattr__(self, "_by_name", _by_name(self.entries))

    def hourly(self, *, resource: str | None, team: str | None, activity: str) -> Decimal | None:
        """Give what an hour costs: of the person, else the team, else the activity, else of anybody.

        None where no rate applies.

        >>> rates = Rates(entries=(Rate(kind="team", name="Accounts", rate=Decimal(41), currency="EUR"),))
        >>> rates.hourly(resource="Ana", team="Accounts", activity="Check")
        Decimal('41')
        """
        for key in (("resource", resource), ("team", team), ("activity", activity), ("default", "")):
            if (rate := self._by_name.get(cast(tuple[str, str], key))) is not None:
                return rate
        return None

    def market(self, activity: str) -> Decimal | None:
        """Give what an hour of this activity costs on the market; a market rate without a name is for all.

        >>> Rates(entries=()).market("Check") is None
        True
        """
        return self._by_name.get(("market", activity), self._by_name.get(("market", "")))


def read_rates(path: Path) -> Rates:
    """Read rates from a CSV file with the columns kind, name, rate, currency.

    `kind` is resource, team, activity, market or default; `rate` the price of one hour with a decimal point;
    `currency` three letters, the same everywhere. Raises `RatesUnreadable`, `RateInvalid` or
    `MixedCurrencies`, naming file, line and field.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "rates.csv")
    ...     _ = path.write_text("kind,name,rate,currency\\nteam,Accounts,41.50,EUR\\n")
    ...     read_rates(path).entries[0].rate
    Decimal('41.50')
    """
    lines = _text(path).splitlines()
    reader = csv.DictReader(lines, strict=True)
    try:
        _check_columns(path, reader.fieldnames or (), lines)
        entries = tuple(_rates(path, reader))
    except csv.Error as error:
        raise RatesUnreadable(
            f"{path}, after line {reader.line_num}: no readable CSV ({error}); is a quote left open?"
        ) from None
    if not entries:
        raise RatesUnreadable(f"{path} holds no rates: write one a line beneath {','.join(COLUMNS)}.")
    try:
        return Rates(entries=entries)
    except RatesError as error:
        raise type(error)(f"{path}: {error}") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise RatesUnreadable(f"{path} is larger than 10 MB; a file of rates never is.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RatesUnreadable(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise RatesUnreadable(f"{path}, line {line}: not UTF-8; save the file as CSV in UTF-8.") from None


def _check_columns(path: Path, found: Iterable[str], lines: list[str]) -> None:
    missing = [column for column in COLUMNS if column not in found]
    if not missing:
        return
    hint = (
        " It seems to be separated by semicolons; separate with commas." if ";" in "".join(lines[:1]) else ""
    )
    raise RatesUnreadable(
        f"{path}, line 1: no column {', '.join(missing)}; the first line must be {','.join(COLUMNS)}.{hint}"
    )


def _rates(path: Path, reader: csv.DictReader[str]) -> Iterator[Rate]:
    for row in reader:
        values = {column: (row[column] or "").strip() for column in COLUMNS}
        if not any(values.values()):
            continue
        place = f"{path}, line {reader.line_num}"
        if None in row:
            raise RateInvalid(
                f"{place}: more than {len(COLUMNS)} values; put quotes around commas in a name."
            )
        yield _rate(place, values)


def _rate(place: str, values: dict[str, str]) -> Rate:
    kind, name, currency = values["kind"].lower(), values["name"], values["currency"]
    if kind not in KINDS:
        raise RateInvalid(f"{place}, kind: {kind!r} is none of {', '.join(KINDS)}.")
    if not name and kind not in ("market", "default"):
        raise RateInvalid(f"{place}, name: empty; say which {kind} the rate is of.")
    if len(name) > _LONGEST_NAME or "\0" in name:
        raise RateInvalid(
            f"{place}, name: {name[:40]!r} is no name; one has up to {_LONGEST_NAME} characters, none of them NUL."
        )
    if name and kind == "default":
        raise RateInvalid(f"{place}, name: a default rate is for anybody else; leave the name empty.")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        raise RateInvalid(f"{place}, currency: {currency!r} is no currency code; write for example EUR.")
    return Rate(kind=kind, name=name, rate=_amount(place, values["rate"]), currency=currency)


def _amount(place: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        hint = " with a decimal point and no thousands sign" if "," in text else ""
        raise RateInvalid(f"{place}, rate: {text!r} is no number; write for example 62.50{hint}.") from None
    if not amount.is_finite() or not 0 <= amount < 1_000_000:
        raise RateInvalid(f"{place}, rate: {text} is no price of an hour; write a number from 0.")
    return amount


def _one_currency(entries: tuple[Rate, ...]) -> str | None:
    currencies = tuple(dict.fromkeys(one.currency for one in entries))
    if len(currencies) > 1:
        raise MixedCurrencies(
            f"The rates are in {' and '.join(currencies)}; convert them to one currency, "
            "sums of several would mean nothing."
        )
    return currencies[0] if currencies else None


def _by_name(entries: tuple[Rate, ...]) -> dict[tuple[str, str], Decimal]:
    rates: dict[tuple[str, str], Decimal] = {}
    for one in entries:
        if (one.kind, one.name) in rates:
            whose = f"{one.kind} {one.name!r}" if one.name else one.kind
            raise RateInvalid(f"There are two rates for {whose}; keep one of them.")
        rates[one.kind, one.name] = one.rate
    return rates
