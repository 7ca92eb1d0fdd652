"""What people type, as safe HTML: **bold**, *italic*, `code`, lists and quotes; addresses become links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import nh3
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_RULES: Final = ("backticks", "blockquote", "emphasis", "escape", "fence", "list", "newline")
_TAGS: Final = frozenset({"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"})
_MENTION: Final = '<strong class="mention">@{}</strong>'
_EXCERPT: Final = 300


def html_of(text: str, *, mentioned: Sequence[str] = ()) -> SafeString:
    """`mentioned`: the names that stand after an @ in it. Nothing but the tags above comes out, whatever comes in."""
    rendered = _MARKDOWN.render(text, {"mentioned": mentioned})
    clean = nh3.clean(
        rendered,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "strong": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308  cleaned in the line above


def excerpt(text: str, *, length: int = _EXCERPT) -> str:
    """The beginning of it on one line, for a list or a notification."""
    return Truncator(" ".join(text.split())).chars(length)


def mentions_in(text: str, names: Sequence[str]) -> list[str]:
    """Those of these names that stand after an @ in the text; of two that begin alike the longer one is meant."""
    if "@" not in text or not names:
        return []
    found = _after_at(names).findall(text)
    spelt = {name.casefold(): name for name in names}
    return list(dict.fromkeys(spelt[name.casefold()] for name in found))


def without_name(text: str, name: str, instead: str) -> str:
    """For erasing a person: the same text in which nobody of this name is addressed."""
    return _after_at([name]).sub(f"@{instead}", text)


def _after_at(names: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(set(names), key=len, reverse=True)
    return re.compile(rf"(?<![\w.@])@({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _plain_words(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: dict[str, Any]
) -> str:
    """The words between the marks: there, and not inside code, addresses become links and names stand out."""
    linked = urlize(tokens[place].content, nofollow=True, autoescape=True)
    names = [escape(name) for name in env["mentioned"]]
    return _after_at(names).sub(lambda found: _MENTION.format(found[1]), linked) if names else linked


_MARKDOWN = MarkdownIt("zero", {"breaks": True}).enable(list(_RULES))
_MARKDOWN.add_render_rule("text", _plain_words)
