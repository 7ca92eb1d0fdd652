"""Where things go on a drawing: a small adapter over graphviz-pure, the only module that knows of it.

graphviz-pure is a program, not a library: it runs as a child process that is killed when it takes too long.
Lengths are in pixels, y grows downwards.
"""

import json
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, Final, Literal

Point = tuple[float, float]
_INCH: Final = 72.0
_BAND_LABEL: Final = (230, 14)
"""Room for the band's name left of a line that enters in the middle."""


class LayoutTookTooLong(TimeoutError):
    """The layout was stopped at its time limit; draw fewer edges."""


class LayoutFailed(RuntimeError):
    """The layout program is missing or refused the graph; the message is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something to place: its outer size, and whether it lies on the straight main path.

    >>> Box(name="pay", size=(90, 30)).on_main_path
    False
    """

    name: str
    size: Point
    """Width and height."""
    on_main_path: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A line from box to box; `pull` keeps it short and straight, the label's size is kept free.

    >>> Wire(name="1", tail="check", head="pay").pull
    1
    """

    name: str
    tail: str
    head: str
    pull: int = 1
    label: Point = (0, 0)
    arrow: float = 1.0
    """Size of the arrow head, times the usual 10 px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A placed wire: a Bézier curve (a point, then three a segment), the arrow's tip, the label's centre."""

    points: tuple[Point, ...]
    tip: Point
    label: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything went: box centres, curves by wire, the band around the boxes inside it."""

    width: float
    height: float
    centres: Mapping[str, Point]
    curves: Mapping[str, Curve]
    band: tuple[float, float, float, float] | None
    """Left, top, width, height."""


def lay_out(
    boxes: Sequence[Box],
    wires: Sequence[Wire],
    *,
    band: Collection[str] = (),
    direction: Literal["down", "right"] = "down",
    seconds: float = 5.0,
) -> Layout:
    """Place boxes in layers and route the wires between them.

    The order of `boxes` is the order in which they come: a wire to an earlier box is routed back against the
    flow. The boxes named in `band` are kept together in one rectangle.

    Raises:
        LayoutTookTooLong: it was not done after `seconds`; the child process is killed.
        LayoutFailed: the program is missing or refused the graph.

    Source: Gansner, Koutsofios, North and Vo, A Technique for Drawing Directed Graphs (1993).

    >>> boxes = [Box(name="a", size=(60, 20)), Box(name="b", size=(60, 20))]
    >>> placed = lay_out(boxes, [Wire(name="1", tail="a", head="b")])
    >>> placed.centres["a"][1] < placed.centres["b"][1]
    True
    """
    source = "\n".join(_dot(boxes, wires, frozenset(band), direction))
    try:
        done = subprocess.run(
            [_program(), "-Tjson0"],
            input=source,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise LayoutTookTooLong(f"Laying out {len(wires)} paths took over {seconds:g} s.") from late
    except OSError as broken:
        raise LayoutFailed(f"graphviz-pure cannot be run: {broken}") from broken
    if done.returncode:
        raise LayoutFailed(f"graphviz-pure refused the graph: {done.stderr.strip()[:500]}")
    return _read(json.loads(done.stdout), boxes, wires)


@cache
def _program() -> str:
    try:
        ours = [
            Path(str(file.locate())) for file in files("graphviz-pure") or [] if file.stem == "graphviz-pure"
        ]
    except PackageNotFoundError:
        ours = []
    found = next((str(path) for path in ours if path.is_file()), None) or shutil.which("graphviz-pure")
    if found is None:
        raise LayoutFailed("graphviz-pure is not installed: install Backdesk with its requirements.")
    return found


def _dot(
    boxes: Sequence[Box], wires: Sequence[Wire], band: frozenset[str], direction: Literal["down", "right"]
) -> Iterator[str]:
    """Write the graph in dot's language, with our numbers for names, so that no name needs quoting."""
    number = {box.name: index for index, box in enumerate(boxes)}
    yield "digraph {"
    yield f"rankdir={'TB' if direction == 'down' else 'LR'} nodesep=0.35 ranksep=0.3 splines=spline newrank=true"
    yield 'node [shape=box fixedsize=true label=""]'
    for box in boxes:
        group = " group=main" if box.on_main_path else ""
        width, height = (length / _INCH for length in box.size)
        yield f"{number[box.name]} [width={width:.4f} height={height:.4f}{group}]"
    if band:
        yield f"subgraph cluster_band {{ margin=16 labeljust=l label={_room(*_BAND_LABEL)}"
        yield from (str(number[box.name]) for box in boxes if box.name in band)
        yield "}"
    for index, wire in enumerate(wires):
        yield _dot_edge(index, wire, number)
    yield "}"


def _dot_edge(index: int, wire: Wire, number: Mapping[str, int]) -> str:
    """Write a wire so that it points forward: dot then needs not guess which ones run back."""
    tail, head = number[wire.tail], number[wire.head]
    backward = tail > head
    ends = f"{head} -> {tail}" if backward else f"{tail} -> {head}"
    options = [f"id={index}", f"weight={wire.pull}", f"arrowsize={wire.arrow:.2f}"]
    if backward:
        options.append("dir=back")
    width, height = wire.label
    if width:
        options.append(f"label={_room(width, height)}")
    return f"{ends} [{' '.join(options)}]"


def _room(width: float, height: float) -> str:
    """Give an empty label of exactly this size: dot then needs no fonts, and we write the text."""
    size = f'fixedsize="true" width="{width:.0f}" height="{height:.0f}"'
    return f'<<table border="0" cellspacing="0" {size}><tr><td></td></tr></table>>'


def _read(graph: Mapping[str, Any], boxes: Sequence[Box], wires: Sequence[Wire]) -> Layout:
    left, _, right, top = (float(number) for number in graph["bb"].split(","))

    def flip(text: str) -> Point:
        x, y = text.split(",")
        return float(x) - left, top - float(y)

    placed = {item["name"]: item for item in graph["objects"]}
    centres = {box.name: flip(placed[str(index)]["pos"]) for index, box in enumerate(boxes)}
    edges = {int(edge["id"]): edge for edge in graph.get("edges", [])}
    curves = {wire.name: _curve(edges[index], flip) for index, wire in enumerate(wires)}
    return Layout(
        width=right - left,
        height=top,
        centres=centres,
        curves=curves,
        band=_band(placed.get("cluster_band"), flip),
    )


def _curve(edge: Mapping[str, Any], flip: Any) -> Curve:
    """Read "e,x,y" or "s,x,y" (the arrow's tip) and the points; a wire routed back is turned round."""
    arrow, *rest = edge["pos"].split()
    points = tuple(flip(text) for text in rest)
    backward = arrow.startswith("s,")
    return Curve(
        points=points[::-1] if backward else points,
        tip=flip(arrow[2:]),
        label=flip(edge["lp"]) if "lp" in edge else None,
    )


def _band(cluster: Mapping[str, Any] | None, flip: Any) -> tuple[float, float, float, float] | None:
    if cluster is None:
        return None
    x0, y0, x1, y1 = cluster["bb"].split(",")
    left, top = flip(f"{x0},{y1}")
    right, bottom = flip(f"{x1},{y0}")
    return left, top, right - left, bottom - top
