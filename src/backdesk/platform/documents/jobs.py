"""What was drawn long ago goes, and what was brought and never kept."""

from __future__ import annotations

from datetime import datetime

from backdesk.platform import files
from backdesk.platform.documents.drawing import forget_old
from backdesk.platform.jobs.schedule import periodic


@periodic(cron="53 3 * * *")
def forget_old_pictures(now: datetime) -> None:
    forget_old(now=now)


@periodic(cron="23 * * * *")
def forget_rowless_files(now: datetime) -> None:
    files.forget_rowless(now=now)
