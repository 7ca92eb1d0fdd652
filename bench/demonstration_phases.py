"""The demonstration company phase by phase, in one process with a database of its own."""

import json
import os
import secrets
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

PHASES: list[tuple[str, float, float]] = []
_last = [time.perf_counter(), time.process_time()]


def phase(name: str) -> None:
    now = [time.perf_counter(), time.process_time()]
    PHASES.append((name, now[0] - _last[0], now[1] - _last[1]))
    _last[:] = now


def main() -> None:
    from backdesk.evidence import demonstration, eventlog

    with tempfile.TemporaryDirectory(prefix="backdesk-bench-") as place:
        phase("import what generates and reads")
        made = demonstration.generate(seed=20, until=date(2026, 11, 1))
        phase("generate")
        export = Path(place) / "export.csv"
        made.write_csv(export)
        phase("write its export")
        reading = eventlog.read(export, now=datetime.now(UTC))
        phase("read the export")
        facts = {
            "people": len(made.people),
            "rows": reading.rows_read,
            "rejected": reading.rows_rejected,
            "bytes": export.stat().st_size,
        }
        _load(Path(place) / "var")
    print(json.dumps({"phases": PHASES, "facts": facts}))


def _load(var: Path) -> None:
    """As the first `backdesk run` does, in its own words: database, tables, company."""
    os.environ.update(
        BACKDESK_VAR=str(var), SECRET_KEY=secrets.token_urlsafe(50), BACKDESK_HTTPS="no", ALLOWED_HOSTS="localhost",
        BACKDESK_LOG_LEVEL="warning", DJANGO_SETTINGS_MODULE="backdesk.config.settings",
    )  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    from backdesk.platform import database

    with database.start(database.data_directory(var)):
        phase("start a new database")
        from backdesk.cli import preparing

        preparing.prepare()
        phase("tables, static files")
        preparing.load_demonstration_where_empty(say=lambda text: None)
        phase("load: generate, read, measure, keep")


if __name__ == "__main__":
    main()
