"""A new database begins from a picture of the tables, and is the same as one that had every migration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from backdesk.platform.management import new_database
from scripts import picture
from tests.platform.audit.test_migration import a_new_database, execute

LAST, ITS_FUNCTION = "    ('work', '0027_told_whole', now())", "public.work_whole(bigint, bigint, bigint)"
ROWS = """
    SELECT json_build_array(
        (SELECT json_agg(app || '.' || name ORDER BY app, name) FROM django_migrations),
        (SELECT json_agg(app_label || '.' || model ORDER BY app_label, model) FROM django_content_type),
        (SELECT json_agg(codename ORDER BY codename) FROM auth_permission))::text
"""
#: What PostgreSQL says of `IN` as Django wrote it; from then on, in every copy, that each of the values is a text.
OF_LISTS = re.compile(r"\(ARRAY\[([^]]*)\]\)::text\[\]")
FILLED = """
    SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND query_to_xml('SELECT FROM ' || oid::regclass || ' LIMIT 1', true, false, '')::text LIKE '%<row%'
"""

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def owner(db: None) -> Iterator[BaseDatabaseWrapper]:
    with a_new_database(is_parted=True) as owner:
        yield owner


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A picture a test may change."""
    path = tmp_path / "picture.sql"
    path.write_text(new_database.PICTURE.read_text())
    monkeypatch.setattr(new_database, "PICTURE", path)
    return path


def test_it_is_as_after_all_migrations_with_owners_rights_policies_and_rows(db: None) -> None:
    with a_new_database(is_parted=True) as owner:
        picture.migrate_one_by_one()
        call_command("migrate", verbosity=0)
        expected = told(owner)
        assert execute(owner, FILLED) == "auth_permission django_content_type django_migrations"
    with a_new_database(is_parted=True) as owner:
        assert new_database.begin(owner)
        call_command("migrate", verbosity=0)
        assert told(owner) == expected
        execute(owner, "ALTER TABLE work_item ALTER COLUMN business_key DROP NOT NULL")
        assert told(owner) != expected, "and a column that differs shows"


def test_migrations_that_came_after_the_picture_follow_it(owner: BaseDatabaseWrapper, kept: Path) -> None:
    older = kept.read_text().replace(f",\n{LAST}", "")
    kept.write_text(f"{older}DROP FUNCTION {ITS_FUNCTION};")
    assert new_database.begin(owner)
    assert not execute(owner, f"SELECT to_regprocedure('{ITS_FUNCTION}') IS NOT NULL")
    call_command("migrate", verbosity=0)
    assert execute(owner, f"SELECT to_regprocedure('{ITS_FUNCTION}') IS NOT NULL")


def test_a_picture_of_later_libraries_is_left_alone(owner: BaseDatabaseWrapper, kept: Path) -> None:
    kept.write_text(kept.read_text().replace(LAST, f"{LAST},\n    ('mfa', '0999_of_tomorrow', now())"))
    assert not new_database.begin(owner)
    assert owner.introspection.table_names() == []


def test_what_is_there_already_is_no_new_database(owner: BaseDatabaseWrapper) -> None:
    execute(owner, "CREATE TABLE somebodys (id bigint)")
    assert not new_database.begin(owner)
    assert owner.introspection.table_names() == ["somebodys"]


def test_who_names_a_migration_goes_as_far_as_that(owner: BaseDatabaseWrapper) -> None:
    call_command("migrate", "contenttypes", "0001", verbosity=0)
    assert owner.introspection.table_names() == ["django_content_type", "django_migrations"]


def told(owner: BaseDatabaseWrapper) -> tuple[list[str], object]:
    tables = OF_LISTS.sub(each_a_text, picture.tables_of(owner, "--schema-only"))
    return tables.splitlines(), execute(owner, ROWS)


def each_a_text(found: re.Match[str]) -> str:
    return f"ARRAY[{', '.join(f'({one})::text' for one in found[1].split(', '))}]"
