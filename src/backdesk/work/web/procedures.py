"""Procedures as people read them: markdown, shown within two walls. None lets HTML of the text through."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    *("a", "blockquote", "br", "code", "em", "hr", "img", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}}
_PICTURES = "pictures/"


def procedure_html(text: str, *, picture_url: Callable[[str], str]) -> SafeString:
    """`picture_url` gives the address of a picture by its name; pictures from elsewhere are left out."""
    tokens = _markdown().parse(text)
    for token in tokens:
        _lower_heading(token)
        for inner in token.children or ():
            if inner.type == "image":
                _point(inner, picture_url)
    html = _markdown().renderer.render(tokens, _markdown().options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # noqa: S308  cleaned above


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _lower_heading(token: Token) -> None:
    """The page has the only heading of the first level."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _point(image: Token, picture_url: Callable[[str], str]) -> None:
    source = str(image.attrs.get("src", ""))
    name = source.removeprefix(_PICTURES)
    image.attrs["src"] = picture_url(name) if source.startswith(_PICTURES) and "/" not in name else ""
