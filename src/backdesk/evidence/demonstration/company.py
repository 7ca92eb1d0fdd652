"""Who works at the demonstration company, in which functions, at what cost: as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

NAME: Final = "Hallveth & Søn (demonstration)"
ZONE: Final = "Europe/Copenhagen"
CALENDAR: Final = "Mon-Fri 07:00-17:00; holidays DK"
CURRENCY: Final = "EUR"
MAIL_DOMAIN: Final = "hallveth.example"
SYSTEM_USER: Final = "Hallveth system"
SYSTEM_TEAM: Final = "System"

Office = Literal["front", "middle", "back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the company, and where it stands: in front of customers, behind them, or between.

    >>> Function(name="Payroll", office="back", description="Pay, every month.").office
    'back'
    """

    name: str
    office: Office
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where people sit: their zone and public holidays.

    >>> Site(zone="Asia/Kolkata", holidays="IN-MH").zone
    'Asia/Kolkata'
    """

    zone: str
    holidays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A job that `count` people hold. Only the holders of logged work leave a trace in the record.

    - `week`: their windows, as `evidence.calendars` reads them
    - `share`: of their time that this work gets; the rest goes to work that leaves no record
    - `short_summer`: away for the first weeks of July at most; the middle of the month cannot do without them
    - `joined`, `left`: as a share of the recorded period, where they came or went within it

    >>> Post(title="Treasurer", team="Finance").count
    1
    """

    title: str
    team: str
    count: int = 1
    site: str = "Aarhus"
    week: str = "Mon-Thu 08:00-12:00,12:30-16:30; Fri 08:00-12:00,12:30-15:30"
    share: float = 0.5
    short_summer: bool = False
    joined: float | None = None
    left: float | None = None


SITES: Final = {
    "Aarhus": Site(zone=ZONE, holidays="DK"),
    "Pune": Site(zone="Asia/Kolkata", holidays="IN-MH"),
}

_EARLY = "Mon-Fri 07:00-11:30,12:00-15:00"
_LATE = "Mon-Fri 09:00-12:30,13:00-17:00"
_PUNE = "Mon-Fri 11:30-15:30,16:00-20:00"
_HALF_DAYS = "Mon-Thu 12:00-16:00"
_FOUR_DAYS = "Mon-Thu 08:30-14:30"

POSTS: Final = (
    Post(title="Managing director", team="Management", week=_LATE, share=0.1),
    Post(title="Finance director", team="Management", week=_LATE, share=0.2, short_summer=True),
    Post(title="Operations director", team="Management", week=_LATE, share=0.2),
    Post(title="Technology director", team="Management", week=_LATE, share=0.2),
    Post(title="People director", team="Management", share=0.3),
    Post(title="Accounts payable clerk", team="Finance", share=0.8),
    Post(title="Accounts payable clerk", team="Finance", week=_FOUR_DAYS, share=0.8),
    Post(title="Payroll specialist", team="Finance", share=0.6, short_summer=True),
    Post(title="Controller", team="Finance", share=0.4),
    Post(title="Treasurer", team="Finance", share=0.5),
    Post(title="Bookkeeper", team="Finance"),
    Post(title="HR coordinator", team="People", share=0.5),
    Post(title="HR coordinator", team="People", week=_FOUR_DAYS, share=0.5),
    Post(title="Recruiter", team="People", share=0.5),
    Post(title="Photographer", team="Product content", share=0.7),
    Post(title="Copywriter", team="Product content", week=_LATE, share=0.8),
    Post(title="Copywriter", team="Product content", week=_FOUR_DAYS, share=0.8),
    Post(title="Content lead", team="Product content", share=0.5),
    Post(title="Front-end engineer", team="Engineering", count=4, week=_LATE, share=0.35),
    Post(title="Back-end engineer", team="Engineering", count=4, week=_LATE),
    Post(title="Platform engineer", team="Engineering", count=2, site="Pune", week=_PUNE),
    Post(title="Service desk agent", team="IT support", share=0.6),
    Post(title="Service desk agent", team="IT support", site="Pune", week=_PUNE, share=0.6),
    Post(title="Service desk agent", team="IT support", site="Pune", week=_PUNE, share=0.6, joined=0.55),
    Post(title="Systems administrator", team="IT support", count=2, share=0.5),
    Post(title="Data steward", team="Customer care", site="Pune", week=_HALF_DAYS, share=0.95),
    Post(title="Data steward", team="Customer care", site="Pune", week=_HALF_DAYS, share=0.95, left=0.35),
    Post(title="Customer adviser", team="Customer care", count=3, week=_EARLY, share=0.3),
    Post(title="Customer adviser", team="Customer care", count=6, week=_LATE),
    Post(title="Claims handler", team="Customer care", count=2, share=0.6),
    Post(title="Claims lead", team="Customer care", share=0.3),
    Post(title="Returns inspector", team="Warehouse", count=2, week=_EARLY, share=0.6),
    Post(title="Returns inspector", team="Warehouse", week=_LATE, share=0.6),
    Post(title="Warehouse lead", team="Warehouse", count=3, week=_EARLY),
    Post(title="Warehouse worker", team="Warehouse", count=24, week=_EARLY),
    Post(title="Driver", team="Warehouse", count=10, week=_EARLY),
    Post(title="Head of purchasing", team="Purchasing", share=0.2),
    Post(title="Buyer", team="Purchasing", count=4, share=0.4),
    Post(title="Compliance officer", team="Purchasing", share=0.5),
    Post(title="Showroom consultant", team="Sales", count=14, week=_LATE),
    Post(title="Business sales consultant", team="Sales", count=6, week=_LATE),
    Post(title="Marketing manager", team="Marketing"),
    Post(title="Marketer", team="Marketing", count=5),
    Post(title="Designer", team="Marketing", count=2),
)

