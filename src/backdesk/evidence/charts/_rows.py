"""Rows of bars, each with its name: beside the bar where there is room, above it on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from backdesk.evidence.charts.styling import NARROW, STRONG, TEXT, Canvas
from backdesk.evidence.process import text

LEADING: Final = 15.0
NAME_COLUMN: Final = 200.0
BAR_HEIGHT: Final = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows with a name each: beside the bar where there is room, above it on a phone."""

    names: Sequence[tuple[str, ...]]
    width: float
    beside: bool
    head: tuple[str, ...]
    bar_height: float

    @classmethod
    def of(
        cls, names: Sequence[str], width: float, *, head: tuple[str, ...] = (), bar: float = BAR_HEIGHT
    ) -> Rows:
        beside = width >= NARROW
        room = NAME_COLUMN - 12 if beside else width
        wrapped = [text.wrap(name, size=TEXT, room=room, lines=2) for name in names]
        return cls(names=wrapped, width=width, beside=beside, head=head, bar_height=bar)

    @property
    def left(self) -> float:
        return NAME_COLUMN if self.beside else 0.0

    @property
    def room(self) -> float:
        return self.width - self.left

    @property
    def top(self) -> float:
        return 22.0 * bool(self.head) + LEADING * max(0, len(self.head) - 1)

    @property
    def height(self) -> float:
        return self.top + sum(self._height(index) for index in range(len(self.names)))

    def middle(self, index: int) -> float:
        """Return the height at which a row's bar has its middle."""
        above = self.top + sum(self._height(before) for before in range(index))
        if self.beside:
            return above + self._height(index) / 2
        return above + LEADING * len(self.names[index]) + 4 + self.bar_height / 2

    def bar(self, index: int, start: float, end: float) -> dict[str, Any]:
        """Return the rectangle of a bar from `start` to `end`, in pixels from the left of the plot."""
        y = self.middle(index)
        half = self.bar_height / 2
        return {"x": self.left + start, "x2": self.left + end, "y": y - half, "y2": y + half}

    def name(self, canvas: Canvas, links: Sequence[str | None]) -> None:
        """Write the names, and the headline where there is one."""
        canvas.texts(
            [{"x": 0, "y": 13 + LEADING * row, "text": line} for row, line in enumerate(self.head) if line],
            weight=STRONG,
        )
        texts: list[dict[str, Any]] = []
        for index, rows in enumerate(self.names):
            y = self.middle(index) + 4 - LEADING / 2 * (len(rows) - 1)
            if not self.beside:
                y = self.middle(index) - self.bar_height / 2 - 5 - LEADING * (len(rows) - 1)
            at = self.left - 12 if self.beside else 0
            texts.append({"x": at, "y": y, "text": "\n".join(rows)} | link(links, index))
        align = "right" if self.beside else "left"
        for linked in (True, False):
            canvas.texts([row for row in texts if ("href" in row) is linked], align=align)

    def _height(self, index: int) -> float:
        lines = len(self.names[index])
        if self.beside:
            return max(self.bar_height + 8, LEADING * lines + 8)
        return LEADING * lines + self.bar_height + 14


def link(links: Sequence[str | None], index: int) -> dict[str, Any]:
    address = links[index] if index < len(links) else None
    return {"href": address} if address else {}
