"""What is to be received only tomorrow is told when the file is looked through, not first when it is brought in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backdesk.work.models import ImportLine
from tests.cast import NOW, Cast
from tests.work.services import a_service
from tests.work.test_imports import brought_in, looked_through

pytestmark = pytest.mark.django_db

FILE = f"""number,received_at
B-1,{NOW.isoformat()}
B-2,{(NOW + timedelta(minutes=4)).isoformat()}
B-3,{(NOW + timedelta(days=1)).isoformat()}
"""


def test_a_receipt_of_tomorrow_is_told_before_anything_is_brought_in(cast: Cast) -> None:
    found = looked_through(a_service(cast), FILE).found
    assert (found["read"], found["good"], found["rejected"]) == (3, 2, 1)
    ((line, _field, says),) = found["problems"]
    assert line == 4
    assert "lies in the future" in says


def test_bringing_it_in_comes_to_what_looking_through_it_said(cast: Cast) -> None:
    batch = brought_in(a_service(cast), FILE)
    assert (batch.created, batch.rejected) == (batch.found["good"], batch.found["rejected"])
    refused = ImportLine.objects.get(outcome=ImportLine.Outcome.REJECTED)
    assert "lies in the future" in str(refused.problems)