FUNCTIONS: Final = (
    Function(
        name="Customer service",
        office="front",
        description="Calls, chats and showroom visits of people who buy furniture. Leaves no record.",
    ),
    Function(
        name="Returns and claims",
        office="middle",
        description="Goods that come back: inspected, claims assessed, carriers charged, customers refunded.",
    ),
    Function(
        name="Product content",
        office="middle",
        description="Photos, texts and customs codes of every product, until its page is published.",
    ),
    Function(
        name="Regulatory compliance",
        office="middle",
        description="Due-diligence statements for timber products: a duty that is new this year.",
    ),
    Function(
        name="Accounts payable",
        office="back",
        description="Supplier invoices: captured, matched to the order, approved, posted and paid.",
    ),
    Function(
        name="Payroll",
        office="back",
        description="One pay slip an employee a month: changes, calculation, check, release.",
    ),
    Function(
        name="Customer data",
        office="back",
        description="Doubled, stale and broken customer records, flagged each night and cleaned by hand.",
    ),
    Function(
        name="IT service desk",
        office="back",
        description="Requests and incidents of colleagues; equipment for those who start.",
    ),
    Function(
        name="Recruiting",
        office="back",
        description="Applications, interviews, contracts and refusals.",
    ),
    Function(
        name="Office services",
        office="back",
        description="Post, travel and supplies. Done on the side; leaves no record.",
    ),
)

TEAM_RATES: Final = {
    "Management": "118.00",
    "Engineering": "76.00",
    "Purchasing": "47.00",
    "IT support": "33.00",
    "Finance": "42.50",
    "People": "41.00",
    "Product content": "37.50",
    "Customer care": "29.00",
    "Warehouse": "28.50",
}
TITLE_RATES: Final = {"Payroll specialist": "49.00", "Data steward": "13.50"}
MARKET_RATES: Final = {
    "Capture invoice data": "24.00",
    "Match to order": "29.00",
    "Post invoice": "27.50",
    "Calculate pay": "39.00",
    "Clean customer record": "12.00",
    "Retouch photos": "17.50",
    "Write product text": "31.00",
    "Assign customs code": "36.00",
    "Answer request": "25.00",
    "Send refusal": "28.00",
    "Refund customer": "27.50",
    "Claim from carrier": "26.00",
    "File timber statement": "52.00",
}
DEFAULT_RATE: Final = "38.00"
