"""Where the parts of a process lie on a grid: a column by the longest way there, a row within the node's lane.

Flows run along rows in which the cells between their ends are free; where there is no such row, the lane gets
one. A flow that runs back gets a row of its own too. So no flow ever runs through a node.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from backdesk.evidence.process.bpmn.model import Flow, ProcessModel

NO_LANE: Final = ""


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """A row of a lane, both counted from the top."""

    lane: int
    number: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A place of the grid."""

    column: int
    row: Row


@dataclass(slots=True)
class Grid:
    """The cells of the nodes, the row along which each flow runs, and what is taken."""

    lanes: Sequence[str]
    cells: dict[str, Cell] = field(default_factory=dict)
    tracks: dict[str, Row] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)
    """Flows that leave a gateway at its lower or upper corner."""
    taken: set[Cell] = field(default_factory=set)

    @property
    def columns(self) -> int:
        """Return the number of columns."""
        return 1 + max((cell.column for cell in self.cells.values()), default=0)

    def rows(self) -> list[Row]:
        """Return the rows from top to bottom; a lane has at least one."""
        used = {cell.row for cell in self.taken} | {Row(lane, 0) for lane in range(len(self.lanes))}
        return sorted(used)

    def is_free(self, row: Row, columns: range) -> bool:
        """Say whether nothing lies in these columns of a row."""
        return not any(Cell(column, row) in self.taken for column in columns)

    def can_drop(self, here: Cell, row: Row) -> bool:
        """Say whether a flow can go straight up or down from a node to a row, and turn there."""
        low, high = sorted((here.row, row))
        between = [cell.row for cell in self.cells.values() if cell.column == here.column]
        return row != here.row and not any(low < other < high for other in between)


def grid(model: ProcessModel) -> Grid:
    """Place a process.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> placed = grid(read_bpmn(INVOICE))
    >>> placed.cells["Key"].column < placed.cells["Check"].column, placed.columns
    (True, 7)
    """
    placed = Grid(lanes=tuple(model.lanes) or (NO_LANE,))
    order, backward = _walk(model)
    columns = _columns(order, backward, model)
    lanes = _lanes(order, model)
    for node in order:
        lane = placed.lanes.index(lanes[node])
        wanted = _wanted_row(node, lane, placed, model)
        cell = Cell(columns[node], _free_row(lane, wanted, range(columns[node], columns[node] + 1), placed))
        placed.cells[node] = cell
        placed.taken.add(cell)
    for flow in sorted(model.flows.values(), key=lambda flow: _length(flow, placed, model)):
        _run(flow, placed, model)
    return placed


def host(node: str, model: ProcessModel) -> str:
    """Return the node itself, or the task on whose border it sits."""
    return model.nodes[node].attached_to or node


def _walk(model: ProcessModel) -> tuple[list[str], set[str]]:
    """Return the nodes in an order in which flows lead on, and the flows that lead back.

    Depth first, the most usual way last, so that in the order returned it comes first.
    """
    order: list[str] = []
    backward: set[str] = set()
    state: dict[str, str] = {}
    placed = [node for node in model.nodes.values() if node.attached_to is None]
    roots = sorted(placed, key=lambda node: node.kind == "start")
    for root in roots:
        stack: list[tuple[str, Iterator[Flow]]] = []
        if root.id not in state and (root.kind == "start" or not model.entering(root.id)):
            _visit(root.id, stack, state, model)
        while stack:
            node, flows = stack[-1]
            flow = next(flows, None)
            if flow is None:
                stack.pop()
                state[node] = "left"
                order.append(node)
            elif state.get(flow.target) == "open":
                backward.add(flow.id)
            elif flow.target not in state:
                _visit(flow.target, stack, state, model)
    rest = [node.id for node in placed if node.id not in state]
    backward |= {flow.id for node in rest for flow in _out(node, model)}
    return [*reversed(order), *rest], backward


def _visit(
    node: str, stack: list[tuple[str, Iterator[Flow]]], state: dict[str, str], model: ProcessModel
) -> None:
    state[node] = "open"
    stack.append((node, iter(_out(node, model))))


def _out(node: str, model: ProcessModel) -> list[Flow]:
    """Return the flows out of a node and out of its timers, the default flow last."""
    timers = [flow for timer in model.boundaries(node) for flow in model.leaving(timer.id)]
    default = model.nodes[node].default
    own = [*reversed(model.leaving(node))]
    own.sort(key=lambda flow: flow.id == default)
    return [*timers, *own]


def _columns(order: Sequence[str], backward: set[str], model: ProcessModel) -> dict[str, int]:
    columns = dict.fromkeys(order, 0)
    for node in order:
        for flow in _out(node, model):
            if flow.id not in backward:
                columns[flow.target] = max(columns[flow.target], columns[node] + 1)
    return columns


def _lanes(order: Sequence[str], model: ProcessModel) -> dict[str, str]:
    """Return the lane of each node; one that lies in none is drawn where it is come from."""
    lanes: dict[str, str] = {}
    for node in order:
        before = [lanes[host(flow.source, model)] for flow in _into(node, model, lanes)]
        usual = before[0] if before else next(iter(model.lanes), NO_LANE)
        lanes[node] = model.nodes[node].lane or usual
    return lanes


def _into(node: str, model: ProcessModel, known: Container[str]) -> list[Flow]:
    return [flow for flow in model.entering(node) if host(flow.source, model) in known]


def _wanted_row(node: str, lane: int, placed: Grid, model: ProcessModel) -> int:
    before = [placed.cells[host(flow.source, model)].row for flow in _into(node, model, placed.cells)]
    return min((row.number for row in before if row.lane == lane), default=0)


def _free_row(lane: int, wanted: int, columns: range, placed: Grid) -> Row:
    return next(row for n in count(wanted) if placed.is_free(row := Row(lane, n), columns))


def _length(flow: Flow, placed: Grid, model: ProcessModel) -> tuple[bool, int]:
    here, there = placed.cells[host(flow.source, model)], placed.cells[flow.target]
    return here.column >= there.column, abs(there.column - here.column)


def _run(flow: Flow, placed: Grid, model: ProcessModel) -> None:
    """Find the row along which a flow runs, and take its cells."""
    source = model.nodes[flow.source]
    here, there = placed.cells[host(flow.source, model)], placed.cells[flow.target]
    between = range(here.column + 1, there.column)
    row = None
    if there.column > here.column:
        usual = (there.row, here.row) if source.is_gateway or source.attached_to else (here.row, there.row)
        row = next((row for row in usual if placed.is_free(row, between)), None)
    if row is None:
        between = between if there.column > here.column else range(there.column, here.column + 1)
        row = _free_row(here.row.lane, here.row.number + 1, between, placed)
    turn = Cell(here.column, row)
    if source.is_gateway and turn not in placed.taken and placed.can_drop(here, row):
        placed.drops.add(flow.id)
        placed.taken.add(turn)
    placed.tracks[flow.id] = row
    placed.taken.update(Cell(column, row) for column in between)
