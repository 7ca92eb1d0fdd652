"""Small drawings: their sizes are SVG attributes, because style attributes are not allowed.

A page has a hundred of the same few, at addresses that stay while a process lives.
"""

from __future__ import annotations

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

_SCALE = 1000


@lru_cache
def icon(name: str) -> SafeString:
    """A picture beside a word, so hidden from those who hear the page."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', _sprite(), name)


@lru_cache
def shape(kind: str) -> SafeString:
    """The shape that goes with a status colour."""
    return format_html(
        '<svg class="shape" aria-hidden="true"><use href="{}#status-{}"></use></svg>', _sprite(), kind
    )


def bar(*, value: float, maximum: float) -> SafeString:
    """A bar for a number that stands beside it in digits."""
    width = round(_SCALE * min(max(value / maximum, 0.0), 1.0)) if maximum > 0 else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 {0} 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="{0}" height="4"></rect><rect class="fill" width="{1}" height="4"></rect></svg>',
        _SCALE,
        width,
    )


def _sprite() -> str:
    return static("backdesk/icons.svg")
