"""The database server: there, of the right version, keeping what it is given, on time, with room for more."""

from __future__ import annotations

from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH

from django.db import Error, connection

from backdesk.platform.operating.doctor.checks import (
    REACHABLE,
    Circumstances,
    Finding,
    ask,
    ask_one,
    broken,
    check,
    ok,
    warning,
)

_OLDEST = 16


@check(REACHABLE, "Database answers")
def reachable(about: Circumstances) -> Finding:
    try:
        connection.ensure_connection()
        ask_one("SELECT 1")
    except Error as error:
        connection.close()
        return broken(
            f"The database does not answer: {str(error).strip().splitlines()[0]}",
            "Start the server that DATABASE_URL names, or mend the address.",
        )
    where = connection.settings_dict
    return ok(f"{where['NAME']} on {where['HOST'] or 'this machine'}")


@check("server-version", "Database version")
def server_version(about: Circumstances) -> Finding:
    name = str(ask_one("SHOW server_version"))
    if int(ask_one("SHOW server_version_num")) < _OLDEST * 10_000:
        return broken(f"PostgreSQL {name} is too old.", f"Upgrade the server to {_OLDEST} or newer.")
    return ok(f"PostgreSQL {name}")


@check("durable", "What is saved survives a power cut")
def durable(about: Circumstances) -> Finding:
    off = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if ask_one(f"SHOW {name}") == "off"
    ]
    if off:
        return broken(
            f"Off in the database server: {', '.join(off)}. A power cut loses or damages data.",
            f"Set {off[0]} = on in postgresql.conf and reload the server.",
        )
    return ok("fsync, full_page_writes and synchronous_commit are on")


@check("checksums", "Damage on disk is noticed")
def checksums(about: Circumstances) -> Finding:
    if ask_one("SHOW data_checksums") != "on":
        return warning(
            "The database keeps no checksums: a damaged page is read as if it were right.",
            "Stop the server and run pg_checksums --enable on its data directory.",
        )
    return ok("data checksums are on")


@check("clock", "Clocks agree")
def clock(about: Circumstances) -> Finding:
    before = about.now
    there = ask_one("SELECT clock_timestamp()")
    here = before + (about.now - before) / 2
    apart = abs(here - there)
    if apart > about.limits.clocks_apart:
        return broken(
            f"This machine and the database are {apart.total_seconds():,.1f} s apart: deadlines err.",
            "Have both machines follow a time server (NTP).",
        )
    return ok(f"{apart / timedelta(milliseconds=1):,.0f} ms apart")


@check("zone-data", "Time zones are up to date", asks_database=False)
def zone_data(about: Circumstances) -> Finding:
    edition = _zone_edition()
    if about.now.year - int(edition[:4]) >= about.limits.zone_data_years:
        return warning(
            f"The time zone data is of {edition}: countries that changed their clocks since are an hour off.",
            "Update the operating system's tzdata, or the Python package tzdata.",
        )
    return ok(f"edition {edition}")


@check("connections", "Room for more connections")
def connections_left(about: Circumstances) -> Finding:
    most = int(ask_one("SHOW max_connections")) - int(ask_one("SHOW superuser_reserved_connections"))
    left = most - int(ask_one("SELECT count(*) FROM pg_stat_activity WHERE usesysid IS NOT NULL"))
    if left < about.limits.connections_left:
        return warning(
            f"{left} of {most} connections are left: soon people are turned away.",
            "Raise max_connections of the server, or start fewer web threads (--threads).",
        )
    return ok(f"{left} of {most} are free")


@check("transactions", "No transaction holds others up")
def transactions(about: Circumstances) -> Finding:
    longest, idle = ask(
        "SELECT max(clock_timestamp() - xact_start), "
        "max(clock_timestamp() - state_change) FILTER (WHERE state LIKE 'idle in transaction%') "
        "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )[0]
    none = timedelta()
    if (idle or none) > about.limits.transaction_idle:
        return warning(
            f"A transaction has been open and idle for {idle}: what it locked stays locked.",
            "Find it in pg_stat_activity (state 'idle in transaction') and end its client.",
        )
    if (longest or none) > about.limits.transaction_open:
        return warning(
            f"A transaction has been at work for {longest}: the database cannot tidy up behind it.",
            "Find it in pg_stat_activity (oldest xact_start) and see whether it should go on.",
        )
    return ok(f"the longest is {(longest or none).total_seconds():,.0f} s old")


def _zone_edition() -> str:
    """Of the system's data, which Python reads first, else of the package; such as 2025b."""
    for place in TZPATH:
        table = Path(place) / "tzdata.zi"
        if table.exists():
            with table.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
    return version("tzdata")
