"""Names and titles: one line, of which everybody sees all. A break in one breaks a list or the head of a mail, and a
character that turns the order of reading shows another name than the one that is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from backdesk.platform.errors import Refused

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField  # not subscriptable at run time

_BREAKS: Final = re.compile(r"[\t-\r\x85\u2028\u2029]+")
#: Controls, what turns the order of reading, what has no width, halves of characters. Marks of direction and joiners
#: stay: names in Hebrew, Persian or Hindi are written with them.
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


class NotOneLine(Refused):
    """A name with a break in it, or with something nobody sees."""


class Line(_Text):
    """The column of a name: whatever is no line is refused, whoever saves it."""

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(require_line(value) if isinstance(value, str) else value, connection)

    def deconstruct(self) -> Any:
        """To the database it is as any other text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def require_line(text: str) -> str:
    """The text itself. Raises `NotOneLine`, which says where it is none."""
    if not text.isprintable() and (found := _UNSEEN.search(text)):
        raise NotOneLine(
            _("Write “%(text)s” in one line: character %(place)s of it is a break, or cannot be seen.")
            % {"text": one_line(text), "place": found.start() + 1}
        )
    return text


def one_line(text: str) -> str:
    """What a machine brought, as a line: a space for each break, and nothing that cannot be seen."""
    return text if text.isprintable() else _UNSEEN.sub("", _BREAKS.sub(" ", text)).strip()
