"""What the demonstration company does behind the curtain: its processes, as data."""

from __future__ import annotations

from backdesk.evidence.demonstration.work import Activity, Arrivals, Process, Sessions, goes_to

ACCOUNTS_PAYABLE = Process(
    function="Accounts payable",
    prefix="INV",
    arrivals=Arrivals(per_month=190, season={7: 0.8, 11: 1.15, 12: 1.2}, month_end=2.6, growth=0.1),
    activities=(
        Activity(name="Receive invoice", then=(goes_to("Capture invoice data"),)),
        Activity(
            name="Capture invoice data",
            by=("Accounts payable clerk",),
            minutes=9,
            then=(goes_to("Match to order"),),
        ),
        Activity(
            name="Match to order",
            by=("Accounts payable clerk",),
            minutes=8,
            spread=0.6,
            then=(goes_to("Clarify difference", share=0.19), goes_to("Approve payment")),
        ),
        Activity(
            name="Clarify difference",
            by=("Buyer",),
            minutes=24,
            spread=0.7,
            reply_hours=26,
            urgency=6,
            then=(goes_to("Match to order"),),
        ),
        Activity(
            name="Approve payment",
            by=("Finance director", "Operations director", "Head of purchasing"),
            minutes=3,
            spread=0.7,
            sessions=Sessions(hour=14, weekdays=(0, 3)),
            then=(goes_to("Clarify difference", share=0.03), goes_to("Post invoice")),
        ),
        Activity(
            name="Post invoice",
            by=("Accounts payable clerk",),
            minutes=5,
            urgency=4,
            then=(goes_to("Pay invoice"),),
        ),
        Activity(
            name="Pay invoice",
            by=("Treasurer", "Bookkeeper"),
            minutes=1.5,
            spread=0.3,
            sessions=Sessions(hour=10, weekdays=(1, 4)),
        ),
    ),
)

PAYROLL = Process(
    function="Payroll",
    prefix="PAY",
    arrivals=Arrivals(roll_call=10),
    activities=(
        Activity(
            name="Open pay slip",
            then=(
                goes_to("Collect changes", share=0.42),
                goes_to("Decide salary change", share=0.03),
                goes_to("Calculate pay"),
            ),
        ),
        Activity(
            name="Collect changes", by=("HR coordinator",), minutes=10, then=(goes_to("Calculate pay"),)
        ),
        Activity(
            name="Decide salary change",
            by=("Managing director", "People director"),
            minutes=22,
            then=(goes_to("Calculate pay"),),
        ),
        Activity(name="Calculate pay", by=("Payroll specialist",), minutes=11, then=(goes_to("Check pay"),)),
        Activity(
            name="Check pay",
            by=("Controller", "Bookkeeper"),
            minutes=3,
            then=(goes_to("Correct pay", share=0.11), goes_to("Release pay")),
        ),
        Activity(name="Correct pay", by=("Payroll specialist",), minutes=16, then=(goes_to("Check pay"),)),
        Activity(
            name="Release pay",
            by=("Finance director", "Operations director"),
            minutes=1,
            spread=0.3,
            urgency=1,
            sessions=Sessions(hour=9, month_days=(23, 24, 25, 26, 27, 28, 29, 30)),
        ),
    ),
)

CUSTOMER_DATA = Process(
    function="Customer data",
    prefix="CUS",
    arrivals=Arrivals(per_month=275, weekdays=(1,) * 7, hours=(2.0, 2.3), growth=0.35, black_friday=1.4),
    activities=(
        Activity(name="Flag customer record", then=(goes_to("Clean customer record"),)),
        Activity(
            name="Clean customer record",
            by=("Data steward",),
            minutes=14,
            then=(goes_to("Confirm with customer", share=0.14),),
        ),
        Activity(name="Confirm with customer", by=("Customer adviser",), minutes=8, urgency=7),
    ),
)

PRODUCT_CONTENT = Process(
    function="Product content",
    prefix="SKU",
    arrivals=Arrivals(per_month=80, season={2: 1.4, 3: 1.5, 7: 0.5, 9: 1.5, 10: 1.3, 12: 0.5}),
    activities=(
        Activity(
            name="Shoot photos",
            by=("Photographer",),
            minutes=22,
            sessions=Sessions(hour=8.5, weekdays=(1, 3)),
            then=(goes_to("Retouch photos", "Write product text"),),
        ),
        Activity(
            name="Retouch photos",
            by=("Front-end engineer",),
            minutes=46,
            spread=0.5,
            then=(goes_to("Check listing"),),
        ),
        Activity(
            name="Write product text",
            by=("Copywriter",),
            minutes=34,
            then=(goes_to("Assign customs code"),),
        ),
        Activity(
            name="Assign customs code",
            by=("Copywriter",),
            minutes=17,
            spread=0.8,
            then=(goes_to("Check listing"),),
        ),
        Activity(
            name="Check listing",
            by=("Content lead",),
            minutes=8,
            gathers=True,
            then=(
                goes_to("Assign customs code", share=0.42),
                goes_to("Retouch photos", share=0.04),
                goes_to("Publish listing"),
            ),
        ),
        Activity(name="Publish listing", sessions=Sessions(hour=22)),
    ),
)

