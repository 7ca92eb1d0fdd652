"""Reading what an hour of work costs."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.assessment import (
    MixedCurrencies,
    Rate,
    RateInvalid,
    Rates,
    RatesError,
    RatesUnreadable,
    read_rates,
)

HEAD = "kind,name,rate,currency\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "rates.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_most_specific_rate_applies(tmp_path: Path) -> None:
    rows = 'resource,"Ana, Ing.",62.50,EUR\nteam,Accounts,41,EUR\nactivity,Check,38,EUR\ndefault,,30,EUR\n'
    rates = read_rates(written(tmp_path, HEAD + rows))

    assert rates.hourly(resource="Ana, Ing.", team="Accounts", activity="Check") == Decimal("62.50")
    assert rates.hourly(resource="Bo", team="Accounts", activity="Check") == 41
    assert rates.hourly(resource=None, team=None, activity="Check") == 38
    assert rates.hourly(resource=None, team=None, activity="Pay") == 30
    assert rates.currency == "EUR"


def test_without_a_default_some_work_has_no_rate(tmp_path: Path) -> None:
    rates = read_rates(written(tmp_path, HEAD + "team,Accounts,41,EUR\n"))

    assert rates.hourly(resource="Ana", team="Sales", activity="Check") is None


def test_a_market_rate_without_a_name_is_for_all(tmp_path: Path) -> None:
    rates = read_rates(written(tmp_path, HEAD + "market,,20,EUR\nmarket,Check,25,EUR\n"))

    assert (rates.market("Check"), rates.market("Pay")) == (Decimal(25), Decimal(20))
    assert rates.hourly(resource="Ana", team=None, activity="Check") is None


def test_a_byte_order_mark_empty_lines_and_more_columns_are_taken(tmp_path: Path) -> None:
    text = "\ufeffkind,name,rate,currency,note\n\ndefault,,30,EUR,all others\n,,,,\n"

    assert len(read_rates(written(tmp_path, text)).entries) == 1


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("kind,name,rate\n", RatesUnreadable, "line 1: no column currency"),
        ("kind;name;rate;currency\n", RatesUnreadable, "separate with commas"),
        ("", RatesUnreadable, "line 1: no column kind, name, rate, currency"),
        (HEAD, RatesUnreadable, "holds no rates"),
        (b"kind,name,rate,currency\nteam,B\xfcro,1,EUR\n", RatesUnreadable, "line 2: not UTF-8"),
        (HEAD + 'team,"Acc,41,EUR\n', RatesUnreadable, "after line 1: no readable CSV"),
        (HEAD + "wage,Ana,1,EUR\n", RateInvalid, "line 2, kind: 'wage' is none of resource, team"),
        (HEAD + "team,,1,EUR\n", RateInvalid, "line 2, name: empty; say which team"),
        (HEAD + f"team,{'A' * 301},1,EUR\n", RateInvalid, "A' is no name; one has up to 300 characters"),
        (HEAD + "team,A\0B,1,EUR\n", RateInvalid, "line 2, name: 'A\\x00B' is no name"),
        (HEAD + "default,Ana,1,EUR\n", RateInvalid, "line 2, name: a default rate is for anybody"),
        (HEAD + "\nteam,A,much,EUR\n", RateInvalid, "line 3, rate: 'much' is no number"),
        (HEAD + 'team,A,"41,50",EUR\n', RateInvalid, "with a decimal point"),
        (HEAD + "team,A,41,50,EUR\n", RateInvalid, "line 2: more than 4 values"),
        (HEAD + "team,A,-1,EUR\n", RateInvalid, "rate: -1 is no price"),
        (HEAD + "team,A,NaN,EUR\n", RateInvalid, "rate: NaN is no price"),
        (HEAD + "team,A,Infinity,EUR\n", RateInvalid, "rate: Infinity is no price"),
        (HEAD + "team,A,1,euro\n", RateInvalid, "currency: 'euro' is no currency code"),
        (HEAD + "team,A,1,EUR\nteam,A,2,EUR\n", RateInvalid, "two rates for team 'A'"),
        (HEAD + "team,A,1,EUR\nteam,B,2,USD\n", MixedCurrencies, "in EUR and USD"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, error: type[RatesError], said: str
) -> None:
    path = written(tmp_path, text)

    with pytest.raises(error) as refused:
        read_rates(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RatesUnreadable, match="No such file"):
        read_rates(tmp_path / "none.csv")


def test_a_folder_is_no_file_of_rates(tmp_path: Path) -> None:
    with pytest.raises(RatesUnreadable, match="Is a directory"):
        read_rates(tmp_path)


def test_mixed_currencies_are_refused_wherever_they_come_from() -> None:
    entries = tuple(
        Rate(kind="team", name=code, rate=Decimal(1), currency=code) for code in ("EUR", "USD", "EUR")
    )
    with pytest.raises(MixedCurrencies):
        Rates(entries=entries)


@given(st.binary(max_size=200))
def test_no_file_whatever_ends_in_another_error(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), HEAD.encode() + content)
        with suppress(RatesError):
            assert read_rates(path).entries
