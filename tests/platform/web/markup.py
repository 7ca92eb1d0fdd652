"""Reading the HTML a part or page gave."""

from __future__ import annotations

import re
from typing import Any

from django.template import Context, Template
from django.test import RequestFactory
from lxml import html

_STEP = re.compile(r"(?P<kind>[.#]?)(?P<name>[\w-]+)|\[(?P<key>[\w-]+)(?:=(?P<value>[^\]]+))?\]")


def drawn(template: str, **context: Any) -> Any:
    """The parsed result of a template that uses the parts; none may need a style attribute."""
    whole = Context({"request": RequestFactory().get("/here/"), "csrf_token": "key", **context})
    text = Template("{% load backdesk %}" + template).render(whole)
    assert "style=" not in text
    return html.fragment_fromstring(text, create_parent="div")


def select(node: Any, selector: str) -> list[Any]:
    """Descendants by a plain selector: `tag.class#id[key=value]`, steps parted by blanks."""
    return list(node.xpath("." + "".join(_step(step) for step in selector.split())))


def words(node: Any) -> str:
    """The text as read: blanks of every kind are one blank."""
    return " ".join(node.text_content().replace("\u202f", " ").replace("\u00a0", " ").split())


def _step(step: str) -> str:
    tag, conditions = "*", ""
    for part in _STEP.finditer(step):
        name, key, value = part["name"], part["key"], part["value"]
        if key:
            conditions += f"[@{key}='{value}']" if value else f"[@{key}]"
        elif part["kind"] == ".":
            conditions += f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        elif part["kind"] == "#":
            conditions += f"[@id='{name}']"
        else:
            tag = name
    return f"//{tag}{conditions}"
