"""Items of the demonstration: what comes in, what is right of it, and what somebody makes of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from backdesk.desks import services
from backdesk.parties.policies import company
from backdesk.platform.actor import Actor
from backdesk.work.models import Question, Step

CENT = Decimal("0.01")
GOODS = ("Paper", "Cleaning", "Freight", "Electricity", "Software, monthly", "Coffee", "Repairs", "Printing")
FIRST = ("Anna", "Bram", "Chiara", "Daan", "Eva", "Femke", "Gijs", "Hanna", "Ivo", "Jade", "Kees", "Lotte")
LAST = ("de Boer", "Jansen", "van Dijk", "Visser", "Bakker", "Meijer", "Mulder", "Smit", "Peters", "Vos")
STREETS = ("Keizersgracht", "Kerkstraat", "Havenweg", "Lindelaan", "Molenpad", "Stationsplein")
TOWNS = (("1016", "Amsterdam"), ("3011", "Rotterdam"), ("3511", "Utrecht"), ("2511", "Den Haag"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An item as it comes in, and what is right of it."""

    title: str
    input: Mapping[str, Any]
    output: Mapping[str, Any]


def invoice(chance: random.Random, number: int, on: date) -> Made:
    """One of the suppliers', with one to three lines."""
    supplier = chance.choice(services.example("invoice-entry").lookups["suppliers"].rows)
    lines: list[dict[str, Any]] = [
        {
            "description": chance.choice(GOODS),
            "quantity": str(place),
            "net": _euros(Decimal(chance.randint(1_500, 42_000)) / 100),
            "tax_rate": chance.choice(("21", "21", "9")),
        }
        for place in range(1, chance.randint(2, 4))
    ]
    net = sum((Decimal(line["net"]["amount"]) for line in lines), Decimal(0))
    tax = sum((Decimal(one["net"]["amount"]) * int(one["tax_rate"]) / 100 for one in lines), Decimal(0))
    tax = tax.quantize(CENT, ROUND_HALF_UP)
    dated = on - timedelta(days=chance.randint(1, 6))
    output = {
        "supplier": supplier[0],
        "invoice_number": f"{supplier[1][:2].upper()}/{on.year}-{chance.randint(100, 9999)}",
        "invoice_date": dated.isoformat(),
        "due_date": (dated + timedelta(days=30)).isoformat(),
        "iban": supplier[2],
        "lines": lines,
        "net": _euros(net),
        "tax": _euros(tax),
        "total": _euros(net + tax),
    }
    given: dict[str, Any] = {
        "document_number": f"IN-{number:06d}",
        "received_on": on.isoformat(),
        "sender": supplier[1],
        "ordered_by": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "budget": _euros(net * chance.randint(2, 9)),
    }
    return Made(title=given["document_number"], input=given, output=output)


def customer(chance: random.Random, number: int, on: date) -> Made:
    """A record as it was typed by somebody in a hurry."""
    first, last, (post, city) = chance.choice(FIRST), chance.choice(LAST), chance.choice(TOWNS)
    street, house = chance.choice(STREETS), chance.randint(1, 240)
    postcode = f"{post} {chance.choice('ABCDEGHJKLNPRSTVWXZ')}{chance.choice('ABCDEGHJKLNPRSTVWXZ')}"
    given: dict[str, Any] = {
        "record_number": f"C{number:06d}",
        "name": f"{last} {first[0]}.".upper(),
        "address": f"{street.lower()} {house}\n{postcode.replace(' ', '')} {city.upper()}",
        "phone": f"+31 6 {chance.randint(10_000_000, 99_999_999)}",
        "yearly_sales": _euros(Decimal(chance.randint(10_000, 900_000)) / 100),
    }
    output = {
        "kind": "person",
        "name": {"first": f"{first[0]}.", "last": last},
        "address": {"street": f"{street} {house}", "postcode": postcode, "city": city, "country": "NL"},
        "unclear": chance.random() < 0.08,
    }
    return Made(title=given["record_number"], input=given, output=output)


MAKERS: Mapping[str, Callable[[random.Random, int, date], Made]] = {
    "invoice-entry": invoice,
    "customer-record": customer,
}


def answer(
    chance: random.Random, step: Step, truth: Mapping[str, Any], *, wrong: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What somebody enters at a step, and what a review of it says."""
    if step.kind == Step.Kind.REVIEW:
        return {}, _review(step, truth)
    if step.node == "LookUp":
        return {"address": truth["address"], "source": "postal register"}, None
    values = dict(truth)
    if wrong:
        values |= _mistake(chance, truth)
    return values, None


def open_questions(*, actor: Actor) -> list[Question]:
    """Those put to the actor's company."""
    asked = Question.objects.visible_to(actor).filter(to_id=company(actor))
    return list(asked.filter(state=Question.State.OPEN).order_by("pk"))


def _mistake(chance: random.Random, truth: Mapping[str, Any]) -> dict[str, Any]:
    if "address" in truth:
        city = chance.choice([city for _, city in TOWNS])
        return {"address": {**truth["address"], "city": city}}
    if chance.random() < 0.5:
        return {"invoice_number": str(truth["invoice_number"])[:-1]}
    return {"due_date": truth["invoice_date"]}


def _review(step: Step, truth: Mapping[str, Any]) -> dict[str, Any]:
    """Wrong is what differs from what is right."""
    entered = step.item.data["output"]
    kinds = {"invoice_number": "wording", "due_date": "date"}
    found = [
        {"category": category, "field": name, "note": "Not as on the document."}
        for name, category in kinds.items()
        if entered.get(name) != truth.get(name)
    ]
    return {"wrong": bool(found), "findings": found}


def _euros(amount: Decimal) -> dict[str, str]:
    return {"amount": str(amount.quantize(CENT)), "currency": "EUR"}
