"""The compiled reader of XES against expat: the same table, or None where it leaves the document to expat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import Mapping, _seen, opening, xes, xes_quick
from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.opening import ByteSource
from backdesk.evidence.eventlog.tables import Table
from tests.evidence.eventlog.tables import assert_same
from tests.shared import shared_data

TIME = "time:timestamp"
COLUMNS = ("case:concept:name", "concept:name", TIME, "org:resource")
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
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both as it runs and as it reads; hashes are meant to overflow."""
    if request.param == "as written":
        monkeypatch.setattr(xes_quick, "compiled", np.errstate(over="ignore"))


@pytest.mark.parametrize("name", REAL)
def test_real_logs_read_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shared_data("eventlogs", name)
    monkeypatch.setattr(xes_quick, "BLOCK", 1 << 16)
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert_same(quick, by_expat(path))


@pytest.mark.parametrize("block", [40, 97, 1000])
def test_where_a_block_ends_makes_no_difference(
    block: int, a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = [("concept:name", "Böse"), (TIME, "2024-02-29T09:30:00+01:00")]
    path = a_log(document([[event, [("org:resource", "Ada\n")]], [event]] * 20))
    whole = xes_quick.load(ByteSource(path), COLUMNS)
    monkeypatch.setattr(xes_quick, "BLOCK", 1)
    monkeypatch.setattr("backdesk.evidence.eventlog.opening.PIECE", block)
    parted = xes_quick.load(ByteSource(path), COLUMNS)
    assert whole is not None
    assert parted is not None
    assert_same(parted, whole)
    assert_same(whole, by_expat(path))


def test_what_only_looks_like_the_end_of_an_event_is_none(
    a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xes_quick, "BLOCK", 1)
    monkeypatch.setattr("backdesk.evidence.eventlog.opening.PIECE", 60)
    whole = document([[[("concept:name", "Check")]]] * 3)
    path = a_log(whole)
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert_same(quick, by_expat(path))
    for mark in ("<!-- </event> -->", "<global><event></event></global>"):
        path = a_log(whole.replace("<trace>", f"{mark}<trace>"))
        assert xes_quick.load(ByteSource(path), COLUMNS) is None


@pytest.mark.parametrize("kernel", ["as written"], indirect=True)
@pytest.mark.usefixtures("kernel")
def test_texts_that_take_too_long_to_number_are_left_to_expat(
    a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_log(document([[[("concept:name", "Check")]]]))
    assert xes_quick.load(ByteSource(path), COLUMNS) is not None
    monkeypatch.setattr(_seen, "MOST_PROBES", 0)
    assert xes_quick.load(ByteSource(path), COLUMNS) is None


texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t&<>'\""), max_size=8)
times = st.builds(
    "{:%Y-%m-%dT%H:%M:%S}{}{}".format,
    st.datetimes(datetime(1899, 12, 31), datetime(2200, 1, 1)),  # noqa: DTZ001
    st.from_regex(r"\A(\.[0-9]{1,9})?\Z"),
    st.sampled_from(["Z", "+02:00", "-03:30", "+14:00"]),
)
names = st.sampled_from(["concept:name", "org:resource", "cost", "concept:nam", ""])
attributes = st.lists(st.tuples(names, texts) | st.tuples(st.just(TIME), times), max_size=4)
logs = st.lists(st.lists(attributes, max_size=3), max_size=3)


@settings(deadline=None, max_examples=100)
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


@pytest.mark.usefixtures("kernel")
def test_a_log_is_read_whole_as_written_and_compiled(a_log: Callable[[str], Path]) -> None:
    event = [
        ("concept:name", "Check &amp; pay"),
        (TIME, "2024-02-29T09:30:00.5+01:00"),
        ("org:resource", "Ada"),
    ]
    path = a_log(document([[event, event[1:], [*event, ("concept:name", "Pay")]]] * 2, event))
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert_same(quick, by_expat(path))
    assert quick.frame[TIME][0] == {"local": datetime.fromisoformat("2024-02-29T09:30:00.5"), "offset": 60}


UNTIMELY = (
    *("2024-02-30T09:00:00Z", "2023-02-29T09:00:00Z", "2024-00-01T09:00:00Z", "1899-12-31T09:00:00Z"),
    *("2200-01-01T09:00:00Z", "2024-02-01T24:00:00Z", "2024-02-01T09:60:00Z", "2024-02-01T09:00:60Z"),
    *("2024-02-01T09:00:00", "2024-02-01T09:00:00+15:00", "2024-02-01T09:00:00+0100", "2024-02-01 09:00:00Z"),
    *(
        "2024-02-01T09:00:00.Z",
        " 2024-02-01T09:00:00Z",
        "2024-02-01T09:00:00Z ",
        "20240201T090000Z",
        "soon",
        "",
    ),
)


@pytest.mark.parametrize("time", UNTIMELY)
@pytest.mark.parametrize("before", [0, 3])
def test_times_written_in_other_ways_are_texts(time: str, before: int, a_log: Callable[[str], Path]) -> None:
    path = a_log(document([[[(TIME, "2024-02-01T09:00:00Z")]] * before + [[(TIME, time)]]]))
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert not isinstance(quick.frame[TIME].dtype, pl.Struct)
    assert_same(quick, by_expat(path))


def test_there_is_room_for_as_much_as_fits_into_a_block(a_log: Callable[[str], Path]) -> None:
    """The kernel writes where nothing guards the memory."""
    path = a_log(f"<log><trace>{'<a/>' * 100_000}<event></event></trace></log>")
    quick = xes_quick.load(ByteSource(path), ("case:",))
    assert quick is not None
    assert quick.frame.rows() == [("",)]


def test_times_that_are_declared_as_texts_are_texts(a_log: Callable[[str], Path]) -> None:
    path = a_log(document([[[(TIME, "2024-02-01T09:00:00Z")]]]).replace("<date", "<string"))
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert quick.frame[TIME].cast(pl.String).to_list() == ["2024-02-01T09:00:00Z"]


MUCH = " ".join(f"{name}=''" for name in "abcdefghijklmno")
UNUSUAL = {
    "a document type": "<!DOCTYPE log><log><trace/></log>",
    "another encoding": '<?xml version="1.0" encoding="utf-16"?><log/>',
    "an entity nobody declared": '<log><trace><event><string key="a" value="&x;"/></event></trace></log>',
    "a character by its number": '<log><trace><event><string key="a" value="&#65;"/></event></trace></log>',
    "a name with a reference": '<log><trace><event><string key="a&amp;b" value="1"/></event></trace></log>',
    "an event of no trace": '<log><event><string key="a" value="1"/></event></log>',
    "text between tags": "<log><trace>and so on</trace></log>",
    "a section of character data": "<log><trace><![CDATA[x]]></trace></log>",
    "a name with a quote in it": '<log><trace><event><str"ing key="a" value="1"/></event></trace></log>',
    "an element of no name": "<log><trace>< /></trace></log>",
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
    "bytes that are no text where nobody looks": b"<log><!-- \xff --></log>",
    "an element whose name begins with a digit": '<log><trace><event><1nt key="a" value="1"/></event></trace></log>',
    "an element whose name begins with a dash": "<log><-trace/></log>",
    "an element whose name holds no letter": "<log><trac\u00d7e/></log>",
    "an attribute whose name begins with a digit": '<log><trace><string key="a" 1="x"/></trace></log>',
    "an attribute said twice": '<log><trace><string key="a" of="x" value="1" of="y"/></trace></log>',
    "more attributes of an element than are compared": f"<log><trace {MUCH} p='16'/></log>",
    "a code that is no character": '<log><trace><event><string key="a" value="\uffff"/></event></trace></log>',
    "a control character in a comment": "<log><!-- \x02 --></log>",
    "a line break of its own in a comment": "<log><!-- \r --></log>",
    "a declaration that is none": '<?xml version="1.0" encod="utf-8"?><log></log>',
    "a declaration within": '<log><?xml version="1.0"?></log>',
    "an instruction for nothing": "<log><? x?></log>",
    "an instruction for what is no name": "<log><?x=l?></log>",
    "nothing": "",
    "depth without end": "<log><trace>" + '<list key="a">' * 200 + "</list>" * 200 + "</trace></log>",
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
@pytest.mark.usefixtures("kernel")
def test_what_is_not_written_like_a_log_is_left_to_expat(
    text: str | bytes, a_log: Callable[[str | bytes], Path]
) -> None:
    assert xes_quick.load(ByteSource(a_log(text)), COLUMNS) is None


@pytest.mark.parametrize("trace", ["<1race/>", "<trac\u00d7e/>", "<trace a='' a=''/>", "<trace a='\uffff'/>"])
def test_what_is_malformed_is_told_with_its_line(
    trace: str, a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGE", 0)
    with pytest.raises(UnreadableFile, match=r"is no readable XML: .*, on line 2\."):
        xes.load(a_log(f"<log>\n{trace}</log>"), COLUMNS)


def test_an_element_may_say_more_than_its_key_and_value(a_log: Callable[[str], Path]) -> None:
    event = '<event><string key="concept:name" value="Pay"/></event>'
    quick = xes_quick.load(ByteSource(a_log(f"<log {MUCH}><trace {MUCH}>{event}</trace></log>")), COLUMNS)
    assert quick is not None
    assert quick.frame.height == 1


def test_what_says_no_value_has_none(a_log: Callable[[str], Path]) -> None:
    path = a_log('<log><trace><event><string key="concept:name" vague="Pay"/></event></trace></log>')
    quick = xes_quick.load(ByteSource(path), COLUMNS)
    assert quick is not None
    assert quick.frame["concept:name"].cast(pl.String).to_list() == [""]
    assert_same(quick, by_expat(path))


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
    monkeypatch.setattr(opening, "LARGE", 0)
    whole = document([[[("concept:name", "Check")]]] * 3)
    assert xes.load(a_log(whole), COLUMNS).truncated is None
    broken = xes.load(a_log(whole[:-30]), COLUMNS)
    assert broken.truncated is not None
    assert "line" in broken.truncated


@pytest.mark.parametrize("large", [0, 1 << 30], ids=["quick", "by expat"])
def test_what_is_rejected_is_told_as_it_was_written(
    large: int, a_log: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LARGE", large)
    good = [
        ("concept:name", "Check"),
        ("start", "2024-02-01T08:00:00+01:00"),
        (TIME, "2024-02-01T09:00:00+01:00"),
    ]
    bad = [*good[:1], ("start", "2024-02-01T10:00:00+01:00"), *good[2:]]
    mapping = Mapping(case="case:concept:name", activity="concept:name", ended_at=TIME, started_at="start")
    reading = eventlog.read(a_log(document([[good, bad]])), mapping=mapping)
    assert (reading.rows_accepted, reading.zone_source) == (1, "offsets")
    ((line, field, value, reason),) = reading.rejects.rows()
    assert (line, field, value) == (9, TIME, "2024-02-01T09:00:00+01:00")
    assert reason.startswith("It ends before it starts (2024-02-01T10:00:00+01:00)")


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
    tag = "date" if one[0] == TIME else "string"
    inner = '<string key="concept:name" value="within"/>' if nested else ""
    return (
        f"<{tag} key={key} value={value}>{inner}</{tag}>" if nested else f"<{tag} key={key} value={value}/>"
    )


@pytest.fixture
def a_log(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def written(text: str | bytes) -> Path:
        path = tmp_path / "log.xes"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written
