"""Reads of the parties."""

from backdesk.parties.queries.places import Place, actor_for, actor_in, anybody_is_here, members, places_of

__all__ = ("Place", "actor_for", "actor_in", "anybody_is_here", "members", "places_of")
