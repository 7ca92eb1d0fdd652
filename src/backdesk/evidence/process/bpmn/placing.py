"""Where everything of a process goes, in pixels: for our drawing and for the diagram other tools open.

Flows run at right angles: along the row the grid gave them, and up or down in the channels between columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from backdesk.evidence.process import text
from backdesk.evidence.process.bpmn._grid import NO_LANE, Grid, Row, grid, host
from backdesk.evidence.process.bpmn.model import Flow, Node, ProcessModel

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]
"""Left, top, width, height."""

SMALL: Final = 11.0
"""Size of the letters of flows, events and gateways."""
TASK: Final = (136.0, 58.0)
EVENT: Final = (32.0, 32.0)
GATEWAY: Final = (42.0, 42.0)
LANE_HEAD: Final = 30.0
_LABEL_ROOM: Final = 84.0
_ROW: Final = 98.0
_TRACK: Final = 22.0
_LANE_PADDING: Final = 8.0
_SLOT: Final = 12.0
_BEFORE_BEND: Final = 12.0
_ARROW_ROOM: Final = 20.0
_BELOW_TIMER: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The corners of a flow, and where its name stands (the left end of its base line)."""

    corners: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Bounds of all parts by their ids; `pool` is what holds the lanes."""

    width: float
    height: float
    pool: Rectangle | None
    lanes: Mapping[str, Rectangle]
    nodes: Mapping[str, Rectangle]
    flows: Mapping[str, Way]


def place(model: ProcessModel) -> Placed:
    """Lay a process out from left to right, its lanes beneath each other; the same model always alike.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> placed = place(read_bpmn(INVOICE))
    >>> placed.lanes["Agents"][1] < placed.lanes["Client"][1]
    True
    """
    return _Placing(model, grid(model)).placed()


def size(node: Node) -> Point:
    """Return width and height of a node's shape, without the label beneath events and gateways.

    >>> size(Node(id="done", kind="end"))
    (32.0, 32.0)
    """
    if node.is_gateway:
        return GATEWAY
    return TASK if node.kind in ("user", "service") else EVENT


def label_rows(node: Node) -> tuple[str, ...]:
    """Return the lines of the label beneath an event or a gateway.

    >>> label_rows(Node(id="done", kind="end", name="Invoice delivered"))
    ('Invoice', 'delivered')
    """
    return text.wrap(node.name, size=SMALL, room=_LABEL_ROOM, lines=2) if node.name else ()


class _Placing:
    def __init__(self, model: ProcessModel, cells: Grid) -> None:
        self.model = model
        self.grid = cells
        self.slots = _slots(model, cells)
        self.left = LANE_HEAD if model.lanes else 0.0
        self.column_x, self.channel_x, self.right = self._across()
        self.row_y, self.lane_y = self._down()

    def placed(self) -> Placed:
        nodes = {node.id: self._bounds(node) for node in self.model.nodes.values()}
        bottom = max(end for _, end in self.lane_y.values())
        bands = {
            lane: (self.left, top, self.right - self.left, end - top)
            for lane, (top, end) in self.lane_y.items()
            if lane != NO_LANE
        }
        return Placed(
            width=self.right,
            height=bottom,
            pool=(0.0, 0.0, self.right, bottom) if bands else None,
            lanes=bands,
            nodes=nodes,
            flows={flow.id: self._way(flow) for flow in self.model.flows.values()},
        )

    def _across(self) -> tuple[list[float], list[float], float]:
        """Return the middle of each column, the first slot of each channel (one left of all), the right end."""
        columns, channels = [], []
        x = self.left + (LANE_HEAD if self.model.lanes else 4.0)
        for column in range(-1, self.grid.columns):
            if column >= 0:
                width = max(
                    (
                        _width(self.model.nodes[node])
                        for node, cell in self.grid.cells.items()
                        if cell.column == column
                    ),
                    default=0.0,
                )
                columns.append(x + width / 2)
                x += width
            x += self._label_room(column)
            channels.append(x)
            slots = len(self.slots.get(column, ()))
            x += (slots - 1) * _SLOT + _ARROW_ROOM if slots else _ARROW_ROOM / 2
        return columns, channels, x

    def _label_room(self, column: int) -> float:
        """Return what the names of flows need that leave a column to the right."""
        named = [
            text.width(flow.name, size=SMALL)
            for flow in self.model.flows.values()
            if flow.name and self.grid.cells[host(flow.source, self.model)].column == column
        ]
        return max(named, default=0.0) + _BEFORE_BEND

    def _down(self) -> tuple[dict[Row, float], dict[str, tuple[float, float]]]:
        """Return the middle of each row, and top and bottom of each lane."""
        rows: dict[Row, float] = {}
        lanes: dict[str, tuple[float, float]] = {}
        y = 0.0
        holding = {cell.row for cell in self.grid.cells.values()}
        for number, lane in enumerate(self.grid.lanes):
            top = y
            y += _LANE_PADDING
            for row in (row for row in self.grid.rows() if row.lane == number):
                height = _ROW if row in holding else _TRACK
                rows[row] = y + height / 2
                y += height
            y = max(y + _LANE_PADDING, top + _ROW)
            lanes[lane] = (top, y)
        return rows, lanes

    def _bounds(self, node: Node) -> Rectangle:
        width, height = size(node)
        x, y = self._middle(node)
        return (x - width / 2, y - height / 2, width, height)

    def _middle(self, node: Node) -> Point:
        """Return the middle of a node; timers sit on the lower border of their task, from the right."""
        cell = self.grid.cells[host(node.id, self.model)]
        x, y = self.column_x[cell.column], self.row_y[cell.row]
        if node.attached_to is None:
            return x, y
        place = [timer.id for timer in self.model.boundaries(node.attached_to)].index(node.id)
        return x + TASK[0] / 2 - 26 - 38 * place, y + TASK[1] / 2

    def _way(self, flow: Flow) -> Way:
        target = self.model.nodes[flow.target]
        here, there = self.grid.cells[host(flow.source, self.model)], self.grid.cells[target.id]
        track = self.row_y[self.grid.tracks[flow.id]]
        x, y = self._middle(target)
        start = self._start(flow, track)
        bend = start[-1][0] if flow.id in self.grid.drops else self._slot(here.column, flow)
        last = self._slot(there.column - 1, flow)
        corners = [*start, (bend, start[-1][1]), (bend, track), (last, track), (last, y)]
        way = _straightened([*corners, (x - size(target)[0] / 2, y)])
        return Way(corners=way, label=_label_place(flow, way))

    def _start(self, flow: Flow, track: float) -> list[Point]:
        """Return the first corners of a flow: out of the right side, or down from a gateway or a timer."""
        source = self.model.nodes[flow.source]
        x, y = self._middle(source)
        width, height = size(source)
        if source.attached_to is not None:
            return [(x, y + height / 2), (x, y + height / 2 + _BELOW_TIMER)]
        if flow.id in self.grid.drops:
            return [(x, y + height / 2 if track > y else y - height / 2)]
        return [(x + width / 2, y)]

    def _slot(self, column: int, flow: Flow) -> float:
        """Return where a flow goes up or down in the channel right of a column."""
        order = self.slots.get(column, [])
        key = _slot_key(flow, column, self.model, self.grid)
        return self.channel_x[column + 1] + (_SLOT * order.index(key) if key in order else 0.0)


def _width(node: Node) -> float:
    label = max((text.width(row, size=SMALL) for row in label_rows(node)), default=0.0)
    return max(size(node)[0], 0.0 if node.kind in ("user", "service") else label)


def _slots(model: ProcessModel, cells: Grid) -> dict[int, list[str]]:
    """Return, for each channel, what goes up or down in it; flows that share an end share a slot."""
    found: dict[int, list[str]] = {}
    for flow in model.flows.values():
        here, there = cells.cells[host(flow.source, model)], cells.cells[flow.target]
        track = cells.tracks[flow.id]
        timer = model.nodes[flow.source].attached_to is not None
        for column, bends in (
            (here.column, timer or track != here.row),
            (there.column - 1, track != there.row),
        ):
            key = _slot_key(flow, column, model, cells)
            if bends and key not in found.setdefault(column, []):
                found[column].append(key)
    return found


def _slot_key(flow: Flow, column: int, model: ProcessModel, cells: Grid) -> str:
    """Name what a flow's slot is shared by: flows into the same node, else those out of one."""
    if column == cells.cells[flow.target].column - 1 and len(model.entering(flow.target)) > 1:
        return f"into {flow.target}"
    return f"out of {flow.source}"


def _label_place(flow: Flow, way: Sequence[Point]) -> Point:
    """Return where the name of a flow stands: on the first level stretch that is its own."""
    level = [(a, b) for a, b in pairwise(way) if a[1] == b[1]] or [(way[0], way[1])]
    turns_level = len(level) > 1 and way[0][1] == way[1][1]
    (left, y), (right, _) = level[1 if turns_level else 0]
    if right < left:
        return left - 6 - text.width(flow.name, size=SMALL), y - 5
    return left + (12 if (left, y) == way[0] else 6), y - 5


def _straightened(corners: Sequence[Point]) -> tuple[Point, ...]:
    """Leave out corners that are none."""
    distinct = [corners[0], *(after for before, after in pairwise(corners) if after != before)]
    kept = [
        corner
        for before, corner, after in zip(distinct, distinct[1:], distinct[2:], strict=False)
        if not (before[0] == corner[0] == after[0] or before[1] == corner[1] == after[1])
    ]
    return (distinct[0], *kept, distinct[-1])
