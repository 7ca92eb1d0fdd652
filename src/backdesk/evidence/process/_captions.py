"""The words and the key beneath a process map, and its description for those who hear it."""

from __future__ import annotations

from backdesk.evidence.process import text
from backdesk.evidence.process._marks import HEAT_STEPS, SMALL_SIZE, Style
from backdesk.evidence.process.maps import ProcessMap, crossings
from backdesk.evidence.process.svg import Markup, element


def sentences(drawn: ProcessMap, asked: ProcessMap, style: Style) -> tuple[str, ...]:
    """Say what is shown, what was left out to keep the map readable, and how often work crosses over."""
    told = [_shown(drawn, style)]
    if len(drawn.edges) < len(asked.edges):
        left_out = f"{text.count(len(asked.edges) - len(drawn.edges))} of the {text.count(len(asked.edges))}"
        told.append(f"Left out to keep the map readable: {left_out} paths asked for, the rarest.")
    if style.inside:
        told.append(_crossed(asked, style))
    return tuple(told)


def description(shown: ProcessMap, style: Style, captions: tuple[str, ...]) -> str:
    """Tell the map in words: the main path, the longest waits, and what the captions say."""
    slow = sorted(shown.edges, key=lambda edge: edge.waiting_seconds or 0.0, reverse=True)[:3]
    waits = "; ".join(
        f"{edge.source} to {edge.target}, {style.duration(edge.waiting_seconds)}"
        for edge in slow
        if edge.waiting_seconds
    )
    told = [f"Main path: {', then '.join(shown.main_path)}."]
    if waits:
        told.append(f"Longest {style.wait} waits: {waits}.")
    return " ".join((*told, *captions))


def legend(style: Style, room: float) -> tuple[list[Markup], float]:
    """Show what width and colour mean, side by side where there is room; return marks and height."""
    x = y = 0.0
    marks = []
    for mark, width in filter(None, (_width_key(style), _colour_key(style))):
        if x and x + width > room:
            x, y = 0.0, y + 20
        marks.append(element("g", mark, transform=f"translate({x:.1f} {y:.1f})"))
        x += width + 24
    return marks, y + 20


def _shown(drawn: ProcessMap, style: Style) -> str:
    activities = len(drawn.nodes)
    clock = "elapsed" if style.elapsed else "working"
    times = "Medians: in a box touch in working time, on a line waiting"
    if drawn.statistic != "median":
        times = f"In a box the median touch in working time, on a line the {style.wait} waiting"
    estimated = any(node.touch_estimated and node.touch_seconds for node in drawn.nodes)
    return (
        f"{text.count(drawn.cases)} cases. Shown: {activities} of {activities + drawn.activities_left_out} "
        f"activities, {len(drawn.edges)} of {len(drawn.every_edge)} paths, which carry "
        f"{text.percent(drawn.shown_share)} of the moves. {times} in {clock} time."
        f"{' ~ is estimated from ends alone.' if estimated else ''}"
    )


def _crossed(shown: ProcessMap, style: Style) -> str:
    crossed = crossings(shown, inside=style.inside)
    return (
        f"Work would cross the company boundary {text.count(crossed)} times, "
        f"{crossed / shown.cases:.1f} times a case (paths not shown included)."
    )


def _width_key(style: Style) -> tuple[Markup, float]:
    """Show a thin and a thick line."""
    label = "Width: how often"
    marks, x = [_words(label, 0, style)], _width(label) + 8
    for number, thickness in (("1", 1.2), (text.count(style.most), 8.0)):
        marks.append(element("path", d=f"M{x:.0f} 0h26", stroke=style.heat_colour(0), stroke_width=thickness))
        marks.append(_words(number, x + 31, style))
        x += 31 + _width(number) + 10
    return element("g", *marks), x - 10


def _colour_key(style: Style) -> tuple[Markup, float] | None:
    """Show the ramp between no waiting and the longest."""
    if style.slowest <= 0:
        return None
    label, most = f"Colour: {style.wait} wait, none", f"{style.duration(style.slowest)} or more"
    start = _width(label) + 8
    end = start + 16 * HEAT_STEPS + 6
    steps = [
        element("path", d=f"M{start + 16 * step:.0f} 0h16", stroke=style.heat_colour(step), stroke_width=8)
        for step in range(HEAT_STEPS)
    ]
    return element("g", _words(label, 0, style), *steps, _words(most, end, style)), end + _width(most)


def _words(words: str, x: float, style: Style) -> Markup:
    return element("text", words, x=x, y=4, font_size=SMALL_SIZE, fill=style.ink("ink-soft"))


def _width(words: str) -> float:
    return text.width(words, size=SMALL_SIZE)
