"""When people work: a company's hours, a person's own, and that whoever is told something is told it within them."""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from backdesk.parties import operations
from backdesk.parties.models import Organisation, Person, Role
from backdesk.platform import notifications
from backdesk.platform.models import AuditValues, Notification
from tests.api.calling import Program, problem
from tests.cast import NOW, Cast
from tests.parties.test_people import page
from tests.platform.notifications.telling import tell

pytestmark = pytest.mark.django_db

OFFICE = "Mon-Fri 09:00-17:00; holidays DK"
OWN = "Mon-Thu 06:00-12:00"


def company(cast: Cast, hours: str, *, zone: str = "UTC") -> Organisation:
    return operations.change_organisation(
        actor=cast.lead,
        now=NOW,
        name="Larch",
        zone=zone,
        is_client=True,
        is_provider=False,
        working_hours=hours,
    )


def own(cast: Cast, hours: str, *, zone: str = "UTC") -> Person:
    employee = cast.person(Role.EMPLOYEE)
    said = {"name": employee.name, "language": "en", "zone": zone, "working_hours": hours}
    return operations.change_profile(actor=cast.employee, now=NOW, person=employee, **said)


def reached(cast: Cast, at: str, *, kind: str = "tests.mailed") -> str:
    """When the employee is sent an e-mail about what happens then."""
    tell(cast.lead, cast.person(Role.EMPLOYEE), kind=kind, now=datetime.fromisoformat(at).replace(tzinfo=UTC))
    due = Notification.objects.get().email_due_at
    assert due
    return due.strftime("%Y-%m-%dT%H:%M")


def kept() -> str:
    """In the last entry of the trail."""
    _salt, text = AuditValues.objects.latest("entry_id").fields["after"]["working_hours"]
    return str(json.loads(text))


# -- Said
def test_who_manages_says_the_companys_hours_and_every_member_reads_them(cast: Cast) -> None:
    given = {
        "name": "Larch",
        "zone": "Europe/Copenhagen",
        "is_client": "on",
        "working_hours": "mon-fri 9-17; holidays DK",
    }
    assert cast.browser(Role.EMPLOYEE).post(reverse("organisation:settings"), given).status_code == 403
    assert cast.browser().post(reverse("organisation:settings"), given).status_code == 302
    assert OFFICE in page(cast, "settings", role=Role.EMPLOYEE)
    assert kept() == OFFICE


def test_everybody_says_their_own_on_their_profile(cast: Cast) -> None:
    browser = cast.browser(Role.EMPLOYEE)
    profile = {"name": "Ann", "language": "en", "zone": "Europe/Oslo"}
    assert browser.post("/account/", profile | {"working_hours": OWN}).status_code == 302
    assert f'value="{OWN}"' in browser.get("/account/").content.decode()
    assert kept() == OWN
    browser.post("/account/", profile)
    assert cast.person(Role.EMPLOYEE).working_hours == "", "left empty, those of the company hold again"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("Mon-Fri 8 to 5", "'8 to 5' are not hours"),
        ("Mon-Fri 08:00-17:00; holidays Atlantis", "Atlantis"),
        ("Mon 09:00-10:00; closed 2026-01-01..2026-12-31", "there is room for 200"),
    ],
)
def test_hours_that_cannot_be_kept_are_refused_at_their_field_as_they_were_typed(
    cast: Cast, wrong: str, why: str
) -> None:
    for response in (
        cast.browser(Role.EMPLOYEE).post(
            "/account/", {"name": "Ann", "language": "en", "zone": "UTC", "working_hours": wrong}
        ),
        cast.browser().post(
            reverse("organisation:settings"),
            {"name": "Larch", "zone": "UTC", "is_client": "on", "working_hours": wrong},
        ),
    ):
        shown = html.unescape(response.content.decode())
        assert why in shown
        assert wrong in shown
    assert cast.person(Role.EMPLOYEE).working_hours == ""
    assert Organisation.objects.get(pk=cast.client.pk).working_hours == ""


def test_a_program_says_both_and_what_it_does_not_say_stays(cast: Cast) -> None:
    lead = Program(cast.lead)
    house = {"name": "Larch", "zone": "UTC", "is_client": True, "is_provider": False}
    me = {"name": "Ada", "language": "en", "zone": "UTC"}
    for path, given in (("/organisation", house), ("/me", me)):
        assert lead.put(path, given | {"working_hours": OFFICE}).json()["working_hours"] == OFFICE
        assert lead.put(path, given).json()["working_hours"] == OFFICE
        assert lead.get(path).json()["working_hours"] == OFFICE
        assert (
            "not hours"
            in problem(
                lead.put(path, given | {"working_hours": "Mon 8 to 5"}), status=422, code="unreadable-hours"
            )["detail"]
        )
        assert lead.put(path, given | {"working_hours": ""}).json()["working_hours"] == ""


# -- Asked
def test_an_email_waits_for_the_companys_hours_on_the_companys_clock_over_a_holiday(cast: Cast) -> None:
    company(cast, OFFICE, zone="Europe/Copenhagen")
    own(cast, "", zone="Asia/Manila")
    assert reached(cast, "2026-12-24T17:00") == "2026-12-28T08:00", (
        "Christmas, the weekend, then nine o'clock there"
    )


def test_the_control_without_any_hours_it_leaves_at_once(cast: Cast) -> None:
    company(cast, "")
    assert reached(cast, "2026-12-24T17:00") == "2026-12-24T17:00"


def test_ones_own_hours_go_before_the_companys_on_ones_own_clock(cast: Cast) -> None:
    company(cast, OFFICE)
    own(cast, OWN, zone="Asia/Manila")
    assert reached(cast, "2026-03-06T10:00") == "2026-03-08T22:00", "Monday at six in Manila"


def test_what_one_chose_for_emails_goes_before_both(cast: Cast) -> None:
    company(cast, OFFICE)
    own(cast, OWN)
    notifications.choose_hours(actor=cast.employee, now=NOW, hours="24/7")
    assert reached(cast, "2026-03-08T03:00") == "2026-03-08T03:00"


def test_the_digest_comes_with_the_first_hour_of_work_after_seven(cast: Cast) -> None:
    company(cast, OFFICE)
    assert reached(cast, "2026-03-06T18:00", kind="tests.daily") == "2026-03-09T09:00"


def test_what_is_about_the_safety_of_an_account_waits_for_no_hours(cast: Cast) -> None:
    own(cast, OWN)
    assert reached(cast, "2026-03-08T03:00", kind="tests.account") == "2026-03-08T03:00"


def test_the_hours_of_another_company_are_nothing_to_anybody_here(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.other_client.pk).update(working_hours=OFFICE)
    assert reached(cast, "2026-03-08T03:00") == "2026-03-08T03:00"
