"""The compiled reader of XES against expat: the same table, or None where it leaves the document to expat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import _kernels, xes, xes_quick
from backdesk.evidence.eventlog.opening import ByteSource
from backdesk.evidence.eventlog.tables import Table
from tests.shared import shared_data

COLUMNS = ("case:concept:name", "concept:name", "time:timestamp", "org:resource")
REAL = (
    "bpic2020/DomesticDeclarations.xes.gz",
    "logs/02_teleclaims.xes.gz",
    "logs/08_receipt.xes.gz",
    "logs/helpdesk.xes.gz",
    "logs/reviewing.xes",
    "logs/running-example.xes",
)

Attribute = tuple[str, str]


@pytest.fixture(params=["compiled", "as written"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both as it runs and as it reads; hashes are meant to overflow."""
    if request.param == "as written":
        for name in ("scan", "hash_of", "_read_tag", "_behind_words", "_write", "_is_new"):
            monkeypatch.setattr(_kernels, name, getattr(_kernels, name).py_func)
    with np.errstate(over="ignore"):
        yield


@pytest.mark.parametrize("name", REAL)
def test_real_logs_read_the_same(name: str) -> None:
    path = shared_data("eventlogs", name)
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert_same(quick, by_expat(path))


@pytest.mark.parametrize("block", [40, 97, 1000])
def test_where_a_block_ends_makes_no_difference(
    block: int, a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_log(document([[[("concept:name", "Böse")], [("org:resource", "Ada\n")]]] * 20))
    whole = xes_quick.load(ByteSource(path), COLUMNS)
    monkeypatch.setattr(xes_quick, "BLOCK", 1)
    monkeypatch.setattr("backdesk.evidence.eventlog.opening.PIECE", block)
    parted = xes_quick.load(ByteSource(path), COLUMNS)
    assert whole is not None
    assert parted is not None
    assert_same(parted, whole)
    assert_same(whole, by_expat(path))


def test_a_value_that_begins_like_a_marked_file_is_left_to_expat(a_log: Callable[[str], Path]) -> None:
    def read(value: str) -> Table | None:
        return xes_quick.load(ByteSource(a_log(document([[[("concept:name", value)]]]))), COLUMNS)

    assert read("\ufeffPay") is None
    assert read("Pay\ufeff") is not None


texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t&<>'\""), max_size=8)
names = st.sampled_from(["concept:name", "org:resource", "time:timestamp", "cost", "concept:nam", ""])
attributes = st.lists(st.tuples(names, texts), max_size=4)
logs = st.lists(st.lists(attributes, max_size=3), max_size=3)


@settings(deadline=None, max_examples=150)
@given(traces=logs, of_traces=attributes, spaced=st.booleans(), nested=st.booleans())
def test_any_log_reads_the_same(
    traces: list[list[list[Attribute]]],
    of_traces: list[Attribute],
    spaced: bool,
    nested: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("xes") / "log.xes"
    path.write_text(document(traces, of_traces, spaced=spaced, nested=nested), encoding="utf-8")
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert_same(quick, by_expat(path))


UNUSUAL = {
    "a document type": "<!DOCTYPE log><log><trace/></log>",
    "another encoding": '<?xml version="1.0" encoding="utf-16"?><log/>',
    "an entity nobody declared": '<log><trace><event><string key="a" value="&x;"/></event></trace></log>',
    "a character by its number": '<log><trace><event><string key="a" value="&#65;"/></event></trace></log>',
    "a name with a reference": '<log><trace><event><string key="a&amp;b" value="1"/></event></trace></log>',
    "an event of no trace": '<log><event><string key="a" value="1"/></event></log>',
    "text between tags": "<log><trace>and so on</trace></log>",
    "a section of character data": "<log><trace><![CDATA[x]]></trace></log>",
    "a prefix": "<x:log><x:trace/></x:log>",
    "tags that cross": "<log><trace><event></trace></event></log>",
    "a value without quotes": "<log><trace><event><string key=a/></event></trace></log>",
    "a key twice": '<log><trace><event><string key="a" key="b"/></event></trace></log>',
    "a < in a value": '<log><trace><event><string key="a" value="<"/></event></trace></log>',
    "a control character": '<log><trace><event><string key="a" value="\x02"/></event></trace></log>',
    "no blank between attributes": '<log><trace><event><string key="a"value="b"/></event></trace></log>',
    "a comment with a double dash": "<log><!-- a -- b --></log>",
    "two logs": "<log></log><log></log>",
    "an end that is missing": "<log><trace>",
    "a tag that breaks off": "<log><trace><event><string key=",
    "bytes that are no text": b'<log><trace><event><string key="concept:name" value="\xff"/></event></trace></log>',
    "nothing": "",
    "depth without end": "<log><trace>" + '<list key="a">' * 200 + "</list>" * 200 + "</trace></log>",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
@pytest.mark.usefixtures("kernel")
def test_what_is_not_written_like_a_log_is_left_to_expat(
    text: str | bytes, a_log: Callable[[str | bytes], Path]
) -> None:
    assert xes_quick.load(ByteSource(a_log(text)), COLUMNS) is None


@pytest.mark.usefixtures("kernel")
def test_comments_instructions_quotes_and_nested_attributes_are_passed_over(
    a_log: Callable[[str], Path],
) -> None:
    path = a_log(
        "\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<!-- made\nby hand -->\n<log><?x y?>\n"
        "<string key='concept:name' value='the log'><string key='concept:name' value='in it'/></string>\n"
        "<trace><list key='concept:name' value='A'><values><event key='concept:name' value='no'/></values></list>\n"
        "<event>\n<string key='concept:name' value='say \"x\"'><string key='org:resource' value='deep'/></string>"
        "<!-- c --></event\n><string key=\"concept:name\" value='B'/></trace><trace/></log>\n<!-- end -->"
    )
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert_same(quick, by_expat(path))
    assert quick.frame.row(0) == ("B", 'say "x"', None, None)


def test_a_large_file_is_read_quickly_and_a_broken_one_still_says_where(
    a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xes, "LARGE", 0)
    whole = document([[[("concept:name", "Check")]]] * 3)
    assert xes.load(a_log(whole), COLUMNS).truncated is None
    broken = xes.load(a_log(whole[:-30]), COLUMNS)
    assert broken.truncated is not None
    assert "line" in broken.truncated


def by_expat(path: Path) -> Table:
    reader = xes._Reader(COLUMNS)
    reader.read(ByteSource(path))
    return Table(
        frame=reader.events.frame(),
        lines=reader.events.all_lines(),
        columns=tuple(reader.seen),
        rejects=tuple(reader.rejects),
        truncated=reader.truncated,
    )


def assert_same(quick: Table, slow: Table) -> None:
    assert quick.frame.equals(slow.frame)
    assert quick.lines.to_list() == slow.lines.to_list()
    assert (quick.columns, quick.rejects, quick.truncated) == (slow.columns, slow.rejects, slow.truncated)


def document(
    traces: list[list[list[Attribute]]],
    of_traces: list[Attribute] | None = None,
    *,
    spaced: bool = True,
    nested: bool = False,
) -> str:
    end = "\n" if spaced else ""
    said = "".join(_attribute(one, nested) + end for one in of_traces or [])
    parts = []
    for number, events in enumerate(traces):
        own = "".join(
            f"<event>{end}" + "".join(_attribute(one, nested) + end for one in event) + f"</event>{end}"
            for event in events
        )
        name = _attribute(("concept:name", f"C{number}"), False)
        parts.append(f"<trace>{end}{name}{own}{said}</trace>{end}")
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>{end}<log xes.version="1.0">{end}{"".join(parts)}</log>{end}'
    )


def _attribute(one: Attribute, nested: bool) -> str:
    key, value = (quoteattr(text, {"&#10;": "\n", "&#9;": "\t"}) for text in one)
    key, value = (text.replace("&#10;", "\n").replace("&#9;", "\t") for text in (key, value))
    inner = '<string key="concept:name" value="within"/></string>' if nested else ""
    return f"<string key={key} value={value}>{inner}" if nested else f"<string key={key} value={value}/>"


@pytest.fixture
def a_log(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def written(text: str | bytes) -> Path:
        path = tmp_path / "log.xes"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written
