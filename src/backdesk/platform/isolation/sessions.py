"""Sessions in the database, out of every page's reach: only looking after a session itself can see one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

from backdesk.platform.isolation.scopes import identifying


class SessionStore(db.SessionStore):
    """Whatever the scope around it: signing out is done as a member, and ends the session all the same."""

    def _get_session_from_db(self) -> Any:
        with identifying():
            return super()._get_session_from_db()  # type: ignore[misc]

    def exists(self, session_key: str) -> bool:
        with identifying():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        with identifying():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with identifying():
            super().delete(session_key)

    @classmethod
    def clear_expired(cls) -> None:
        with identifying():
            super().clear_expired()
