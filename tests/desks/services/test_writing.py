"""A service written and read again is the same service; whatever bytes come, they are a service or a broken one."""
# ruff: noqa: E501

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.desks.services import (
    Alarms,
    BrokenService,
    ErrorCategory,
    Pauses,
    Price,
    Quality,
    QueueLanguage,
    Service,
    Taking,
    Targets,
    Turnaround,
    digest,
    example,
    example_keys,
    procedure_digest,
    read_folder,
    read_service,
    read_zip,
    shared,
    write_folder,
    write_service,
    write_zip,
)
from tests.desks.services.folders import CUSTOMER, INVOICE, changed

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20).filter(
    str.strip
)
shares = st.decimals(0, 1, places=3)
turnarounds = st.builds(Turnaround, hours=st.decimals("0.5", 100, places=1)) | st.builds(
    Turnaround,
    days=st.integers(0, 30),
    day_rule=st.sampled_from(["day0", "day1"]),
    until=st.none() | st.times().map(lambda each: each.replace(microsecond=0)),
)
languages = st.lists(st.sampled_from(["da", "de-AT"]), unique=True).map(
    lambda codes: tuple(QueueLanguage(code=code, skill=f"Reads {code}") for code in codes)
)
changes = st.fixed_dictionaries(
    {
        "name": words,
        "description": words,
        "standard_minutes": st.decimals("0.01", 10_000, places=2),
        "errors": st.lists(words, max_size=3).map(
            lambda names: tuple(
                ErrorCategory(key=f"e{number}", name=name, critical=number == 1) for number, name in enumerate(names)
            )
        ),
        "targets": st.builds(Targets, turnaround=st.none() | turnarounds, accuracy=st.none() | shares),
        "price": st.builds(Price, basis=st.sampled_from(["item", "none"]), amount=st.decimals(0, 99, places=4)),
        "taking": st.builds(Taking, mode=st.sampled_from(["push", "both"]), limit=st.integers(1, 9), may_choose=st.booleans(), languages=languages),
        "quality": st.builds(Quality, review_share=shares, accept_after_days=st.none() | st.integers(0, 30)),
        "alarms": st.builds(Alarms, warn_hours=st.none() | st.decimals(0, 99, places=1), escalate_hours=st.none() | st.decimals(0, 99, places=2)),
        "pauses": st.builds(Pauses, reasons=st.lists(words, unique=True, max_size=3).map(tuple)),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(changes)
def test_a_service_is_read_back_as_it_was_written(values: dict[str, Any]) -> None:
    service = replace(example("invoice-entry"), **values)
    again = read_service(write_service(service))
    assert again == service
    assert write_service(again) == write_service(service)


@pytest.mark.parametrize("key", example_keys())
def test_examples_keep_their_digest_through_folder_and_zip(key: str, tmp_path: Path) -> None:
    service = example(key)
    write_folder(write_service(service), folder=tmp_path / "a")
    assert digest(read_service(read_folder(tmp_path / "a"))) == digest(service)
    assert digest(read_service(read_zip(write_zip(write_service(service))))) == digest(service)


def test_the_digest_of_the_procedure_changes_with_its_pictures_alone() -> None:
    service = example("invoice-entry")
    dearer = replace(service, price=Price(basis="item", amount=Decimal(3)))
    assert digest(dearer) != digest(service)
    assert procedure_digest(dearer) == procedure_digest(service)
    assert procedure_digest(replace(service, pictures={})) != procedure_digest(service)
    assert replace(service, targets=Targets(turnaround=Turnaround(days=1, until=time(17)))) != service


def test_what_both_companies_see_holds_nothing_of_the_clients_own() -> None:
    files = write_service(shared(example("invoice-entry")))
    assert read_service(files) == shared(example("invoice-entry"))
    whole = b"\n".join(files.values())
    for secret in (
        b"budget",
        b"Left of the budget",
        b"cost_centre",
        b"gold_share = 0.02",
        b"review_share = 0.15",
    ):
        assert secret not in whole
        assert secret in b"\n".join(INVOICE.values())  # so that it would be found


def test_a_task_that_showed_the_clients_own_fields_alone_shows_nothing_to_the_other() -> None:
    whole = example("invoice-entry")
    task = whole.process.nodes["Enter"]
    narrow = replace(task, attributes={**task.attributes, "shows": "budget", "fields": "cost_centre"})
    service = replace(whole, process=replace(whole.process, nodes={**whole.process.nodes, "Enter": narrow}))
    told = read_service(write_service(shared(service))).process.nodes["Enter"].attributes
    assert (told["shows"], told["fields"]) == ("", "")


def test_a_check_at_a_field_of_the_clients_own_is_not_shared() -> None:
    files = changed(INVOICE, "checks.toml", 'field = "tax"', 'field = "cost_centre"')
    assert "vat-too-low" not in [check.key for check in shared(read_service(files)).checks]


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def test_a_zip_of_the_folder_itself_is_read_too() -> None:
    files = {f"invoice_entry/{name}": data for name, data in INVOICE.items()}
    noise = {"__MACOSX/invoice_entry/._service.toml": b"x", "invoice_entry/.DS_Store": b"x"}
    assert read_zip(zipped({**files, **noise})) == dict(INVOICE)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({f"pictures/{number}.png": b"\0" * 4_000_000 for number in range(9)})
    assert len(bomb) < 100_000
    with pytest.raises(BrokenService, match="at most 200 files of 20,000,000 bytes"):
        read_zip(bomb)
    with pytest.raises(BrokenService, match="at most 200 files"):
        read_zip(zipped({f"{number}.txt": b"" for number in range(201)}))


def test_a_zip_leads_nowhere_else() -> None:
    with pytest.raises(BrokenService, match="leads out of the folder"):
        read_service(read_zip(zipped({**INVOICE, "../../evil.toml": b""})))


@pytest.mark.parametrize("data", [b"", b"PK", b"x" * 100, write_zip(dict(CUSTOMER))[:-30]])
def test_what_is_no_zip(data: bytes) -> None:
    with pytest.raises(BrokenService, match="no zip that can be read"):
        read_zip(data)


def test_folders_that_are_not(tmp_path: Path) -> None:
    with pytest.raises(BrokenService, match="This is no folder"):
        read_folder(tmp_path / "nowhere")
    (tmp_path / "link.md").symlink_to("/etc/hostname")
    with pytest.raises(BrokenService, match="This is a link"):
        read_folder(tmp_path)


def outcome(files: dict[str, bytes]) -> Service | BrokenService:
    try:
        return read_service(files)
    except BrokenService as broken:
        found = broken
    assert found.problems
    return found


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(INVOICE)), st.binary(max_size=60))
def test_any_bytes_are_a_service_or_a_broken_one(name: str, data: bytes) -> None:
    outcome({**INVOICE, name: data})


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([INVOICE, CUSTOMER]))
def test_a_service_with_bytes_changed_is_one_or_a_broken_one(
    data: st.DataObject, files: dict[str, bytes]
) -> None:
    name = data.draw(st.sampled_from([name for name in sorted(files) if not name.startswith("pictures/")]))
    whole = bytearray(files[name])
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 8))
    whole[at : at + length] = data.draw(st.binary(max_size=8))
    found = outcome({**files, name: bytes(whole)})
    if isinstance(found, Service):
        assert read_service(write_service(found)) == found


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=20), st.binary(max_size=30), max_size=4), st.binary(max_size=200))
def test_any_files_and_any_zip(files: dict[str, bytes], data: bytes) -> None:
    assert isinstance(outcome(files), BrokenService)
    with pytest.raises(BrokenService):
        read_zip(data)
