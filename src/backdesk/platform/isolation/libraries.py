"""The tables that libraries bring, by name: whose rows they hold, or why that does not matter."""

from __future__ import annotations

from backdesk.platform.isolation.declarations import (
    Declaration,
    identity_alone,
    personal,
    through,
    unowned,
)

_SCHEMA = unowned("what Django knows of the schema and of models; the same for everybody", read_only=True)
_PERMISSIONS = unowned("permissions of Django's own, which Backdesk does not use", read_only=True)
_QUEUE = unowned("the queue: numbers of jobs; what they are about stands in platform_job")
_SIGN_IN_SERVICES = unowned("the services one may sign in through; the operator's settings", read_only=True)

DECLARED: dict[str, Declaration] = {
    "django_migrations": _SCHEMA,
    "django_content_type": _SCHEMA,
    "auth_permission": _PERMISSIONS,
    "auth_group": _PERMISSIONS,
    "auth_group_permissions": _PERMISSIONS,
    "django_session": identity_alone("a session's key is as good as a password; no page needs to read one"),
    "account_emailaddress": personal("user_id", identity=True),
    "account_emailconfirmation": through("email_address_id", "account_emailaddress"),
    "mfa_authenticator": personal("user_id", identity=True),
    "usersessions_usersession": personal("user_id", identity=True),
    "socialaccount_socialaccount": personal("user_id", identity=True),
    "socialaccount_socialtoken": through("account_id", "socialaccount_socialaccount"),
    "socialaccount_socialapp": _SIGN_IN_SERVICES,
    "socialaccount_socialapp_sites": _SIGN_IN_SERVICES,
    "procrastinate_jobs": _QUEUE,
    "procrastinate_events": _QUEUE,
    "procrastinate_periodic_defers": _QUEUE,
    "procrastinate_workers": _QUEUE,
}
