"""The style sheets in the order of the cascade, and the scripts: one file a concern."""

from __future__ import annotations

from typing import Final

STYLES: Final = (
    "layers",
    "reset",
    "tokens",
    "base",
    "layout",
    "rail",
    "account",
    "page-header",
    "buttons",
    "forms",
    "upload",
    "weights",
    "table",
    "figures",
    "status",
    "notices",
    "popover",
    "dialog",
    "progress",
    "empty",
    "panel",
    "today",
    "trail",
    "notifications",
    "search",
    "sign-in",
    "credentials",
    "api",
    "style-page",
    "utilities",
    "print",
)

SCRIPTS: Final = (
    "theme",
    "popover",
    "dialog",
    "table",
    "weights",
    "upload",
    "shortcuts",
    "palette",
    "announce",
    "notifications",
)
