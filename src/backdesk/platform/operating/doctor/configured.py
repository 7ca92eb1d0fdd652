"""Settings that work, but not safely."""

from __future__ import annotations

from django.conf import settings

from backdesk.platform.operating.doctor.checks import Circumstances, Finding, broken, check, ok, warning

_HERE = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
_DIFFERENT_CHARACTERS = 10


@check("secret-key", "Key that signs sessions", asks_database=False)
def secret_key(about: Circumstances) -> Finding:
    key, least = str(settings.SECRET_KEY), about.limits.key_length
    if len(key) < least or len(set(key)) < _DIFFERENT_CHARACTERS:
        return broken(
            f"SECRET_KEY has {len(key)} characters, {len(set(key))} different ones: it can be guessed.",
            f"Set SECRET_KEY to {least} random characters or more; everybody then signs in anew.",
        )
    return ok(f"{len(key)} characters")


@check("hosts", "Names it answers to", asks_database=False)
def hosts(about: Circumstances) -> Finding:
    if not settings.ALLOWED_HOSTS:
        return broken("ALLOWED_HOSTS is empty: every request is refused.", "Name the hosts in ALLOWED_HOSTS.")
    if any(host.startswith("*") for host in settings.ALLOWED_HOSTS):
        return warning(
            "ALLOWED_HOSTS has a '*': links in e-mails can be made to lead elsewhere.",
            "Name the hosts one by one in ALLOWED_HOSTS.",
        )
    return ok(", ".join(settings.ALLOWED_HOSTS))


@check("https", "Encrypted on the way", asks_database=False)
def https(about: Circumstances) -> Finding:
    if settings.BACKDESK_HTTPS:
        return ok("https alone; cookies are secure")
    if _is_for_this_machine_alone():
        return ok("plain http, on this machine alone")
    return broken(
        "Visitors from elsewhere may come by plain http: passwords can be read on the way.",
        "Put a proxy that speaks https before it and leave BACKDESK_HTTPS at yes.",
    )


@check("debug", "Faults are not shown to visitors", asks_database=False)
def debug(about: Circumstances) -> Finding:
    if settings.DEBUG and not _is_for_this_machine_alone():
        return broken(
            "BACKDESK_DEBUG is on: a fault shows settings and data to whoever meets it.",
            "Set BACKDESK_DEBUG to no and start anew.",
        )
    return ok("on, on this machine alone" if settings.DEBUG else "off")


def _is_for_this_machine_alone() -> bool:
    return bool(settings.ALLOWED_HOSTS) and _HERE.issuperset(settings.ALLOWED_HOSTS)
