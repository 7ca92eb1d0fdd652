"""Taking words apart, finding and marking them, and what the page and the palette show of it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from lxml import html

from backdesk.parties.models import Organisation
from backdesk.parties.operations import give_role
from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.search import Hit, Registry, Source, SourceTakenTwice, Words, matching, words_of
from backdesk.platform.web.searching import LONGEST_TEXT, Piece, pieces
from tests.cast import NOW, Cast
from tests.platform.web.markup import select, words

NAMES = (
    "Quarterly close",
    "Close of the quarter",
    "Enclosure",
    "CLOSE-OUT",
    "Ärger (close)",
    "Straße 5",
    "50%_off",
)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("  Quarterly  close ", ("quarterly", "close")),
        ("(close), close!", ("close",)),
        ("ÄRGER", ("ärger",)),
        ("a\0b", ("a", "b")),
        ("?! ...", ()),
        ("", ()),
        (" ".join(f"w{number}" for number in range(20)), tuple(f"w{number}" for number in range(8))),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, parts: tuple[str, ...]) -> None:
    assert words_of(typed).parts == parts


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("close", ["Close of the quarter", "CLOSE-OUT", "Ärger (close)", "Quarterly close"]),
        ("quarter close", ["Close of the quarter", "Quarterly close"]),
        ("ÄRG", ["Ärger (close)"]),
        ("straße", ["Straße 5"]),
        ("out", ["CLOSE-OUT"]),
        ("losur", []),
        ("c.o", []),
        ("50%_o", ["50%_off"]),
        ("5", ["50%_off", "Straße 5"]),
    ],
)
def test_every_word_begins_a_word_of_what_is_found_the_best_first(typed: str, found: list[str]) -> None:
    Organisation.objects.bulk_create(
        Organisation(name=name, is_client=True, created_at=NOW) for name in NAMES
    )
    rows = matching(Organisation.objects.all(), words=words_of(typed), title="name")
    assert sorted(row.name for row in rows) == sorted(found)
    assert [row.name for row in rows][:1] == found[:1]


@pytest.mark.django_db
@pytest.mark.parametrize("sign", [*r"""\^$.*+?()[]{}|/-'"%_&:;<>=~`@#!,""", "\u00a0", "\u200b", "²"])
def test_no_sign_breaks_a_search(sign: str) -> None:
    assert list(matching(Organisation.objects.all(), words=words_of(f"a{sign}b {sign}c"), title="name")) == []


def test_what_was_looked_for_is_marked_where_a_word_begins() -> None:
    assert pieces("Closing the enclosure, CLOSE", Words(("clos",))) == (
        Piece("Clos", True),
        Piece("ing the enclosure, ", False),
        Piece("CLOS", True),
        Piece("E", False),
    )
    assert pieces("a.b", Words((".",))) == (Piece("a.b", False),)


def test_a_source_has_one_meaning() -> None:
    registry = Registry()
    registry.register(Source(kind="thing", title="Things", function=things))
    with pytest.raises(SourceTakenTwice, match="thing"):
        registry.register(Source(kind="thing", title="Things", function=secrets))


# -- The page
def things(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
    return [Hit(title=f"Thing <b>{number}</b>", url=f"/style/?{number}") for number in range(min(limit, 30))]


def secrets(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
    return [Hit(title="For leads", url="/style/")]


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry()
    registry.register(Source(kind="thing", title="Things", function=things))
    registry.register(
        Source(
            kind="secret", title="Secrets", function=secrets, roles=frozenset({"operations_lead"}), order=1
        )
    )
    monkeypatch.setattr(search, "registry", registry)


def found(cast: Cast, role: str = "operations_lead", **query: str) -> html.HtmlElement:
    response = cast.browser(role).get("/search/", query)
    assert response.status_code == 200
    return html.fromstring(response.content)


@pytest.mark.usefixtures("sources")
class TestPage:
    def test_before_anything_is_typed_it_says_what_is_looked_through(self, cast: Cast) -> None:
        assert "Looked through: Secrets, Things." in words(found(cast))

    def test_it_groups_and_counts_and_the_best_of_each_come_first(self, cast: Cast) -> None:
        heads = [words(head) for head in select(found(cast, q="thing"), "main h2")]
        assert heads == ["Secrets 1", "Things 8+"]

    def test_all_of_a_kind_are_one_press_away(self, cast: Cast) -> None:
        (more,) = found(cast, q="thing").xpath("//a[starts-with(., 'Show all')]")
        assert more.get("href") == "?q=thing&kind=thing"
        assert len(select(found(cast, q="thing", kind="thing"), "li.found")) == 30

    def test_a_source_for_some_is_not_asked_for_others(self, cast: Cast) -> None:
        page = found(cast, "employee", q="thing")
        assert [words(head) for head in select(page, "main h2")] == ["Things 8+"]
        assert found(cast, "employee", q="thing", kind="secret").xpath("//li[@class='found']") == []

    def test_what_things_are_called_is_no_markup(self, cast: Cast) -> None:
        (first, *_) = select(found(cast, q="thing"), "li.found a")[1:]
        assert words(first) == "Thing <b>0</b>"
        assert [words(mark) for mark in select(first, "mark")] == ["Thing"]

    def test_nothing_found_says_how_to_find_more(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search, "registry", Registry())
        assert "Nothing is called “<thing>”" in words(found(cast, q="<thing>"))

    def test_the_palette_gets_a_few_of_each(self, cast: Cast) -> None:
        part = found(cast, q="thing", palette="")
        assert [len(select(group, "*[role=option]")) for group in part.xpath("//*[@role='group']")] == [1, 4]
        assert select(part, "h1") == []

    @pytest.mark.parametrize(
        "text", ["x" * 5000, "\0", "%00", "\ud83d".encode("utf-16", "surrogatepass").hex()]
    )
    def test_no_text_is_too_much(self, text: str, cast: Cast) -> None:
        assert len(found(cast, q=text).xpath("//input[@id='q']")[0].get("value")) <= LONGEST_TEXT


@pytest.mark.django_db
def test_what_happened_is_found_by_those_who_may_read_the_trail(cast: Cast) -> None:
    controller = cast.person("controller")
    give_role(actor=cast.lead, now=NOW, person=controller, organisation=cast.client, role="auditor")
    (link,) = select(found(cast, "controller", q="given", kind="trail"), "section li.found a")
    assert words(link) == "role given"
    assert cast.browser("controller").get(link.get("href")).status_code == 200
    other = cast.browser("operations_lead", cast.other_client).get("/search/", {"q": "given"})
    assert "Nothing is called" in other.content.decode()
    assert select(found(cast, "employee", q="given"), "section li.found a") == []


@pytest.mark.django_db
def test_the_pages_themselves_are_found_by_name(cast: Cast) -> None:
    titles = [words(link) for link in select(found(cast, q="invent"), "section li.found a")]
    assert titles == ["Inventory"]
    agent = cast.browser("agent", cast.provider).get("/search/", {"q": "invent"})
    assert "Nothing is called" in agent.content.decode()