SERVICE_DESK = Process(
    function="IT service desk",
    prefix="TIC",
    arrivals=Arrivals(
        per_month=215, weekdays=(1.4, 1, 1, 1, 0.8, 0, 0), hours=(7.0, 16.5), season={7: 0.6, 8: 1.2, 1: 1.2}
    ),
    activities=(
        Activity(name="Register ticket", then=(goes_to("Answer request"),)),
        Activity(
            name="Answer request",
            by=("Service desk agent",),
            minutes=12,
            spread=0.7,
            urgency=3,
            then=(goes_to("Solve incident", share=0.2), goes_to("Prepare equipment", share=0.08)),
        ),
        Activity(
            name="Solve incident",
            by=("Systems administrator",),
            minutes=48,
            spread=0.8,
            urgency=2,
            then=(goes_to("Answer request", share=0.12),),
        ),
        Activity(
            name="Prepare equipment", by=("Service desk agent",), minutes=65, spread=0.35, reply_hours=60
        ),
    ),
)

RECRUITING = Process(
    function="Recruiting",
    prefix="REC",
    arrivals=Arrivals(
        per_month=85, weekdays=(1, 1, 1, 1, 1, 0.7, 0.9), hours=(8.0, 22.0), season={7: 0.5, 9: 1.4, 12: 0.5}
    ),
    activities=(
        Activity(
            name="Screen application",
            by=("Recruiter", "HR coordinator"),
            minutes=8,
            then=(goes_to("Interview candidate", share=0.22), goes_to("Send refusal")),
        ),
        Activity(
            name="Interview candidate",
            by=("Operations director", "Technology director", "People director"),
            minutes=52,
            spread=0.2,
            then=(goes_to("Prepare contract", share=0.22), goes_to("Send refusal")),
        ),
        Activity(name="Prepare contract", by=("HR coordinator",), minutes=38, reply_hours=70),
        Activity(name="Send refusal", by=("Recruiter", "HR coordinator"), minutes=4, urgency=8),
    ),
)

RETURNS = Process(
    function="Returns and claims",
    prefix="RMA",
    arrivals=Arrivals(
        per_month=165,
        weekdays=(1.3, 1, 1, 1, 1, 0.8, 1.1),
        hours=(7.0, 23.0),
        season={1: 1.8, 2: 1.1, 7: 0.8, 8: 0.8, 12: 1.7},
        black_friday=1.7,
        growth=0.1,
    ),
    activities=(
        Activity(name="Register return", then=(goes_to("Inspect goods"),)),
        Activity(
            name="Inspect goods",
            by=("Returns inspector",),
            minutes=13,
            then=(goes_to("Assess claim", share=0.38), goes_to("Refund customer")),
        ),
        Activity(
            name="Assess claim",
            by=("Claims handler",),
            minutes=19,
            spread=0.7,
            then=(
                goes_to("Claim from carrier", share=0.34),
                goes_to("Decide goodwill", share=0.16),
                goes_to("Refund customer"),
            ),
        ),
        Activity(
            name="Claim from carrier",
            by=("Claims handler",),
            minutes=24,
            reply_hours=110,
            then=(goes_to("Refund customer"),),
        ),
        Activity(
            name="Decide goodwill",
            by=("Claims lead",),
            minutes=17,
            spread=0.6,
            then=(goes_to("Refund customer"),),
        ),
        Activity(name="Refund customer", by=("Accounts payable clerk",), minutes=4, urgency=6),
    ),
)

COMPLIANCE = Process(
    function="Regulatory compliance",
    prefix="TDS",
    arrivals=Arrivals(per_month=9, last_days=80),
    activities=(
        Activity(name="Announce shipment", then=(goes_to("File timber statement"),)),
        Activity(
            name="File timber statement",
            by=("Compliance officer",),
            minutes=75,
            spread=0.6,
            is_new=True,
        ),
    ),
)

PROCESSES = (
    ACCOUNTS_PAYABLE,
    PAYROLL,
    CUSTOMER_DATA,
    PRODUCT_CONTENT,
    SERVICE_DESK,
    RECRUITING,
    RETURNS,
    COMPLIANCE,
)
