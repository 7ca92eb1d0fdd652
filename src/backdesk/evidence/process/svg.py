"""Writing SVG: elements whose attributes and texts are escaped, and nothing that a strict CSP forbids."""

from backdesk.evidence.process.text import escape


class Markup(str):
    """A piece of SVG that is safe as it stands; any other text is escaped before it goes in."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: object) -> Markup:
    """Write an element.

    Attributes that are None are left out, `_` in their names becomes `-`, a final `_` is dropped (`class_`),
    and floats are rounded to a tenth. Content that is not `Markup` is text.

    >>> element("text", "Tom & Jerry", x=1.25, font_size=12, class_="name", href=None)
    '<text x="1.2" font-size="12" class="name">Tom &amp; Jerry</text>'
    >>> element("g", element("circle", r=3))
    '<g><circle r="3"/></g>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(part if isinstance(part, Markup) else escape(part) for part in content)
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")


def lines(rows: tuple[str, ...], *, x: float, y: float, leading: float, **attributes: object) -> Markup:
    """Write rows of text beneath each other, the first on the base line `y`.

    >>> lines(("a", "b"), x=5, y=10, leading=12)
    '<text x="5" y="10">a<tspan x="5" dy="12">b</tspan></text>'
    """
    further = [element("tspan", row, x=x, dy=leading) for row in rows[1:]]
    return element("text", rows[0], *further, x=x, y=y, **attributes)


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return value if isinstance(value, Markup) else escape(value)
