"""What is blind stays blind: neither what one keyed nor what is gold comes out of any page, file, call or message.

Texts that occur nowhere else are planted; then all that somebody can be sent is walked: every page by its links, every
read of the API, every export, the record in each of its forms, search, the trail, and what webhooks would tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.platform.isolation import as_system
from backdesk.platform.webhooks import Position
from backdesk.work.api import events as told_events
from backdesk.work.models import GoldCase, Item, Step
from backdesk.work.operations import gold, recording, sampling, steps
from backdesk.work.queries import feed
from tests.api.calling import Program, operations
from tests.cast import Cast, assemble
from tests.committed import Committing, committed  # noqa: F401
from tests.work.services import BACKDESK, Work, a_process, a_service, an_item, completed
from tests.work.test_keying import KEY

pytestmark = pytest.mark.django_db

KEYED, DRAFTED, TRUTH = "Xkeyedx", "Xdraftedx", "Xtruthx"
#: Longer before the point than the seconds of a moment, which a page or file may tell by chance.
KEYED_TOTAL, GOLD_TOTAL = "7312.37", "9877.31"
TOTALS = (KEYED_TOTAL, GOLD_TOTAL, "7,312.37", "9,877.31")
MOST_PAGES = 200
#: Where pages and reads are that tell of work; the rest of the product has no part in it.
_OF_WORK = ("/work/", "/supervise/", "/search/", "/trail/", "/notifications/", "/threads/")
_READS = ("/api/v1/work/", "/api/v1/audit/", "/api/v1/search", "/api/v1/threads", "/api/v1/notifications")
_LINK = re.compile(rb'(?:href|action|src)="(/[^"#]*)')
_SEEN_ONCE = ("sort", "page", "columns", "every", "next", "lang")


@dataclass(kw_only=True)
class Blind:
    """One item whose first copy is keyed and whose second is in the hands of the provider's agent of the cast, after
    somebody else began it; and one that was gold, is delivered and compared."""

    work: Work
    item: Item
    gold: Item
    step: Step


def money(amount: str) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def begun(work: Work, item: Item, agent: int) -> Step:
    """The copy of the item that is open, in the agent's hands."""
    found = Step.objects.filter(item=item, state=Step.State.OPEN).order_by("pk").first()
    assert found is not None
    return steps.reassign(
        actor=work.manager, now=timezone.now(), step_id=found.pk, to_person=work.agents[agent].pk
    )


def a_blind_one(cast: Cast) -> Blind:
    now = timezone.now()
    work = a_service(cast, process=a_process(KEY), limit=9, agents=3)
    sampling.set_rate(actor=work.lead, now=now, service=work.service, kind="gold", share=Decimal(1))
    values, truth = {"number": "B-7", "supplier": "Birch"}, {"total": money(GOLD_TOTAL), "note": TRUTH}
    case = gold.add_case(actor=work.lead, now=now, service=work.service, values=values, truth=truth)
    item = an_item(work, now=now)
    golden = GoldCase.objects.get(pk=case.pk).item
    assert golden is not None
    for agent in (1, 2):
        completed(work, begun(work, golden, agent), now=now, agent=agent, values={"total": money("5.00")})
    gold.compare_all(actor=BACKDESK, now=now)
    keyed = {"total": money(KEYED_TOTAL), "note": KEYED}
    completed(work, begun(work, item, 1), now=now, agent=1, values=keyed)
    other = begun(work, item, 2)
    drafted = {"note": DRAFTED}
    steps.save_draft(actor=work.agent(2), now=now, step_id=other.pk, claim=other.claim, values=drafted)
    steps.give_back(actor=work.agent(2), now=now, step_id=other.pk, claim=other.claim, reason="Lunch.")
    return Blind(work=work, item=item, gold=golden, step=begun(work, item, 0))


@pytest.fixture(scope="module")
def cast(committed: Committing) -> Cast:  # noqa: F811
    with committed():
        return assemble()


@pytest.fixture(scope="module")
def blind(cast: Cast, committed: Committing) -> Blind:  # noqa: F811
    with committed():
        return a_blind_one(cast)


@pytest.fixture(autouse=True)
def recorded(blind: Blind) -> None:
    recording.refresh_current(now=timezone.now())


def sent(blind: Blind, role: str) -> Iterator[tuple[str, str]]:
    """All that somebody of the provider is sent, with where it came from."""
    cast = blind.work.cast
    begin = [
        f"/work/items/{blind.item.pk}/", f"/work/items/{blind.gold.pk}/", f"/work/step/{blind.step.pk}/",
        f"/search/?q={KEYED[:-1]}", f"/search/?q={TRUTH[:-1]}", "/work/quality/", "/work/", "/supervise/", "/trail/",
    ]  # fmt: skip
    yield from pages(cast.browser(role, cast.provider), begin)
    yield from reads(Program(cast.actor(role, cast.provider)), blind)
    yield from messages(blind)


