"""Addresses that take forms alone, opened as a page: by loading a refused form anew, or from the history."""

from __future__ import annotations

import pytest

from backdesk.parties.models import Role
from backdesk.work.models import StepDraft
from tests.cast import Cast
from tests.work.services import a_service, taken

pytestmark = pytest.mark.django_db


def test_a_refused_completion_loaded_anew_is_the_work_with_its_draft(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    browser = cast.browser(Role.AGENT, cast.provider)
    address = f"/work/step/{step.pk}/completion/"
    typed = {"_claim": step.claim, "total": "a lot", "note": "half done"}
    assert browser.post(address, typed).status_code == 422
    anew = browser.get(address, follow=True)
    assert anew.redirect_chain == [(f"/work/step/{step.pk}/", 302)]
    assert all(one in anew.content.decode() for one in ("Nothing was changed.", "half done", "a lot"))
    assert StepDraft.objects.get().values["note"] == "half done"
