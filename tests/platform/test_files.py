"""Files people bring: kept whole or not at all, within the limit, under a name that says what is in them."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backdesk.platform import files
from backdesk.platform.models import StoredFile
from tests.cast import Cast

CONTENT = b"case,activity\n1,check invoice\n"


class BrokenStream(io.BytesIO):
    """A browser that goes away half-way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise OSError("connection reset")
        return super().read(10)


def save(cast: Cast, stream: io.BytesIO, *, name: str = "log.csv", limit: int = 1000) -> StoredFile:
    return files.save(stream=stream, name=name, organisation_id=cast.client.pk, limit=limit)


def left_in(var: Path) -> list[str]:
    return [path.name for path in var.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_message_calls_the_file_as_the_person_does(cast: Cast) -> None:
    stored = save(cast, io.BytesIO(CONTENT), name="orders of May.csv")
    path = files.path_of(stored)
    for message in (f"{path.name} is cut.", f"{path} is cut."):
        assert files.in_words(message, file=stored) == "orders of May.csv is cut."


@pytest.mark.django_db
def test_what_was_saved_is_there_byte_for_byte(cast: Cast) -> None:
    stored = save(cast, io.BytesIO(CONTENT))
    assert files.path_of(stored).read_bytes() == CONTENT
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


@pytest.mark.django_db
def test_a_file_over_the_limit_leaves_nothing_behind(cast: Cast, var: Path) -> None:
    save(cast, io.BytesIO(b"x" * 1000), limit=1000)
    with pytest.raises(files.FileTooLarge, match=r"larger than the 0 MB allowed here"):
        save(cast, io.BytesIO(b"y" * 1001), limit=1000)
    assert len(left_in(var)) == StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_an_upload_broken_off_half_way_leaves_nothing_behind(cast: Cast, var: Path) -> None:
    with pytest.raises(OSError, match="connection reset"):
        save(cast, BrokenStream(CONTENT))
    assert left_in(var) == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_same_content_is_kept_once_for_each_organisation(cast: Cast, var: Path) -> None:
    for _ in range(2):
        save(cast, io.BytesIO(CONTENT))
    files.save(stream=io.BytesIO(CONTENT), name="log.csv", organisation_id=cast.other_client.pk, limit=1000)
    assert len(left_in(var)) == 2


@pytest.mark.django_db
def test_another_organisation_does_not_see_it(cast: Cast) -> None:
    stored = save(cast, io.BytesIO(CONTENT))
    assert list(StoredFile.objects.visible_to(cast.lead)) == [stored]
    assert list(StoredFile.objects.visible_to(cast.other_lead)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "", ".", "日本語.csv"]
)
def test_a_name_never_says_where_a_file_goes(cast: Cast, var: Path, name: str) -> None:
    stored = save(cast, io.BytesIO(CONTENT), name=name)
    assert files.path_of(stored).resolve().is_relative_to(var.resolve())
    assert "/" not in stored.name
    assert stored.name


@given(st.text(max_size=400))
def test_every_name_fits_its_column(name: str) -> None:
    assert 0 < len(files.plain_name(name)) <= 255
    assert not {"/", "\\", "\0"} & set(files.plain_name(name))


@pytest.mark.django_db
def test_what_a_rolled_back_verb_or_a_killed_process_left_goes_after_an_hour(cast: Cast, var: Path) -> None:
    kept = save(cast, io.BytesIO(CONTENT))
    with transaction.atomic():
        save(cast, io.BytesIO(b"rolled back"))
        save(cast, io.BytesIO(CONTENT))
        transaction.set_rollback(True)
    (files.path_of(kept).parent.parent / ".coming-half").write_bytes(b"half")
    assert len(left_in(var)) == 3
    assert files.forget_rowless(now=timezone.now()) == 0, "its verb may be under way"
    assert files.forget_rowless(now=timezone.now() + timedelta(hours=2)) == 2
    assert [path for path in var.rglob("*") if path.is_file()] == [files.path_of(kept)]


@pytest.mark.django_db
def test_files_whose_rows_stand_in_another_database_stay(cast: Cast, var: Path) -> None:
    """Of a database that is to be restored yet, or of the one that was named before this."""
    kept = save(cast, io.BytesIO(CONTENT))
    StoredFile.objects.all().delete()
    assert files.forget_rowless(now=timezone.now() + timedelta(hours=2)) == 0
    assert files.path_of(kept).read_bytes() == CONTENT
