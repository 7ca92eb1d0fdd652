"""The words and the key beneath a process map, and its description for those who hear it."""

from __future__ import annotations

from backdesk.evidence.process import text
from backdesk.evidence.process._marks import HEAT_STEPS, SMALL_SIZE, Style
from backdesk.evidence.process.maps import Edge, ProcessMap, crossings
from backdesk.evidence.process.saying import percent
from backdesk.evidence.process.svg import Markup, element


def sentences(drawn: ProcessMap, asked: ProcessMap, style: Style) -> tuple[str, ...]:
    """Say what is shown, what was left out to keep the map readable, and how often work crosses over."""
    say, told = style.say, [_shown(drawn, style)]
    if len(drawn.edges) < len(asked.edges):
        left, every = len(asked.edges) - len(drawn.edges), len(asked.edges)
        told.append(
            say(
                "Left out to keep the map readable: {left} of the {every} paths asked for, the rarest.",
                left=left,
                every=every,
            )
        )
    if style.inside:
        told.append(_crossed(asked, style))
    return tuple(told)


def description(shown: ProcessMap, style: Style, captions: tuple[str, ...]) -> str:
    """Tell the map in words: the main path, the longest waits, and what the captions say."""
    say = style.say
    slow = sorted(shown.edges, key=lambda edge: edge.waiting_seconds or 0.0, reverse=True)[:3]
    waits = "; ".join(
        say("{source} to {target}, {time}", **_ends(edge), time=style.duration(edge.waiting_seconds))
        for edge in slow
        if edge.waiting_seconds
    )
    told = [say("Main path: {path}.", path=say(", then ").join(shown.main_path))]
    if waits:
        told.append(say("Longest waits ({statistic}): {waits}.", statistic=style.wait, waits=waits))
    return " ".join((*told, *captions))


def _ends(edge: Edge) -> dict[str, str]:
    return {"source": edge.source or "", "target": edge.target or ""}


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
    say = style.say
    told = [
        say("{cases} cases.", cases=drawn.cases),
        say(
            "Shown: {activities} of {every} activities, {paths} of {all_paths} paths, "
            "which carry {share} of the moves.",
            activities=len(drawn.nodes),
            every=len(drawn.nodes) + drawn.activities_left_out,
            paths=len(drawn.edges),
            all_paths=len(drawn.every_edge),
            share=percent(drawn.shown_share, say=say),
        ),
        say("In a box the median touch in working time."),
        say("On a line the waiting in elapsed time ({statistic}).", statistic=style.wait)
        if style.elapsed
        else say("On a line the waiting in working time ({statistic}).", statistic=style.wait),
    ]
    if any(node.touch_estimated and node.touch_seconds for node in drawn.nodes):
        told.append(say("~ is estimated from ends alone."))
    return " ".join(told)


def _crossed(shown: ProcessMap, style: Style) -> str:
    crossed, say = crossings(shown, inside=style.inside), style.say
    return say(
        "Work would cross the company boundary {times} times, {each} times a case (paths not shown included).",
        times=crossed,
        each=round(crossed / shown.cases, 1),
    )


def _width_key(style: Style) -> tuple[Markup, float]:
    """Show a thin and a thick line."""
    say = style.say
    label = say("Width: how often")
    marks, x = [_words(label, 0, style)], _width(label) + 8
    for number, thickness in (("1", 1.2), (style.count(style.most), 8.0)):
        marks.append(element("path", d=f"M{x:.0f} 0h26", stroke=style.heat_colour(0), stroke_width=thickness))
        marks.append(_words(number, x + 31, style))
        x += 31 + _width(number) + 10
    return element("g", *marks), x - 10


def _colour_key(style: Style) -> tuple[Markup, float] | None:
    """Show the ramp between no waiting and the longest."""
    if style.slowest <= 0:
        return None
    say = style.say
    label = say("Colour: waiting ({statistic}), none", statistic=style.wait)
    most = say("{time} or more", time=style.duration(style.slowest))
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