def pages(browser: Client, begin: list[str]) -> Iterator[tuple[str, str]]:
    """By their links, each address once, however it is sorted."""
    waiting, seen = list(begin), set[str]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if (key := _plainly(address)) in seen or not address.startswith(_OF_WORK):
            continue
        seen.add(key)
        response = browser.get(address)
        body = response.getvalue()
        yield address, _unpacked(body)
        if "html" in response.get("Content-Type", ""):
            waiting += [urljoin(address, link.decode().replace("&amp;", "&")) for link in _LINK.findall(body)]
            waiting += [
                f"{urlsplit(address).path}?export={kind}" for kind in ("csv", "xlsx") if b"export=" in body
            ]


def _unpacked(body: bytes) -> str:
    """As it reads once it is opened: packed, nothing could be found in it, and any four letters by chance."""
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as sheets:
            return "".join(sheets.read(name).decode() for name in sheets.namelist())
    if body.startswith(b"PAR1"):
        return pl.read_parquet(BytesIO(body)).write_ndjson()
    return body.decode(errors="replace")


def _plainly(address: str) -> str:
    parts = urlsplit(address)
    asked = [one for one in parts.query.split("&") if one.partition("=")[0] not in _SEEN_ONCE]
    return f"{parts.path}?{'&'.join(asked)}"


def reads(program: Program, blind: Blind) -> Iterator[tuple[str, str]]:
    """Every read there is, of whatever of this has a number."""
    numbers = {blind.item.pk, blind.gold.pk, blind.work.service.pk, blind.step.pk}
    for _name, (method, path) in operations().items():
        if method != "GET" or path.count("{") > 1 or not path.startswith(_READS):
            continue
        for pk in numbers if "{" in path else [0]:
            address = re.sub(r"\{\w+\}", str(pk), path)
            yield address, program.client.get(address).getvalue().decode(errors="replace")


def messages(blind: Blind) -> Iterator[tuple[str, str]]:
    provider = blind.work.service.provider_id
    with as_system("a test"):
        told = feed.events_to_tell(
            after=Position(transaction=0, number=0), before=2**62, limit=500, organisations=[provider]
        )
    assert told
    yield "webhooks", str(told)


@pytest.mark.parametrize("role", [Role.AGENT, Role.DELIVERY_MANAGER])
def test_what_one_keyed_and_what_is_gold_is_sent_to_nobody_at_the_provider(blind: Blind, role: str) -> None:
    walked = list(sent(blind, role))
    addresses = {address for address, _body in walked}
    assert {f"/api/v1/work/items/{blind.item.pk}", "webhooks"} <= addresses
    if role == Role.DELIVERY_MANAGER:
        record = f"/supervise/services/{blind.work.service.pk}/record/"
        assert {f"{record}{form}/" for form in ("ocel.json", "csv", "parquet")} <= addresses
        for kind in ("csv", "xlsx"):
            assert blind.item.title in dict(walked)[f"/work/items/?export={kind}"], "a sheet is read unpacked"
    for address, body in walked:
        for planted in (KEYED, DRAFTED, TRUTH, *TOTALS):
            assert planted not in body, (planted, address)
        assert not _names_gold(body), address


def _names_gold(body: str) -> bool:
    """The word, but for where the design's own page and the guides name it."""
    return re.search(r"(?i)(?<![\w-])gold(?![\w-])", body) is not None


def test_who_keys_again_after_a_return_sees_nothing_of_what_was_delivered(blind: Blind) -> None:
    """The control: who leads the work sees it."""
    Item.objects.filter(pk=blind.item.pk).update(
        data={"input": {}, "output": {"note": "Xdeliveredx"}}, round=1
    )
    cast = blind.work.cast
    for role, sees in ((Role.AGENT, False), (Role.DELIVERY_MANAGER, True)):
        browser, program = cast.browser(role, cast.provider), Program(cast.actor(role, cast.provider))
        seen = browser.get(f"/work/items/{blind.item.pk}/").content.decode()
        seen += program.get(f"/work/items/{blind.item.pk}").content.decode()
        assert ("Xdeliveredx" in seen) is sees


def test_the_walk_finds_what_an_outlet_would_tell(blind: Blind, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: were events told whole, what was keyed would be found among them; and the client's lead,
    who walks the same way, does find gold."""
    cast = blind.work.cast
    monkeypatch.setattr(told_events, "_CHANGES", frozenset())
    manager = Program(cast.actor(Role.DELIVERY_MANAGER, cast.provider))
    assert any(KEYED in body for _address, body in reads(manager, blind))
    walked = dict(
        pages(cast.browser(), ["/work/quality/gold/", f"/supervise/services/{blind.work.service.pk}/"])
    )
    assert _names_gold(walked["/work/quality/gold/"])
