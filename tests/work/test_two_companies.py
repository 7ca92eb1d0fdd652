"""What a client and its provider share, asked in plain SQL: both see it, whoever keeps a row sees that alone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import transaction

from backdesk.parties.models import Organisation, Role
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import enforcing, within
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.plain_sql import changed, one, refused, rows
from tests.walls import no_row_security
from tests.work.rows import fill_shared_work, the_other_way_round

pytestmark = pytest.mark.django_db

COLUMNS = {
    model._meta.db_table: {field.column for field in model._meta.concrete_fields}
    for model in apps.get_models(include_auto_created=True)
}
SHARED = sorted(
    table
    for table, declared in enforcing.declared().items()
    if "client_id = (" in declared.rows and "provider_id = (" in declared.rows
)
KEEPING = [table for table in SHARED if "internal_to" in COLUMNS[table]]
CLIENTS_OWN = ["work_itemprivate", "work_servicesecret"]

each_shared = pytest.mark.parametrize("table", SHARED)
each_keeping = pytest.mark.parametrize("table", KEEPING)


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    """`client` works with `provider`, and so does `other_client` with `other_provider`."""
    with making():
        cast = assemble()
        for side in (cast, the_other_way_round(cast)):
            fill_shared_work(side)
    return cast


def test_shared_tables_are_among_those_asked() -> None:
    assert {"parties_engagement", "work_item", "work_event", "work_step", "conversations_message"} <= {
        *SHARED
    }
    assert {"work_event", "work_servicesource", "conversations_message"} <= {*KEEPING}


@each_shared
def test_both_companies_see_what_they_share_and_the_other_two_nothing(table: str, cast: Cast) -> None:
    assert_seen_by_the_two_alone(table, cast)


@each_keeping
def test_what_one_of_the_two_keeps_to_itself_the_other_never_sees(table: str, cast: Cast) -> None:
    kept = rows(f"{table} WHERE internal_to = {cast.client.pk}")
    assert kept
    assert kept <= seen(table, cast, cast.client)
    assert not kept & seen(table, cast, cast.provider)


@pytest.mark.parametrize("table", CLIENTS_OWN)
def test_the_clients_fields_and_seeds_are_not_the_providers_to_see(table: str, cast: Cast) -> None:
    assert seen(table, cast, cast.client) == rows(f"{table} WHERE client_id = {cast.client.pk}") != set()
    assert seen(table, cast, cast.provider) == set()


@pytest.mark.parametrize("table", ["work_entitlement", "work_stepdraft"])
def test_drafts_and_entitlements_stay_in_the_company_whose_they_are(table: str, cast: Cast) -> None:
    for organisation in (cast.client, cast.provider):
        own = rows(f"{table} WHERE organisation_id = {organisation.pk}")
        assert seen(table, cast, organisation) == own != set()


def test_a_mention_is_seen_where_its_message_is(cast: Cast) -> None:
    assert seen("conversations_mention", cast, cast.provider) == rows(
        "conversations_mention WHERE message_id IN (SELECT id FROM conversations_message "
        f"WHERE provider_id = {cast.provider.pk} AND internal_to IS DISTINCT FROM {cast.client.pk})"
    )


@each_shared
def test_nobody_writes_a_row_of_two_companies_they_are_not(table: str, cast: Cast) -> None:
    theirs: dict[str, object] = {"client_id": cast.other_client.pk, "provider_id": cast.other_provider.pk}
    for organisation in (cast.client, cast.provider):
        with within(somebody_at(cast, organisation)):
            assert refused(copying(table, theirs))


@each_shared
def test_nobody_gives_a_row_away_to_two_companies_they_are_not(table: str, cast: Cast) -> None:
    with within(somebody_at(cast, cast.provider)):
        assert refused(
            f"UPDATE {table} SET client_id = {cast.other_client.pk}, provider_id = {cast.other_provider.pk}"
        )


@each_shared
def test_no_row_of_two_other_companies_is_found_to_be_changed_or_deleted(table: str, cast: Cast) -> None:
    with within(somebody_at(cast, cast.provider)):
        for statement in (f"UPDATE {table} SET client_id = client_id", f"DELETE FROM {table}"):
            theirs = f"{statement} WHERE client_id = {cast.other_client.pk}"
            assert refused(theirs) or changed(theirs) == 0


@each_keeping
def test_nobody_writes_a_row_that_the_other_company_keeps(table: str, cast: Cast) -> None:
    for mine, other in ((cast.client, cast.provider), (cast.provider, cast.client)):
        with within(somebody_at(cast, mine)):
            assert refused(copying(table, {"internal_to": other.pk}))
            assert refused(f"UPDATE {table} SET internal_to = {other.pk}")


# -- The negative controls: the tests above fail where the wall is down.
def test_without_the_second_wall_the_other_companies_would_be_seen(cast: Cast) -> None:
    for table in SHARED:
        with no_row_security(), pytest.raises(AssertionError):
            assert_seen_by_the_two_alone(table, cast)


def test_without_the_second_wall_what_the_client_keeps_would_be_seen(cast: Cast) -> None:
    with no_row_security():
        for table in KEEPING:
            assert rows(f"{table} WHERE internal_to = {cast.client.pk}") & seen(table, cast, cast.provider)
        for table in CLIENTS_OWN:
            assert seen(table, cast, cast.provider)


@pytest.mark.parametrize("table", ["work_item", "work_event"])
def test_without_the_second_wall_rows_of_others_could_be_written(table: str, cast: Cast) -> None:
    """Other numbers and keys than the copied row's, so that nothing but the wall stands in the way."""
    theirs: dict[str, object] = {"client_id": cast.other_client.pk, "provider_id": cast.other_provider.pk}
    apart: dict[str, dict[str, object]] = {"work_item": {"business_key": ""}, "work_event": {"sequence": 9}}
    with no_row_security(), within(somebody_at(cast, cast.provider)), transaction.atomic():
        assert not refused(copying(table, {**theirs, **apart[table]}))
        transaction.set_rollback(
            True
        )  # before the constraints, which would refuse it in the end, are looked at


# -- In SQL
def assert_seen_by_the_two_alone(table: str, cast: Cast) -> None:
    for organisation in cast.organisations:
        assert seen(table, cast, organisation) == due(table, organisation) != set()


def due(table: str, organisation: Organisation) -> set[str]:
    """What a company is to see, said apart from the policies."""
    part = f"{organisation.pk} IN (client_id, provider_id)"
    kept = f" AND coalesce(internal_to, {organisation.pk}) = {organisation.pk}" if table in KEEPING else ""
    return rows(f"{table} WHERE {part}{kept}")


def seen(table: str, cast: Cast, organisation: Organisation) -> set[str]:
    with within(somebody_at(cast, organisation)):
        return rows(table)


def somebody_at(cast: Cast, organisation: Organisation) -> Actor:
    return cast.actor(Role.OPERATIONS_LEAD if organisation.is_client else Role.AGENT, organisation)


def copying(table: str, given: dict[str, object]) -> str:
    """A row like one that is seen, but for what is given; its number comes from the database."""
    generated = one(
        "SELECT coalesce(max(column_name), '') FROM information_schema.columns WHERE table_name = %s "
        "AND is_identity = 'YES'",
        table,
    )
    names = sorted(name for name in COLUMNS[table] if name and name != generated)
    values = (literal(given[name]) if name in given else f'"{name}"' for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table} LIMIT 1"


def literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
