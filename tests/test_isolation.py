"""The second wall, asked in plain SQL as the application's role: past every queryset, page and policy of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.db import connection, connections

from backdesk.parties.models import FailedAttempts
from backdesk.planning.models import Activity, Answer, Rate
from backdesk.platform.isolation import as_system, enforcing, identifying, roles, within
from backdesk.platform.isolation.scopes import NOTHING, scoped
from backdesk.platform.models import NotificationPreference, ReachableHours
from backdesk.platform.models.requests import IdempotencyKey
from tests.backend.base import as_owner
from tests.cast import NOW, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.permissions import listed
from tests.plain_sql import changed, one, refused, rows
from tests.work.rows import fill_shared_work, the_other_way_round

pytestmark = pytest.mark.django_db

DECLARED = enforcing.declared()
WALLED = sorted(table for table, declared in DECLARED.items() if declared.is_walled)
each_walled = pytest.mark.parametrize("table", WALLED)

#: Walled tables in which nothing stands after every page has its object: what they hold comes from elsewhere.
EMPTY = {
    "account_emailaddress",
    "account_emailconfirmation",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",
}
#: Rows nobody sees as a member: keys to sessions, and what the audit trail keeps for itself.
OUT_OF_REACH = {"django_session", "parties_failedattempts", "platform_auditchain", "platform_auditpending"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Two clients with the same things, so that each of them has something to lose to the other."""

    here: Cast
    there: Cast


@pytest.fixture(scope="module")
def two(making: Making) -> Two:  # noqa: F811
    with making():
        cast = assemble()
        two = Two(here=cast, there=the_other_way_round(cast))
        for side in (two.here, two.there):
            for maker in {route.of for route in listed().values() if route.of}:
                maker(side)
            fill_beside(side)
    return two


def fill_beside(side: Cast) -> None:
    """Tables no address names an object of."""
    lead, mark = side.lead, f"of {side.client.pk}"
    owner = {"organisation_id": side.client.pk, "person_id": side.person("operations_lead").pk}
    side.browser()
    FailedAttempts.objects.create(key=mark, failures=1)
    NotificationPreference.objects.create(person_id=owner["person_id"], kind=mark, in_app=True, email="off")
    ReachableHours.objects.create(person_id=owner["person_id"], hours="Mon-Fri 08:00-18:00")
    IdempotencyKey.objects.create(
        **owner, key=mark, fingerprint=mark, status=201, body="", location="", created_at=NOW
    )
    Rate.objects.create(organisation=side.client, kind="market", name=mark, rate=30, currency="EUR")
    Answer.objects.create(**owner, activity=Activity.objects.visible_to(lead)[0], answered_at=NOW)
    fill_shared_work(side)


# -- Every table
def test_every_table_says_whose_its_rows_are() -> None:
    assert enforcing.undeclared(connection) == []


def test_every_declared_table_is_there() -> None:
    assert set(DECLARED) <= set(enforcing.names(connection)) | {"socialaccount_socialapp_sites"}


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_table_nobody_declared_is_told_and_out_of_reach(caplog: pytest.LogCaptureFixture) -> None:
    """The negative control of the two above; the owner's transaction takes the table away again."""
    owner = connections[roles.OWNER]
    with owner.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id bigint)")
    assert enforcing.undeclared(owner) == ["forgotten"]
    done = enforcing.apply(owner, application=roles.application_role())
    assert done == ['ALTER TABLE "forgotten" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY']
    assert "does not say whose its rows are" in caplog.text


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_is_in_place_already_needs_no_statement() -> None:
    assert enforcing.apply(connections[roles.OWNER], application=roles.application_role()) == []


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "damage",
    [
        "CREATE POLICY opened ON parties_skill USING (true)",
        "COMMENT ON POLICY backdesk_rows ON parties_skill IS 'of a version before'",
        "GRANT TRUNCATE ON parties_skill TO backdesk_app",
        "REVOKE SELECT ON parties_skill FROM backdesk_app",
        "ALTER TABLE parties_skill NO FORCE ROW LEVEL SECURITY",
        "GRANT EXECUTE ON FUNCTION work_take_next TO PUBLIC",
        "REVOKE EXECUTE ON FUNCTION platform_audit_append FROM backdesk_app",
    ],
)
def test_what_is_not_as_declared_is_mended(damage: str) -> None:
    owner, application = connections[roles.OWNER], roles.application_role()
    with owner.cursor() as cursor:
        cursor.execute(damage)
    assert enforcing.apply(owner, application=application) != []
    assert enforcing.apply(owner, application=application) == []


# -- Rows
@each_walled
def test_who_does_not_say_for_whom_they_ask_finds_nothing(table: str, two: Two) -> None:
    with scoped(NOTHING):
        assert rows(table) == set()


@each_walled
def test_a_member_finds_what_is_their_own_and_nothing_of_another_company(table: str, two: Two) -> None:
    everything = rows(table)
    with within(two.here.lead):
        here = rows(table)
    with within(two.there.lead):
        there = rows(table)
    assert not here & there
    assert here | there <= everything
    assert bool(everything) == (table not in EMPTY)
    assert bool(here and there) == (table not in EMPTY | OUT_OF_REACH)


def test_while_somebody_is_identified_only_the_tables_of_signing_in_show_rows(two: Two) -> None:
    with identifying():
        shown = {table for table in WALLED if rows(table)}
    assert shown == {
        "django_session",
        "mfa_authenticator",
        "parties_failedattempts",
        "parties_invitation",
        "parties_membership",
        "parties_organisation",
        "parties_person",
        "parties_token",
        "usersessions_usersession",
    }


