"""The texts people read: gathered from the source into the catalogues, and the catalogues made ready for use.

Works with Babel alone (a tool of development): neither this nor the product needs the gettext programs.

    python scripts/messages.py            bring every catalogue up to date and compile it
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "backdesk"
LOCALE = SOURCE / "locale"
WIDTH = 120
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
OF_EVIDENCE = {**KEYWORDS, "say": None}
TOLD_IN = ("history.py", "quality/telling.py")
OF_ITEMS = re.compile(r'^    (?:history\.tell\()?"([a-z ]+)"[:,] ', re.MULTILINE)


def gathered() -> Catalog:
    """Every text of the source: templates, pages, operations, and what the evidence calls things."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    catalog = Catalog()
    for path in sorted(SOURCE.rglob("*.py")):
        _add(catalog, path, path.read_bytes())
    for path in sorted((*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt"))):
        _add(catalog, path, _as_python(path))
    for text in vocabulary():
        catalog.add(text, locations=[("evidence", 0)])
    for text in sorted({*verbs(), *kinds()}):
        catalog.add(text, locations=[("audit", 0)])
    return catalog


def kinds() -> set[str]:
    """What the audit trail calls objects: the names of models, as Django makes them."""
    from django.utils.text import camel_case_to_spaces

    return {
        camel_case_to_spaces(node.name)
        for path in (*SOURCE.glob("*/models/*.py"), *SOURCE.glob("*/models.py"))
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.ClassDef)
        and re.search("Model|AbstractBaseUser", " ".join(map(ast.unparse, node.bases)))
    }


def verbs() -> set[str]:
    """What operations write into the audit trail: as `verb="..."` or `verb = "..." if ... else "..."`; and what
    happens to items, which their history has words for.
    """
    sources = (path.read_bytes() for path in SOURCE.rglob("*.py"))
    trees = [ast.parse(source) for source in sources if b"verb" in source]
    given = [
        node.value
        for node in (node for tree in trees for node in ast.walk(tree))
        if (isinstance(node, ast.keyword) and node.arg == "verb")
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "verb")
    ]
    both = [(one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,) for one in given]
    words = [word.value for several in both for word in several if isinstance(word, ast.Constant)]
    deeds = (OF_ITEMS.findall((SOURCE / "work" / "web" / name).read_text()) for name in TOLD_IN)
    return {word for word in words if isinstance(word, str)} | {deed for found in deeds for deed in found}


def vocabulary() -> Iterator[str]:
    """What the evidence names: it is pure, and knows of no languages."""
    from backdesk.evidence.assessment import ASKED, CRITERIA, DEFINITIONS, NO_REASON, SCALES
    from backdesk.evidence.assessment.ranking import WHOSE_WAIT
    from backdesk.evidence.charts import TEXTS
    from backdesk.evidence.eventlog.attributes import TYPES
    from backdesk.evidence.eventlog.reasons import REASONS
    from backdesk.evidence.measures import SERVICE_CATALOGUE
    from backdesk.evidence.process.bpmn.drawing import TEXTS as OF_NODES
    from backdesk.evidence.process.conformance import SENTENCES as DEVIATIONS
    from backdesk.evidence.process.drift import SENTENCES as SHIFTS
    from backdesk.evidence.sentences import COUNTED

    for measure in (*DEFINITIONS.values(), *SERVICE_CATALOGUE.values()):
        yield from filter(None, (measure.title, measure.definition, measure.limits))
        if measure.unit.isalpha() and len(measure.unit) > 3:
            yield measure.unit
    for criterion in CRITERIA:
        yield from (criterion.title, criterion.meaning, criterion.question)
        if criterion.side == "against":
            yield criterion.title.lower()
        for scale in SCALES[criterion.name]:
            yield from (scale.sentence, scale.sentence_of_one)
            if scale.none:
                yield scale.none
    yield from ASKED.values()
    yield from (NO_REASON, WHOSE_WAIT)
    yield from DEVIATIONS.values()
    yield from SHIFTS.values()
    yield from (*TEXTS, *OF_NODES, *TYPES, *REASONS)
    for one, many in COUNTED.values():
        yield from (one, many)


def updated(path: Path, found: Catalog) -> Catalog:
    """The catalogue of a language with the texts there are now; nothing is guessed, what is gone is forgotten."""
    with path.open("rb") as file:
        known = read_po(file)
    dates = known.creation_date, known.revision_date
    known.update(found, no_fuzzy_matching=True)
    known.creation_date, known.revision_date = dates
    known.obsolete.clear()
    known.fuzzy = False
    return known


def compiled(catalog: Catalog) -> bytes:
    data = io.BytesIO()
    write_mo(data, catalog)
    return data.getvalue()


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def write(file: BinaryIO, catalog: Catalog) -> None:
    write_po(file, catalog, width=WIDTH, sort_output=True, include_lineno=False)


def save(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write(file, catalog)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def _add(catalog: Catalog, path: Path, source: bytes) -> None:
    place = str(path.relative_to(SOURCE))
    file: BinaryIO = io.BytesIO(source)
    keywords = OF_EVIDENCE if place.startswith("evidence") else KEYWORDS
    for _line, text, comments, context in extract("python", file, keywords, options={"encoding": "utf-8"}):
        catalog.add(text, locations=[(place, 0)], auto_comments=comments, context=context)


def _as_python(path: Path) -> bytes:
    """A template as Django itself lays it out for extraction."""
    from django.utils.translation.template import templatize

    laid_out = templatize(path.read_text(encoding="utf-8"))
    return "\n".join(line.strip() for line in laid_out.splitlines()).encode()


def main() -> None:
    found = gathered()
    for path in catalogues():
        catalog = updated(path, found)
        save(path, catalog)
        missing = [message.id for message in catalog if message.id and not _is_translated(message.string)]
        say = sys.stdout.write
        say(f"{path.relative_to(SOURCE)}: {len(catalog) - 1} texts, {len(missing)} to translate\n")
        for text in missing:
            say(f"    {text}\n")


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    main()
