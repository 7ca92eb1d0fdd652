"""The demonstration's invoices on paper: a page of PDF each, to be read beside the form it is entered in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Line = tuple[int, int, int, str]
"""How far from the left and from below, in points, and how large, stands which text."""


def invoice_pdf(output: Mapping[str, Any], *, sender: str, document_number: str) -> bytes:
    """As its supplier sent it; what is right of it stands there."""
    texts = "\n".join(
        f"BT /F {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET"
        for x, y, size, text in _lines(output, sender, document_number)
    )
    content = texts.encode("cp1252", "replace")
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /F 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )


def _lines(output: Mapping[str, Any], sender: str, document_number: str) -> Iterator[Line]:
    yield 60, 770, 18, sender
    yield 60, 720, 26, "INVOICE"
    yield 400, 770, 9, f"Received as {document_number}"
    told = (
        ("Invoice number", output["invoice_number"]),
        ("Date", output["invoice_date"]),
        ("Please pay by", output["due_date"]),
        ("To the account", output["iban"]),
    )
    for place, (title, text) in enumerate(told):
        yield 60, 680 - 20 * place, 11, title
        yield 180, 680 - 20 * place, 11, text
    for x, title in ((60, "Description"), (300, "Quantity"), (380, "Tax, %"), (460, "Net")):
        yield x, 570, 10, title
    low = 545
    for line in output["lines"]:
        yield 60, low, 11, line["description"]
        yield 300, low, 11, line["quantity"]
        yield 380, low, 11, line["tax_rate"]
        yield 460, low, 11, _amount(line["net"])
        low -= 20
    for title, key in (("Net", "net"), ("Tax", "tax"), ("To be paid", "total")):
        low -= 22
        yield 380, low, 12, title
        yield 460, low, 12, _amount(output[key])


def _amount(money: Mapping[str, str]) -> str:
    return f"{money['currency']} {money['amount']}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(*objects: bytes) -> bytes:
    """With the place of each object at its end, as readers want it."""
    whole, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    begins = len(whole)
    whole += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    whole += b"".join(b"%010d 00000 n \n" % place for place in places)
    return whole + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        begins,
    )
