"""From a chart to the SVG of a page or a report, and to PNG: by vl-convert, then cleaned for us.

vl-convert draws with the fixed colours of `INKS`. For a page each of them becomes the design system's
variable with the fixed colour as fallback, so that the chart follows light and dark; nothing needs a style
attribute.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from backdesk.evidence.process.text import clean
from backdesk.evidence.process.theme import INKS, Theme, font, ink

if TYPE_CHECKING:
    import altair as alt
    from lxml import etree

SVG: Final = "{http://www.w3.org/2000/svg}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
_BASE: Final = "https://vega.github.io/vega-datasets/"
"""What Vega puts before addresses that are relative, ours all are."""
_NAMES: Final = {colour: name for name, colour in INKS.items()}
_NOISE: Final = frozenset(
    {"class", "role", "aria-roledescription", "aria-label", "pointer-events", "font-family"}
)
_USUAL: Final = {"opacity": "1", "text-anchor": "start", "stroke-width": "1", "stroke-miterlimit": "10"}


def svg(chart: alt.TopLevelMixin, *, theme: Theme = "page") -> str:
    """Render a chart as SVG with a name and a description for those who hear it.

    Args:
        chart: as a function of this package returns it.
        theme: "page" for colours that follow the page's variables, "print" for fixed ones.

    >>> import polars as pl
    >>> from backdesk.evidence.charts import hours_by_activity
    >>> picture = svg(hours_by_activity(pl.DataFrame({"activity": ["Check"], "hours": [12.0]})))
    >>> picture.startswith("<svg "), 'role="img"' in picture, "var(--accent, " in picture
    (True, True, True)
    """
    import vl_convert
    from lxml import etree

    spec = _cleaned(chart.to_dict(validate=False))
    name = spec.get("usermeta", {}).get("name", "Chart")
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    root = etree.fromstring(drawn.encode(), etree.XMLParser(huge_tree=True, resolve_entities=False))
    named = {link: str(link.xpath("string(.//@aria-label)")) for link in root.iter(f"{SVG}a")}
    told = {one: one.get("aria-label", "") for one in root.iter(f"{SVG}path") if _leads_nowhere(one)}
    _slim(root)
    for link, words in named.items():
        _open(link, words)
    for mark, words in told.items():
        _tell(mark, words)
    for element in root.iter():
        _recolour(element, theme)
    _name(root, name, spec.get("description", ""))
    root.set("font-family", font(theme))
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def png(chart: alt.TopLevelMixin, *, scale: float = 2.0) -> bytes:
    """Render a chart as PNG in fixed colours on white, `scale` pixels a point.

    >>> import polars as pl
    >>> from backdesk.evidence.charts import hours_by_activity
    >>> png(hours_by_activity(pl.DataFrame({"activity": ["Check"], "hours": [12.0]})))[1:4]
    b'PNG'
    """
    import vl_convert

    spec = _cleaned(chart.to_dict(validate=False))
    return vl_convert.vegalite_to_png(
        {**spec, "background": INKS["paper"]}, scale=scale, allowed_base_urls=[]
    )


def _cleaned(part: Any) -> Any:
    """Replace what XML forbids in every text of a specification."""
    if isinstance(part, str):
        return clean(part)
    if isinstance(part, dict):
        return {key: _cleaned(value) for key, value in part.items()}
    return [_cleaned(value) for value in part] if isinstance(part, list) else part


def _slim(root: etree._Element) -> None:
    """Drop what shows nothing: empty paths, class names, default values, the sixteenth decimal."""
    for element in list(root.iter(f"{SVG}path", f"{SVG}rect")):
        parent = element.getparent()
        if parent is not None and _shows_nothing(element):
            parent.remove(element)
    for element in root.iter():
        for key in _NOISE & set(element.keys()):
            del element.attrib[key]
        for key, usual in _USUAL.items():
            if element.get(key) == usual:
                del element.attrib[key]
        for key in ("d", "transform", "x", "y", "x2", "y2", "width", "height"):
            if element.get(key):
                element.set(key, re.sub(r"-?\d+\.\d+", _rounded, element.get(key, "")))
    _unwrap_empty_groups(root)


def _shows_nothing(element: etree._Element) -> bool:
    is_hidden = element.get("display") == "none" or element.get("fill") == "transparent"
    is_empty = element.get("d") in ("M0,0h0v0h0Z", "")
    is_bare = element.get("class") == "background" and not (element.get("fill") or element.get("stroke"))
    return is_hidden or is_empty or is_bare


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match.group()):.1f}".removesuffix(".0")


def _unwrap_empty_groups(root: etree._Element) -> None:
    """Put the children of groups without attributes in their place, and drop groups without children."""
    for group in reversed(list(root.iter(f"{SVG}g"))):
        parent = group.getparent()
        if parent is None or (len(group) and group.attrib):
            continue
        place = parent.index(group)
        parent[place : place + 1] = list(group)


def _recolour(element: etree._Element, theme: Theme) -> None:
    if element.tag == f"{SVG}text" and element.get("stroke"):
        element.set("paint-order", "stroke")
    for key in ("fill", "stroke"):
        name = _NAMES.get(element.get(key, "").lower())
        if name:
            element.set(key, ink(name, theme=theme))


def _open(link: etree._Element, told: str) -> None:
    """Give a link its address, and what it leads to in words where no text stands in it."""
    from lxml import etree

    link.set("href", str(link.attrib.pop(f"{XLINK}href")).removeprefix(_BASE))
    if link.find(f".//{SVG}text") is not None:
        return
    if told:
        link.set("aria-label", told)
        etree.SubElement(link[0], f"{SVG}title").text = told  # for who points at it
    else:
        # A bar leads where its name does, which is enough for who reads or tabs through.
        link.attrib.update({"aria-hidden": "true", "tabindex": "-1"})


def _leads_nowhere(mark: etree._Element) -> bool:
    """Whether it is to be pointed at and heard without being a link."""
    return "aria-label" in mark.attrib and next(mark.iterancestors(f"{SVG}a"), None) is None


def _tell(mark: etree._Element, words: str) -> None:
    """Let it be pointed at, reached by keyboard and heard: in a group, since what cannot be seen shows no focus."""
    from lxml import etree

    group = etree.Element(f"{SVG}g", {"role": "img", "aria-label": words, "tabindex": "0"})
    mark.addprevious(group)
    group.append(mark)
    etree.SubElement(group, f"{SVG}title").text = words


def _name(root: etree._Element, name: str, description: str) -> None:
    """Name the root; its ids come from its content, so that several charts can share a page."""
    from lxml import etree

    key = "ch-" + sha256(etree.tostring(root)).hexdigest()[:10]
    for place, (tag, words) in enumerate((("title", name), ("desc", description))):
        told = etree.Element(f"{SVG}{tag}", id=f"{key}-{tag}")
        told.text = words
        root.insert(place, told)
    linked = root.find(f".//{SVG}a") is not None or root.find(f".//{SVG}g[@tabindex]") is not None
    root.attrib.update(
        {
            # With links inside it is no longer one image: the role "img" would hide them from screen readers.
            "role": "group" if linked else "img",
            "aria-labelledby": f"{key}-title",
            "aria-describedby": f"{key}-desc",
            "overflow": "visible",
        }
    )
