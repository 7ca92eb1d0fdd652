"""What `service.toml` and `checks.toml` say."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final, get_args

from backdesk.desks.services.definition import (
    Alarms,
    Check,
    ErrorCategory,
    Pauses,
    Price,
    Quality,
    QueueLanguage,
    Severity,
    Taking,
    Targets,
    Turnaround,
)
from backdesk.desks.services.tables import Table
from backdesk.evidence.calendars import CalendarError, UnknownZone, parse

KEY: Final = r"[a-z][a-z0-9-]{0,59}"
FUNCTION: Final = r"[A-Za-z_][A-Za-z0-9_-]{0,59}"
"""As a service task may be called, so that its id can name its function."""
LANGUAGE: Final = r"[a-z]{2,3}(-[A-Z]{2})?"
CURRENCY: Final = r"[A-Z]{3}"


def settings(table: Table) -> dict[str, Any]:
    """Return what `service.toml` says, by the names of `Service`; problems are kept in the table.

    >>> from backdesk.desks.services.tables import read_toml
    >>> table = read_toml(b'key = "invoice-entry"\\nzone = "UTC"\\ncalender = "24/7"', file="service.toml")
    >>> _ = settings(table)
    >>> table.problems[-1].line, table.problems[-1].says[:57]
    (3, '“calender” is not known here; is it “calendar”? There may')
    """
    zone = table.text("zone")
    found = {
        "key": table.text("key", form=KEY),
        "name": table.text("name"),
        "description": table.text("description", default="", longest=2_000),
        "language": table.text("language", default="en", form=LANGUAGE),
        "skills": table.texts("skills", most=20),
        "standard_minutes": _standard(table),
        "calendar": _calendar(table, zone),
        "zone": zone,
        "key_fields": table.texts("key_fields", most=5),
        "errors": _errors(table),
        "functions": _functions(table.table("functions")),
        "targets": _targets(table.table("targets")),
        "price": _price(table.table("price")),
        "taking": _taking(table.table("taking")),
        "quality": _quality(table.table("quality")),
        "pauses": _pauses(table.table("pauses")),
        "alarms": _alarms(table.table("alarms")),
    }
    table.finish()
    return found


def _standard(table: Table) -> Decimal:
    minutes = table.number("standard_minutes", least="0.01", most="10000")
    if minutes is None and table.given("standard_minutes") is None:
        table.problem("standard_minutes", "Give the minutes one item usually takes, like 4 or 2.5.")
    return minutes or Decimal(1)


def _calendar(table: Table, zone: str) -> str:
    text = table.text("calendar", longest=2_000)
    if not text or not zone:
        return text
    try:
        parse(text, zone=zone)
    except UnknownZone as unknown:
        table.problem("zone", f"{str(unknown)[:1].upper()}{str(unknown)[1:]}")
    except CalendarError as broken:
        table.problem("calendar", f"{str(broken)[:1].upper()}{str(broken)[1:]}.")
    return text


def _errors(table: Table) -> tuple[ErrorCategory, ...]:
    found: dict[str, ErrorCategory] = {}
    for each in table.tables("errors", most=50):
        key = each.text("key", form=KEY)
        if key in found:
            each.problem("key", f"“{key}” is the key of an earlier category; give each its own.")
        found[key] = ErrorCategory(
            key=key, name=each.text("name"), critical=each.flag("critical", default=False)
        )
        each.finish()
    return tuple(found.values())


def _functions(table: Table) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name in table.values:
        function = table.table(name)
        fields = function.table("set")
        found[name] = {field: fields.text(field, longest=5_000) for field in fields.values}
        function.finish()
        if not re.fullmatch(FUNCTION, name):
            table.problem(name, f"“{name[:60]}” does not match {FUNCTION}.")
        elif not found[name]:
            function.problem("set", 'Say what is filled in, like set = { urgent = "item.priority < 3" }.')
    return found


def _targets(table: Table) -> Targets:
    targets = Targets(
        turnaround=_turnaround(table.table("turnaround")),
        accuracy=table.share("accuracy"),
        accuracy_critical=table.share("accuracy_critical"),
        backlog_hours=table.number("backlog_hours"),
        attainment=table.share("attainment"),
    )
    table.finish()
    return targets


def _turnaround(table: Table) -> Turnaround | None:
    if not table.values:
        return None
    days = table.whole("days", default=-1, most=365)
    turnaround = Turnaround(
        hours=table.number("hours", least="0.01", most="10000"),
        days=None if days < 0 else days,
        day_rule=table.one_of("day_rule", ("day0", "day1"), default="day0") if days >= 0 else None,  # type: ignore[arg-type]
        until=table.time("until"),
    )
    if (turnaround.hours is None) == (turnaround.days is None):
        table.problem("", "Give either hours or days.")
    if turnaround.days is None and (turnaround.until is not None or table.given("day_rule") is not None):
        table.problem("", "day_rule and until go with days, not with hours.")
    table.finish()
    return turnaround


def _price(table: Table) -> Price:
    price = Price(
        basis=table.one_of("basis", ("item", "hour", "fte", "none"), default="none"),  # type: ignore[arg-type]
        amount=table.number("amount", default=Decimal(0)) or Decimal(0),
        currency=table.text("currency", default="EUR", form=CURRENCY),
    )
    table.finish()
    return price


def _taking(table: Table) -> Taking:
    taking = Taking(
        mode=table.one_of("mode", ("push", "pull", "both"), default="pull"),  # type: ignore[arg-type]
        lease_minutes=table.whole("lease_minutes", default=15, least=1, most=1_440),
        limit=table.whole("limit", default=1, least=1, most=100),
        rework_to_same=table.flag("rework_to_same", default=True),
        may_choose=table.flag("may_choose", default=False),
        while_paused=table.flag("while_paused", default=False),
        languages=_languages(table),
    )
    table.finish()
    return taking


def _languages(table: Table) -> tuple[QueueLanguage, ...]:
    found: dict[str, QueueLanguage] = {}
    for one in table.tables("languages", most=40):
        language = QueueLanguage(code=one.text("code", form=LANGUAGE), skill=one.text("skill", longest=100))
        one.finish()
        if language.code in found:
            one.problem("code", f"“{language.code}” stands here twice; a language has one queue a task.")
        found[language.code] = language
    return tuple(found.values())


def _quality(table: Table) -> Quality:
    accept = table.whole("accept_after_days", default=-1, least=0, most=365)
    quality = Quality(
        review_share=table.share("review_share"),
        gold_share=table.share("gold_share", default=Decimal(0)) or Decimal(0),
        keyed_share=table.share("keyed_share"),
        dispute_days=table.whole("dispute_days", default=5, most=365),
        accept_after_days=None if accept < 0 else accept,
    )
    table.finish()
    return quality


def _pauses(table: Table) -> Pauses:
    pauses = Pauses(
        reasons=table.texts("reasons", most=30),
        approval=table.one_of("approval", ("client", "none"), default="client"),  # type: ignore[arg-type]
    )
    table.finish()
    return pauses


def _alarms(table: Table) -> Alarms:
    alarms = Alarms(
        warn_hours=table.number("warn_hours", most="10000"),
        escalate_hours=table.number("escalate_hours", most="10000"),
    )
    table.finish()
    return alarms


def checks(table: Table) -> tuple[Check, ...]:
    """Return the checks of `checks.toml`; problems are kept in the table.

    >>> from backdesk.desks.services.tables import read_toml
    >>> checks(read_toml(b'[[check]]\\nkey = "net"\\nthat = "true"\\nmessage = "M"', file="checks.toml"))[0].key
    'net'
    """
    found: dict[str, Check] = {}
    for each in table.tables("check"):
        check = Check(
            key=each.text("key", form=KEY),
            when=each.text("when", default="", longest=5_000) or None,
            that=each.text("that", longest=5_000),
            severity=each.one_of("severity", get_args(Severity), default="error"),  # type: ignore[arg-type]
            message=each.text("message", longest=500),
            field=each.text("field", default="") or None,
        )
        each.finish()
        if check.key in found:
            each.problem("key", f"“{check.key}” is the key of an earlier check; give each its own.")
        found[check.key] = check
    table.finish()
    return tuple(found.values())
