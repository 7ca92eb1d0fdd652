"""Who is told, in which words, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from backdesk.parties.models import Membership
from backdesk.platform import notifications
from backdesk.platform.actor import system
from backdesk.platform.models import Notification
from backdesk.platform.notifications.kinds import Kind, KindTakenTwice, Registry, UnregisteredKind
from backdesk.platform.notifications.operations import AddressElsewhere
from tests.cast import NOW, Cast
from tests.platform.notifications.telling import tell, titles, told

pytestmark = pytest.mark.django_db


def test_a_colleague_is_told(cast: Cast) -> None:
    employee = cast.person("employee")
    tell(cast.lead, employee, title="The inventory is there", detail="12 activities", url="/plan/inventory/")
    (row,) = told(employee)
    assert (row.title, row.detail, row.url) == ("The inventory is there", "12 activities", "/plan/inventory/")
    assert (row.organisation_id, row.created_at, row.read_at) == (cast.client.pk, NOW, None)


def test_nobody_is_told_what_they_did_themselves(cast: Cast) -> None:
    lead = cast.person("operations_lead")
    tell(cast.lead, lead, cast.person("employee"))
    assert told(lead) == []
    assert len(told(cast.person("employee"))) == 1


def test_but_whoever_asked_for_something_is_told_that_it_is_done(cast: Cast) -> None:
    tell(cast.lead, cast.person("operations_lead"), kind="tests.ordered")
    assert len(told(cast.person("operations_lead"))) == 1


def test_only_members_of_the_organisation_are_told(cast: Cast) -> None:
    gone, stranger = cast.person("controller"), cast.person("operations_lead", cast.other_client)
    Membership.objects.filter(person=gone).update(ended_at=NOW + timedelta(days=1))
    tell(cast.lead, gone, stranger)
    assert not Notification.objects.exists()


def test_what_concerns_ones_own_account_belongs_to_no_organisation(cast: Cast) -> None:
    tell(cast.lead, cast.person("operations_lead"), kind="tests.account")
    assert [row.organisation_id for row in told(cast.person("operations_lead"))] == [None]


def test_while_unread_the_same_is_not_told_twice_but_says_the_newer_thing(cast: Cast) -> None:
    employee = cast.person("employee")
    tell(cast.lead, employee, subject=cast.client, title="First")
    tell(cast.lead, employee, subject=cast.client, title="Second", now=NOW + timedelta(hours=1))
    assert [(row.title, row.created_at) for row in told(employee)] == [("Second", NOW + timedelta(hours=1))]


def test_once_read_it_is_told_again(cast: Cast) -> None:
    employee = cast.person("employee")
    tell(cast.lead, employee, subject=cast.client, title="First")
    notifications.mark_read(actor=cast.employee, now=NOW, notification=told(employee)[0])
    tell(cast.lead, employee, subject=cast.client, title="Second")
    assert titles(told(employee)) == ["First", "Second"]


def test_what_is_about_nothing_in_particular_is_told_each_time(cast: Cast) -> None:
    for _ in range(2):
        tell(cast.lead, cast.person("employee"))
    assert len(told(cast.person("employee"))) == 2


def test_everybody_is_told_in_their_own_language(cast: Cast) -> None:
    """A word the catalogue of Django itself has."""
    german, english = cast.person("employee"), cast.person("auditor")
    german.language = "de"
    german.save()
    tell(cast.lead, german, english, title=format_lazy("{word} 2", word=gettext_lazy("Monday")))
    assert titles(told(german) + told(english)) == ["Montag 2", "Monday 2"]


def test_it_is_told_only_if_the_act_itself_stands(cast: Cast) -> None:
    with transaction.atomic():
        tell(cast.lead, cast.person("employee"))
        transaction.set_rollback(True)
    assert told(cast.person("employee")) == []


def test_backdesk_itself_can_tell_people_of_an_organisation(cast: Cast) -> None:
    tell(system(name="sealing"), cast.person("auditor"), organisation_id=cast.client.pk)
    assert [row.organisation_id for row in told(cast.person("auditor"))] == [cast.client.pk]


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_a_notification_leads_to_a_page_of_ours(url: str, cast: Cast) -> None:
    with pytest.raises(AddressElsewhere, match="a page of ours"):
        tell(cast.lead, cast.person("employee"), url=url)


def test_a_kind_nobody_registered_is_refused(cast: Cast) -> None:
    with pytest.raises(UnregisteredKind, match=r"“tests.none”"):
        tell(cast.lead, cast.person("employee"), kind="tests.none")


def test_a_kind_has_one_meaning() -> None:
    registry = Registry()
    registry.register(Kind(name="a", title="A"))
    registry.register(Kind(name="a", title="A"))
    with pytest.raises(KindTakenTwice, match="“a”"):
        registry.register(Kind(name="a", title="A", roles=frozenset({"agent"})))


def test_a_whole_company_is_told_in_as_many_statements_as_one_person(cast: Cast) -> None:
    first, *others = cast.people[cast.client.pk].values()
    sent = []
    for people in ([first], [first], others):
        with CaptureQueriesContext(connection) as captured:
            tell(cast.agent, *people, organisation_id=cast.client.pk)
        sent.append(len(captured))
    assert sent[1] == sent[2]
