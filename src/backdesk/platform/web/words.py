"""Words a person reads: written in English, perhaps translated only when they are shown."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
"""A text, or one that gettext_lazy turns into the reader's language where it is written out."""
