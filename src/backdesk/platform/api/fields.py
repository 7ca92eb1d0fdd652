"""What values may be that come in from outside: typed strictly, so that nothing is guessed, and bounded."""

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)

from backdesk.platform.api.wording import NAME, TEXT

LARGEST_ID = 2**63 - 1


class Schema(BaseModel):
    """What is told or taken. Without what the framework would do in Python for each: it cost more than all the rest."""

    model_config = ConfigDict(from_attributes=True)


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Whole = Annotated[int, Strict()]
Real = Annotated[float, Strict(), Field(allow_inf_nan=False)]
YesNo = Annotated[bool, Strict()]
Text = Annotated[str, Field(pattern=TEXT)]
Name = Annotated[str, Field(min_length=1, pattern=NAME)]
"""One line that neither begins nor ends with a space."""


def _written(moment: Any) -> Any:
    """Not as a number, whose unit one would have to guess."""
    if isinstance(moment, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", moment, re.ASCII):
        return moment
    raise ValueError("This must be a time with its offset, like 2026-03-02T09:00:00Z")


def _of_our_time(moment: datetime) -> datetime:
    if not 1970 <= moment.year < 2200:
        raise ValueError("This must be a time between 1970 and 2199")
    return moment


def _amount(decimals: int) -> Any:
    pattern = f"^[0-9]{{1,12}}(?:[.][0-9]{{1,{decimals}}})?$"

    def as_decimal(value: Any) -> Decimal:
        if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII):
            return Decimal(value).quantize(Decimal(1).scaleb(-decimals))
        raise ValueError(
            f"This must be an amount in quotes, like “1250.00”, with at most {decimals} decimals"
        )

    return Annotated[
        Decimal, BeforeValidator(as_decimal), WithJsonSchema({"type": "string", "pattern": pattern})
    ]


if TYPE_CHECKING:
    AmountIn = Decimal
    RateIn = Decimal
else:
    AmountIn, RateIn = _amount(2), _amount(6)
Amount = Annotated[Decimal, PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})]


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_of_our_time)]
"""With its offset, as RFC 3339 writes it."""


class Given(Schema):
    """What comes in: nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    """A thing referred to."""

    id: int
    name: str
