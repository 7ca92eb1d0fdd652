"""A folder is a service, or every reason why not is said at once, with file, line and field."""
# ruff: noqa: E501

from __future__ import annotations

from datetime import time

import pytest

from backdesk.desks.services import (
    BrokenService,
    Turnaround,
    example,
    example_files,
    example_keys,
    read_service,
)
from backdesk.parties.models import CLIENT_ROLES, PROVIDER_ROLES
from tests.desks.services.folders import CUSTOMER, INVOICE, changed, problem, problems_of

TOTAL = 'that = "sum([output.net.amount, output.tax.amount]) == output.total.amount"'


@pytest.mark.parametrize("key", example_keys())
def test_what_is_shipped_can_be_read(key: str) -> None:
    assert read_service(example_files(key)).key == key


def test_a_service_has_what_its_files_say() -> None:
    service = example("customer-record")
    assert service.targets.turnaround == Turnaround(days=1, day_rule="day0", until=time(17))
    assert [each.key for each in service.errors if each.critical] == ["name", "address"]
    assert service.process.nodes["Key"].attributes["kind"] == "key"
    assert list(service.pictures) == ["record.png"]
    assert example("invoice-entry").lookups["suppliers"].row("70001")["name"] == "Alderney Paper"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    files = changed(
        INVOICE, "service.toml", 'zone = "Europe/Amsterdam"', 'zone = "Europe/Amsterdm"\npries = 3'
    )
    files = changed(files, "input.schema.json", '"format": "date"', '"format": "day"')
    files = changed(files, "procedure.md", "pictures/invoice.png", "pictures/invoices.png")
    del files["process.bpmn"]
    files["notes.txt"] = b""
    found = problems_of(files)
    assert {each.file for each in found} == {
        "service.toml", "input.schema.json", "procedure.md", "process.bpmn", "notes.txt"
    }  # fmt: skip
    assert str(found[0]).startswith("service.toml, line 8, zone: There is no time zone 'Europe/Amsterdm'")
    assert str(found[1]).startswith("service.toml, line 9, pries: “pries” is not known here; is it “price”?")


