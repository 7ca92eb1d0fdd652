"""The process map as a picture: an accessible SVG in our own style, laid out by `layout`.

The SVG holds no script and no style attribute. In theme "page" its colours are CSS variables of the design
system with fallbacks, so it follows light and dark and also stands alone; in theme "print" they are fixed.
"""

from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Final, Literal

from backdesk.evidence.process import _captions, _marks, layout, text
from backdesk.evidence.process._marks import Href, Style
from backdesk.evidence.process.maps import Edge, Node, ProcessMap, thin, without_activities
from backdesk.evidence.process.saying import STATISTICS, Say, in_english
from backdesk.evidence.process.svg import Markup, element, lines
from backdesk.evidence.process.theme import Theme, font

Direction = Literal["down", "right"]
_MARGIN: Final = 14.0
_LEAST_WIDTH: Final = 420.0
_CAPTION_SIZE: Final = 12.0
_CAPTION_LEADING: Final = 16.0


def draw(
    shown: ProcessMap,
    *,
    inside: Collection[str] = (),
    href: Href | None = None,
    max_edges: int = 120,
    theme: Theme = "page",
    direction: Direction = "down",
    title: str = "Process map",
    seconds: float = 5.0,
    say: Say = in_english,
) -> str:
    """Draw a process map as SVG.

    A line's width is how often the path is taken (square root scale), its colour how long work waits there, a
    box's figures are its steps and median touch time. The main path is straight.

    Args:
        shown: what to show, from `process_map`.
        inside: activities handed over: drawn within a shaded band, the paths that cross its border in the
            accent colour, the crossings counted in the caption.
        href: gives the address that a box or line leads to, or None; starts and ends are lines too.
        max_edges: most paths drawn. A map with more is thinned to it, rarest first, and the caption says so.
        theme: "page" for CSS variables, "print" for fixed colours.
        direction: whether the process runs down or to the right.
        title: name of the picture, for those who hear it rather than see it.
        seconds: time for one layout; when it runs out, half the paths are tried, then half of these.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        layout.LayoutTookTooLong: even the simplest form of the map could not be laid out in time.
        layout.LayoutFailed: the layout program is missing or failed.

    >>> from backdesk.evidence.process._example import three_cases
    >>> from backdesk.evidence.process.maps import process_map
    >>> picture = draw(process_map(three_cases()), inside={"Check"})
    >>> picture.startswith("<svg "), "Handed over" in picture, "style=" in picture
    (True, True, False)
    """
    style = _style(shown, frozenset(inside), href, theme, say)
    fitted = within(shown, max_edges=max_edges)
    while True:
        try:
            placed = _place(fitted, style, direction, seconds)
        except layout.LayoutTookTooLong:
            fewer = within(fitted, max_edges=len(fitted.edges) // 2)
            if len(fewer.edges) == len(fitted.edges):
                raise
            fitted = fewer
        else:
            return _compose(fitted, placed, style, title, _captions.sentences(fitted, shown, style))


def within(shown: ProcessMap, *, max_edges: int) -> ProcessMap:
    """Thin a map to at most `max_edges` paths: first the rarest paths go, then the rarest activities.

    >>> from backdesk.evidence.process._example import three_cases
    >>> from backdesk.evidence.process.maps import process_map
    >>> len(within(process_map(three_cases(), paths_share=1), max_edges=2).edges)
    2
    """
    if len(shown.edges) <= max_edges:
        return shown
    base = shown
    while True:
        for tenth in range(10, -1, -1):
            slim = thin(base, paths=max_edges * tenth // 10)
            if len(slim.edges) <= max_edges:
                return slim
        base = without_activities(base, keep=len(base.nodes) * 9 // 10)


def _style(shown: ProcessMap, inside: frozenset[str], href: Href | None, theme: Theme, say: Say) -> Style:
    every = (*shown.edges, *shown.starts, *shown.ends)
    return Style(
        theme=theme,
        inside=inside & {node.activity for node in shown.nodes},
        href=href,
        most=max((edge.count for edge in every), default=1),
        slowest=_slowest(shown.edges),
        elapsed=shown.waiting == "elapsed",
        wait=say(STATISTICS[shown.statistic]),
        say=say,
    )


def _slowest(edges: Iterable[Edge]) -> float:
    """Return the waiting that 5 % of the moves that wait exceed: one rare, endless wait must not pale the others.

    Under ten minutes nothing counts as hot; 0 where no path has a wait worth telling.
    """
    waits = [(edge.waiting_seconds, edge.count) for edge in edges if (edge.waiting_seconds or 0) >= 60]
    beyond = 0.05 * sum(count for _, count in waits)
    for seconds, count in sorted(waits, reverse=True):
        beyond -= count
        if beyond <= 0:
            return max(seconds or 0.0, 600.0)
    return 0.0


def _place(shown: ProcessMap, style: Style, direction: Direction, seconds: float) -> layout.Layout:
    ways = (*shown.starts, *shown.edges, *shown.ends)
    return layout.lay_out(
        list(_boxes(shown, style)),
        [_wire(edge, shown, style) for edge in ways],
        band=[_box_name(name) for name in style.inside],
        direction=direction,
        seconds=seconds,
    )


def _boxes(shown: ProcessMap, style: Style) -> Iterator[layout.Box]:
    """Give the boxes in the order of the process: starts, activities, ends."""
    main = frozenset(shown.main_path)
    size = _marks.terminal_size()
    for edge in shown.starts:
        straight = edge.target in shown.main_path[:1]
        yield layout.Box(name=_wire_name(edge), size=size, on_main_path=straight)
    for node in _in_flow_order(shown):
        straight = node.activity in main
        size_of = _marks.node_size(node, style)
        yield layout.Box(name=_box_name(node.activity), size=size_of, on_main_path=straight)
    for edge in shown.ends:
        straight = edge.source in shown.main_path[-1:]
        yield layout.Box(name=_wire_name(edge), size=size, on_main_path=straight)


def _in_flow_order(shown: ProcessMap) -> list[Node]:
    """Order activities by where they usually come, the main path never running back."""
    position = {node.activity: node.position for node in shown.nodes}
    latest = float("-inf")
    for activity in shown.main_path:
        latest = position[activity] = max(position[activity], latest + 1e-6)
    return sorted(shown.nodes, key=lambda node: (position[node.activity], node.activity))


def _wire(edge: Edge, shown: ProcessMap, style: Style) -> layout.Wire:
    chain = (None, *shown.main_path, None)
    straight = edge.key in pairwise(chain)
    return layout.Wire(
        name=_wire_name(edge),
        tail=_wire_name(edge) if edge.source is None else _box_name(edge.source),
        head=_wire_name(edge) if edge.target is None else _box_name(edge.target),
        pull=100 if straight else 1 + round(9 * edge.count / style.most),
        label=_marks.edge_label_size(edge, style),
        arrow=0.7 + style.thickness(edge) / 10,
    )


def _box_name(activity: str) -> str:
    return f"activity {activity}"


def _wire_name(edge: Edge) -> str:
    return f"{edge.source!r} to {edge.target!r}"


def _compose(
    shown: ProcessMap, placed: layout.Layout, style: Style, title: str, captions: tuple[str, ...]
) -> str:
    """Put the drawing, its legend and its captions beneath each other, named for those who hear it."""
    width = max(placed.width + 2 * _MARGIN, _LEAST_WIDTH)
    room = width - 2 * _MARGIN
    legend, legend_height = _captions.legend(style, room)
    legend_top = placed.height + 2 * _MARGIN + 8
    rows = tuple(
        row for caption in captions for row in text.wrap(caption, size=_CAPTION_SIZE, room=room, lines=9)
    )
    words_top = legend_top + legend_height + 12
    shift = f"translate({(width - placed.width) / 2:.1f} {_MARGIN:.1f})"
    parts = (
        element("g", *_marks_of(shown, placed, style), transform=shift),
        element("g", *legend, transform=f"translate({_MARGIN:.1f} {legend_top:.1f})"),
        lines(
            rows,
            x=_MARGIN,
            y=words_top,
            leading=_CAPTION_LEADING,
            font_size=_CAPTION_SIZE,
            fill=style.ink("ink-soft"),
        ),
    )
    size = (round(width), round(words_top + _CAPTION_LEADING * len(rows)))
    return _frame(size, style, title, _captions.description(shown, style, captions), parts)


def _frame(
    size: tuple[int, int], style: Style, title: str, description: str, parts: tuple[Markup, ...]
) -> str:
    """Wrap the parts into the root element; its ids come from its content, so that maps can share a page."""
    key = sha256("".join((title, description, *parts)).encode()).hexdigest()[:10]
    return element(
        "svg",
        element("title", title, id=f"pm-{key}-title"),
        element("desc", description, id=f"pm-{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="pm",
        # With links inside it is no longer one image: the role "img" would hide them from screen readers.
        role="img" if style.href is None else "group",
        aria_labelledby=f"pm-{key}-title",
        aria_describedby=f"pm-{key}-desc",
        viewBox=f"0 0 {size[0]} {size[1]}",
        width=size[0],
        height=size[1],
        font_family=font(style.theme),
    )


def _marks_of(shown: ProcessMap, placed: layout.Layout, style: Style) -> Iterator[Markup]:
    """Give the marks from back to front, which is also the order of the Tab key: activities, then paths.

    Among lines the most frequent lie on top.
    """
    say, ways = style.say, sorted((*shown.starts, *shown.edges, *shown.ends), key=lambda edge: edge.count)
    curves = {edge.key: _curve(edge, shown, placed, style) for edge in ways}
    if placed.band is not None:
        yield _marks.band_mark(placed.band, style)
    for edge in (*shown.starts, *shown.ends):
        yield _marks.terminal_mark(edge, placed.centres[_wire_name(edge)], style)
    for node in shown.nodes:
        yield _marks.node_mark(node, placed.centres[_box_name(node.activity)], style)
    yield element(
        "g",
        *(_marks.edge_mark(edge, curves[edge.key], style) for edge in ways),
        *(_marks.edge_label(edge, curves[edge.key], style) for edge in ways),
        font_size=_marks.SMALL_SIZE,
        fill=style.ink("ink-soft"),
        stroke=style.ink("paper"),
        stroke_width=3,
        stroke_linejoin="round",
        paint_order="stroke",
    )
    if placed.band is not None:
        yield _marks.band_label(placed.band, say("Handed over"), curves.values(), style)


def _curve(edge: Edge, shown: ProcessMap, placed: layout.Layout, style: Style) -> layout.Curve:
    curve = placed.curves[_wire_name(edge)]
    if not edge.is_loop:
        return curve
    node = next(node for node in shown.nodes if node.activity == edge.source)
    return _marks.loop_curve(node, placed.centres[_box_name(node.activity)], curve, style)
