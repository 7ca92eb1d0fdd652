"""The page objects of the shell's own pages: one typed object a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backdesk.platform.models import Job
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.notifications import Told
from backdesk.platform.web.today import Beginning, Item, Today


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`told`: the unread notifications that should not be overlooked."""

    today: Today
    told: tuple[Told, ...]
    now: datetime

    @property
    def items(self) -> tuple[Item, ...]:
        return self.today.items

    @property
    def figures(self) -> tuple[Figure, ...]:
        return self.today.figures

    @property
    def beginning(self) -> Beginning | None:
        return self.today.beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    job: Job
    next_url: str