def test_an_empty_folder_says_what_is_missing() -> None:
    assert [str(each) for each in problems_of({})] == [
        "service.toml: The file is missing.",
        "process.bpmn: The file is missing.",
        "input.schema.json: The file is missing.",
        "output.schema.json: The file is missing.",
        "procedure.md: The file is missing.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "invoice-entry"', 'key = "Invoice Entry"', "line 1, key: “Invoice Entry” does not match"),
        ("standard_minutes = 4.5\n", "", "standard_minutes: Give the minutes one item usually takes"),
        ("standard_minutes = 4.5", "standard_minutes = nan", "standard_minutes: Give a number from 0.01"),
        ("Mon-Fri 08:00-18:00", "Mon-Fri 8 to 6", "line 7, calendar: Calendar part 'Mon-Fri 8 to 6'"),
        ("holidays NL", "holidays XX", "line 7, calendar: "),
        ("accuracy = 0.98", "accuracy = 98", "line 13, targets.accuracy: Give a number from 0 to 1."),
        ("{ hours = 8 }", "{ hours = 8, days = 1 }", "targets.turnaround: Give either hours or days."),
        ("{ hours = 8 }", "{ hours = 8, until = 17:00:00 }", "day_rule and until go with days"),
        ('basis = "item"', 'basis = "items"', "line 19, price.basis: This is one of item, hour, fte, none; is it “item”?"),
        ("limit = 2", "limit = 0", "line 26, taking.limit: Give a whole number from 1 to 100."),
        ('key = "supplier"', 'key = "account"', "errors[2].key: “account” is the key of an earlier category"),
        ('["document_number"]', '["documnt_number"]', "The input has no field “documnt_number”; is it “document_number”?"),
        ('["document_number"]', '["ordered_by"]', "“ordered_by” is not for everybody's eyes"),
        ('["document_number"]', '["document_number", "document_number"]', "each once"),
        ("[price]", "[price", "line 18: This is no TOML"),
        ('currency = "EUR"', 'currency = "Euro"', "line 21, price.currency: “Euro” does not match [A-Z]{3}"),
        ("limit = 2", "limit = true", "taking.limit"),
        ("[quality]", "[alarms]\nwarn_hours = -1\n[quality]", "alarms.warn_hours: Give a number from 0"),
        ("[quality]", "[quality]\nkeyed_share = 0.5", "The process has nothing keyed twice"),
    ],
)  # fmt: skip
def test_settings_say_what_is_wrong_with_them(old: str, new: str, says: str) -> None:
    assert says in problem("service.toml", old, new)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("output.net.amount, output.tax", "output.ent.amount, output.tax", "There is no output.ent; is it “net”?"),
        ("output.net.amount, output.tax", "output.net.amuont, output.tax", "There is no output.net.amuont; is it “amount”?"),
        ("output.net.amount, output.tax", "outptu.net.amount, output.tax", "There is no outptu; is it “output”?"),
        ("sum([", "sum[", "This is no CEL"),
        ("sum([", "summ([", "There is no function summ; is it “sum”?"),
        (TOTAL, 'that = "output.net.amount + output.tax.amount == output.total.amount"', "use sum([a, b])"),
        (TOTAL, 'that = "output.lines.net.amount > 0"', "output.lines is a table; go through its rows"),
        (TOTAL, 'that = "output.invoice_number.x == 1"', "output.invoice_number has nothing in it"),
        (TOTAL, 'that = "output.order_number != \'\'"', "output.order_number may be missing; ask first"),
        (TOTAL, 'that = "lookup(\'supplier\', output.supplier).iban == \'\'"', "There is no lookups/supplier.csv; is it “suppliers”?"),
        (TOTAL, 'that = "lookup(\'suppliers\', output.supplier).iben == \'\'"', "is it “iban”?"),
        (TOTAL, 'that = "output.lines.all(l, l.ent.amount > 0)"', "There is no output.lines[].ent; is it “net”?"),
        (TOTAL, 'that = "output.lines.all(l, output.lines.map(m, m.net).size() > 0)"', "In a loop only one of all, exists"),
        (TOTAL, f'that = "{"1 == 1 && " * 120}true"', "divide it into several"),
        ('field = "total"', 'field = "totl"', "There is no field “totl”; is it “total”?"),
        ('severity = "warning"', 'severity = "warn"', "one of error, warning; is it “warning”?"),
    ],
)  # fmt: skip
def test_checks_name_what_is_there(old: str, new: str, says: str) -> None:
    files = changed(INVOICE, "checks.toml", old, new)
    found = [str(each) for each in problems_of(files)]
    assert any(says in each for each in found), found
    assert all(each.startswith("checks.toml, line ") for each in found)


def test_a_check_that_adds_texts_or_negates_an_amount_is_let_through() -> None:
    for that in (
        "output.invoice_number + 'x' != ''",
        "output.net.amount > -5.0",
        "output.net.amount == -output.tax.amount",
    ):
        read_service(changed(INVOICE, "checks.toml", TOTAL, f'that = "{that}"'))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("output.total.amount &gt; 1000", "output.totl.amount &gt; 1000", "Condition: There is no output.totl; is it “total”?"),
        ("has(output.approved) &amp;&amp; !output.approved", "!output.approved", "output.approved may be missing"),
        ("output.total.amount &gt; 1000", "has(input.budget)", "input.budget is the client's alone"),
        ('fields="approved cost_centre"', 'fields="aproved cost_centre"', "which the schema has not; is it “approved”?"),
        ('fields="supplier ', 'fields="cost_centre ', "which is the client's alone, and the step is not"),
        ('of="Enter"', 'of="Entre"', "A review says in backdesk:of"),
        ('level="2"', 'level="7"', "backdesk:level is 1 to 4."),
        ('role="employee"', 'role="employees"', "“employees” is no role of the client; is it “employee”?"),
        ('sourceRef="Received"', 'sourceRef="Recieved"', "Recieved"),
    ],
)  # fmt: skip
def test_the_process_fits_the_rest(old: str, new: str, says: str) -> None:
    found = [str(each) for each in problems_of(changed(INVOICE, "process.bpmn", old, new))]
    assert any(says in each for each in found), found
    assert all(each.startswith("process.bpmn, line ") for each in found)


