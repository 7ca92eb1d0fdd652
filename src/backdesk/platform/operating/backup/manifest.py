"""What a backup says of itself: who made it of what, and how to tell that it is whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from django.db import connections
from django.db.migrations.loader import MigrationLoader

from backdesk.platform.operating.backup.programs import OWNER

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`missing` and `damaged` were so when the backup was made: the files that the database names."""

    made_at: str
    with_keys: bool
    migrations: list[str]
    tables: dict[str, int]
    members: dict[str, Member]
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    version: str = field(default_factory=lambda: version("backdesk"))
    format: int = FORMAT

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Raises ValueError, KeyError or TypeError where it is none."""
        told: dict[str, Any] = json.loads(text)
        members = {name: Member(**one) for name, one in told.pop("members").items()}
        return cls(**told, members=members)


def applied_migrations() -> list[str]:
    loader = MigrationLoader(connections[OWNER])
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations)


def known_migrations() -> set[str]:
    """Those that this version brings, also those that another now stands for."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def rows_of_tables() -> dict[str, int]:
    """Counted as the owner, who sees those of everybody."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        return {name: _rows_of(cursor, name) for name in names}


def _rows_of(cursor: Any, table: str) -> int:
    quoted = connections[OWNER].ops.quote_name(table)
    cursor.execute(f"SELECT count(*) FROM {quoted}")  # noqa: S608  a table's own name
    return int(cursor.fetchone()[0])