@pytest.mark.parametrize(
    "table", [table for table in WALLED if "organisation_id = (" in DECLARED[table].rows]
)
def test_no_row_can_be_written_for_another_company_or_taken_from_it(table: str, two: Two) -> None:
    there = two.there.client.pk
    with within(two.here.lead):
        assert refused(f"INSERT INTO {table} ({columns(table)}) SELECT {columns(table, there)} FROM {table}")
        assert refused(f"UPDATE {table} SET organisation_id = {there}")
        assert refused_or_nothing(f"UPDATE {table} SET organisation_id = organisation_id", of=there)
        assert refused_or_nothing(f"DELETE FROM {table}", of=there)


def test_no_row_can_be_hung_on_one_of_another_company(two: Two) -> None:
    """Rows that are where their parent is: here a team's."""
    with as_system("looking up"):
        team = one("SELECT id FROM parties_team WHERE organisation_id = %s", two.there.client.pk)
    with within(two.here.lead):
        assert refused(f"UPDATE parties_teammembership SET team_id = {team}")


def test_colleagues_are_shown_and_cannot_be_changed(two: Two) -> None:
    colleague = two.here.employee.person_id
    with within(two.here.lead):
        assert one("SELECT count(*) FROM parties_person WHERE id = %s", colleague) == 1
        assert changed(f"UPDATE parties_person SET name = 'Somebody else' WHERE id = {colleague}") == 0


# -- Powers
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id bigint)",
        "CREATE TEMPORARY TABLE parties_person (id bigint)",
        "CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
        "CREATE POLICY mine ON parties_person USING (true)",
        "CREATE ROLE mine",
        "DROP POLICY backdesk_rows ON parties_person",
        "DROP TABLE parties_person",
        "ALTER TABLE parties_person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE platform_auditentry DISABLE TRIGGER ALL",
        "ALTER ROLE backdesk_app BYPASSRLS",
        "GRANT backdesk TO backdesk_app",
        "SET ROLE backdesk",
        "SET SESSION AUTHORIZATION backdesk",
        "SET session_replication_role = replica",
        "SET LOCAL row_security = off; SELECT * FROM parties_person",
        "UPDATE platform_auditentry SET verb = 'nothing happened'",
        "DELETE FROM platform_auditentry",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('platform', '9999', now())",
        "COPY parties_person TO PROGRAM 'cat'",
        *(
            f"TRUNCATE {table} CASCADE"
            for table in sorted(DECLARED)
            if table != "socialaccount_socialapp_sites"
        ),
    ],
)
def test_the_application_may_not(statement: str, two: Two) -> None:
    assert refused(statement)


#: The functions that run as the owner; then which of them everybody may call, and which may be led to tables of others.
AS_OWNER = "SELECT count(*) FROM pg_proc AS f WHERE f.pronamespace = 'public'::regnamespace AND f.prosecdef"
FOR_ALL = f"{AS_OWNER} AND has_function_privilege('public', f.oid, 'EXECUTE')"
MISLED = f"{AS_OWNER} AND 'search_path=public, pg_temp' <> ALL (coalesce(f.proconfig, '{{}}'))"


def test_what_runs_as_the_owner_is_for_the_application_alone_and_led_to_no_other_tables(two: Two) -> None:
    assert one(AS_OWNER) > 5
    assert (one(FOR_ALL), one(MISLED)) == (0, 0)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("damage", "tells"),
    [
        ("GRANT EXECUTE ON FUNCTION work_take_next TO PUBLIC", FOR_ALL),
        ("ALTER FUNCTION work_take_next RESET search_path", MISLED),
    ],
)
def test_that_it_is_for_others_too_would_be_told(damage: str, tells: str) -> None:
    with connections[roles.OWNER].cursor() as cursor:
        cursor.execute(damage)
        cursor.execute(tells)
        assert cursor.fetchone() == (1,)


def test_the_roles_are_told_apart(two: Two) -> None:
    assert roles.too_much(connection) == ""
    roles.require_modest(connection)
    with as_owner() as owner:
        assert owner.execute("SELECT current_user, current_setting('backdesk.scope')").fetchone() == (
            "backdesk",
            "system",
        )


@pytest.mark.django_db(databases=["default", "owner"])
def test_as_the_owner_nothing_is_served() -> None:
    with pytest.raises(roles.RoleTooPowerful, match="CREATE ROLE backdesk_app LOGIN"):
        roles.require_modest(connections[roles.OWNER])


def test_both_walls_together_are_read_by_an_index(two: Two) -> None:
    """The policy is worked out once a statement, and the filter finds the rows."""
    with within(two.here.lead), connection.cursor() as cursor:
        # The test's few rows tempt the planner to other ways than a company's many would.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM platform_auditentry WHERE organisation_id = %s ORDER BY id DESC LIMIT 50",
            [two.here.client.pk],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using audit_by_organisation" in plan
    assert "Index Cond: (organisation_id =" in plan
    assert len(re.findall(r"InitPlan \d+$", plan, re.MULTILINE)) == 2


# -- In SQL
def refused_or_nothing(sql: str, *, of: int) -> bool:
    """Where the table may be written at all, no row of the other company is found."""
    statement = f"{sql} WHERE organisation_id = {of}"
    return refused(statement) or changed(statement) == 0


def columns(table: str, organisation: int | None = None) -> str:
    """All but the number, which the database gives; the owner replaced where one is given."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    given = [
        str(organisation) if organisation and name == "organisation_id" else f'"{name}"' for name in names
    ]
    return ", ".join(column for name, column in zip(names, given, strict=True) if name != "id")
