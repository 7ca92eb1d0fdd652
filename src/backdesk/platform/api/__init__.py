"""What the API of every app stands on. `areas` says how routes are written, `serving` what happens around them."""

from ninja import File, Query, UploadedFile

from backdesk.platform.api.areas import Area
from backdesk.platform.api.fields import (
    Amount,
    AmountIn,
    Given,
    Id,
    Moment,
    Name,
    Named,
    RateIn,
    Real,
    Schema,
    Text,
    Whole,
    YesNo,
)
from backdesk.platform.api.listing import By, Listing, Page, listed, sorts
from backdesk.platform.api.serving import Call

__all__ = [
    "Amount",
    "AmountIn",
    "Area",
    "By",
    "Call",
    "File",
    "Given",
    "Id",
    "Listing",
    "Moment",
    "Name",
    "Named",
    "Page",
    "Query",
    "RateIn",
    "Real",
    "Schema",
    "Text",
    "UploadedFile",
    "Whole",
    "YesNo",
    "listed",
    "sorts",
]
