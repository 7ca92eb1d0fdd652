"""Inks shared by process maps and charts: the same picture in a page, light or dark, and in a printed report.

In a page an ink is a CSS variable with a fallback, `var(--accent, #1f5fa8)`: browsers read it in
presentation attributes also under a Content-Security-Policy of `style-src 'self'`, which forbids `style="…"`.
Renderers for print (Typst, vl-convert) know no variables, so there an ink is the plain fallback.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Theme = Literal["page", "print"]

INKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ink": "#1b1f24",
        "ink-soft": "#5b6470",
        "line": "#d5dae0",
        "paper": "#ffffff",
        "accent": "#1f5fa8",
        "warn": "#8f6200",
        "bad": "#b3261e",
        "good": "#1e7a45",
        "heat": "#b8440a",
    }
)
_IN_BOTH_SCHEMES: Final = MappingProxyType({"heat": "light-dark(#b8440a, #ff9a55)"})
"""Fallbacks for inks of ours that a design system need not know."""
_FONTS: Final = "system-ui, 'Liberation Sans', Arial, sans-serif"


def ink(name: str, *, theme: Theme) -> str:
    """Return a colour of the design system as an SVG attribute takes it.

    Args:
        name: a key of `INKS`; another raises `KeyError`.
        theme: "page" for a CSS variable with fallback, "print" for the fixed colour.

    >>> ink("accent", theme="page"), ink("accent", theme="print")
    ('var(--accent, #1f5fa8)', '#1f5fa8')
    """
    if theme == "print":
        return INKS[name]
    return f"var(--{name}, {_IN_BOTH_SCHEMES.get(name, INKS[name])})"


def mix(strong: str, weak: str, share: float, theme: Theme) -> str:
    """Return `share` (0 to 1) of the colour `strong` in the colour `weak`, both as `ink` or `mix` give them.

    >>> mix("#1b1f24", "#ffffff", 0.25, "print")
    '#c6c7c8'
    >>> mix(ink("ink", theme="page"), ink("paper", theme="page"), 0.25, "page")
    'color-mix(in srgb, var(--ink, #1b1f24) 25%, var(--paper, #ffffff))'
    """
    if theme == "page":
        return f"color-mix(in srgb, {strong} {round(share * 100)}%, {weak})"
    pairs = zip(_channels(strong), _channels(weak), strict=True)
    return "#" + "".join(f"{round(share * high + (1 - share) * low):02x}" for high, low in pairs)


def font(theme: Theme) -> str:
    """Return the font family: the page's own, or one every renderer has.

    >>> font("print")
    'sans-serif'
    """
    return f"var(--sans, {_FONTS})" if theme == "page" else "sans-serif"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
