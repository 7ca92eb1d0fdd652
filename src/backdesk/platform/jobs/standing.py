"""Whether who asked for a job may still have it done. What people are now, the floor above says."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from backdesk.platform.actor import Actor


class Roles(Protocol):
    """The roles a person has in an organisation now, by name; none where they are no member."""

    def __call__(self, *, person_id: int, organisation_id: int) -> frozenset[str]: ...


class StandingLost(Exception):
    """Who asked for the job left the organisation, or lost a role they asked with."""


class NobodyKnowsRoles(LookupError):
    """No floor above has said how to look up roles."""


_sources: list[Roles] = []


def register_roles(source: Roles) -> None:
    """Where a job learns what its person is by now. One for the whole house, given when it starts."""
    _sources[:] = [source]


def require_standing(actor: Actor) -> None:
    """What Backdesk itself asked for needs none."""
    if actor.person_id is None or actor.organisation_id is None:
        return
    if not _sources:
        raise NobodyKnowsRoles("Call `register_roles` when the app starts.")
    held = _sources[0](person_id=actor.person_id, organisation_id=actor.organisation_id)
    if not held:
        raise StandingLost(
            _("%(person)s asked for this and is no member of the company any more, so it was not done.")
            % {"person": actor.name}
        )
    if actor.roles - held:
        raise StandingLost(
            _(
                "%(person)s asked for this in a role they do not have any more, so it was not done. "
                "Whoever has the role now can ask again."
            )
            % {"person": actor.name}
        )