def test_sampled_reviews_need_a_review() -> None:
    settings = changed(CUSTOMER, "service.toml", "gold_share = 0.03", "review_share = 0.1")
    (found,) = problems_of(settings)
    assert str(found) == (
        "service.toml, line 29, quality.review_share: The process has no review; give one of its tasks "
        'backdesk:kind="review".'
    )


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("../x.toml", b"", "leads out of the folder"),
        ("/etc/passwd", b"", "leads out of the folder"),
        ("pictures/../../x.png", b"", "leads out of the folder"),
        ("C:\\x.png", b"", "leads out of the folder"),
        ("pictures/a.svg", b"<svg/>", "SVG can hold scripts"),
        ("pictures/a.png", b"<svg/>", "This is no png; save it as one."),
        ("pictures/a.webp", b"RIFF----WEBX", "This is no webp"),
        ("pictures/a.jpg", b"\xff\xd8\xff" + b"0" * 2_000_000, "make it smaller"),
        ("serivce.toml", b"", "is it “service.toml”?"),
        ("lookups/Suppliers.csv", b"a\n", "named with a-z"),
        ("lookups/more.csv", b"number,number\n1,2", "line 1: The first line names the columns"),
        ("lookups/more.csv", b"", "line 1: The first line names the columns"),
        ("lookups/more.csv", b"number,name\n1,a\n1,b", "line 3: The key “1” is empty or stands in an earlier row"),
        ("lookups/more.csv", b"number,name\n1,a\n2", "line 3: The row has 1 values; the table has 2 columns."),
        ("lookups/more.csv", b"number,name\n1,\xff", "not UTF-8"),
        ("lookups/more.csv", b'number,name\n"1"x,2', "This is no CSV"),
        ("procedure.md", b"  \n", "The procedure is empty"),
        ("procedure.md", b"# A\n\n![x](https://example.com/a.png)", "line 3: Pictures are files in pictures/"),
        ("procedure.md", b"# A\0", "holds a zero byte"),
        ("procedure.md", b"x" * 256_001, "at most 256,000 are read"),
        ("process.bpmn", b"<a", "This is no well-formed XML"),
        ("process.bpmn", b"", "This is no"),
        ("checks.toml", b"\xff", "not UTF-8"),
        ("service.toml", b"a = " + b"[" * 5_000, "nested too deeply"),
        ("service.toml", b"x" * 256_001, "at most 256,000 are read"),
    ],
)  # fmt: skip
def test_files_that_are_no_part_or_cannot_be_read(name: str, data: bytes, says: str) -> None:
    found = [str(each) for each in problems_of({**INVOICE, name: data})]
    assert any(says in each for each in found), found


def test_too_many_files_or_bytes_are_not_even_looked_at() -> None:
    many = {f"pictures/{number}.png": b"" for number in range(201)}
    found = problems_of({**INVOICE, **many})
    assert found[0].says.startswith("These are ")
    assert not any(each.file.endswith("0.png") for each in found)
    with pytest.raises(BrokenService, match="20,000,000"):
        read_service({**INVOICE, "pictures/a.png": b"\0" * 20_000_001})


def test_roles_in_lanes_are_those_people_have() -> None:
    """The pure floor cannot ask the parties; so this does."""
    from backdesk.desks.services.agreeing import ROLES

    assert {"client": tuple(CLIENT_ROLES), "provider": tuple(PROVIDER_ROLES)} == ROLES
