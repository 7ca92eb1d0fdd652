"""Saying something, saying it better, taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from backdesk.conversations import policies, queries, writing
from backdesk.conversations.models import Mention, Message, Thread
from backdesk.conversations.operations.reading import take_part
from backdesk.conversations.operations.telling import reword, tell
from backdesk.conversations.queries import Addressable
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation

LONGEST: Final = 10_000


class NothingSaid(Refused):
    """A message without words, or with more than anybody reads."""


class MentionsStranger(Refused):
    """Somebody is addressed who does not see the message."""


class AlreadyWithdrawn(Refused):
    """What was taken back cannot be changed any more."""

    status = 409


class TooLateToEdit(Refused):
    """Others have had time to answer what it said."""

    status = 409


@operation
def post(
    *,
    actor: Actor,
    now: datetime,
    thread: Thread,
    text: str,
    is_internal: bool = False,
    is_question: bool = False,
    mentions: Collection[int] = (),
    mail_id: str | None = None,
) -> Message:
    """Whom the text addresses by @ and name is mentioned, and `mentions` beside. Internal is what the own company alone
    sees; in a thread of one company everything is. Who writes follows the thread from then on."""
    thread = queries.thread_of(actor, thread.pk)
    message = Message(
        thread=thread,
        client_id=thread.client_id,
        provider_id=thread.provider_id,
        internal_to=actor.organisation_id if is_internal and thread.is_shared else None,
        author_id=actor.person_id,
        organisation_id=policies.company(actor),
        author_name=actor.name[:200],
        text=_acceptable(text),
        is_question=is_question,
        at=now,
        mail_id=mail_id,
    )
    mentioned = _mentioned(actor, message, mentions)
    message.save()
    _keep_mentions(message, mentioned)
    audit.record(actor=actor, now=now, verb="message posted", subject=message, after=_said(message))
    take_part(person_id=actor.person_id, organisation_id=message.organisation_id, thread=thread)
    tell(actor=actor, now=now, message=message, mentioned=mentioned)
    return message


@operation
def edit(*, actor: Actor, now: datetime, message: Message, text: str) -> Message:
    """Within a quarter of an hour; what it said before is kept in the trail."""
    own = _own(actor, message)
    if not policies.may_edit(actor, own, now):
        raise TooLateToEdit(
            _(
                "A message can be changed for 15 minutes; others may have answered it since. Write another one, or "
                "withdraw it."
            )
        )
    before, own.text = _said(own), _acceptable(text)
    if before["text"] == own.text:
        return own
    known = set(own.mentions.values_list("person_id", flat=True))
    mentioned = [one for one in _mentioned(actor, own, ()) if one.person_id not in known]
    own.edited_at = now
    own.save(update_fields=["text", "edited_at"])
    _keep_mentions(own, mentioned)
    audit.record(actor=actor, now=now, verb="message edited", subject=own, before=before, after=_said(own))
    reword(now=now, message=own, before=before["text"])
    tell(actor=actor, now=now, message=own, mentioned=mentioned, only_mentioned=True)
    return own


@operation
def withdraw(*, actor: Actor, now: datetime, message: Message) -> Message:
    """Its text is gone from the thread, and kept in the trail; that something was said stays."""
    own = _own(actor, message)
    before = _said(own)
    own.text, own.withdrawn_at = "", now
    own.mentions.all().delete()
    own.save(update_fields=["text", "withdrawn_at"])
    audit.record(actor=actor, now=now, verb="message withdrawn", subject=own, before=before)
    reword(now=now, message=own, before=before["text"])
    return own


def _own(actor: Actor, message: Message) -> Message:
    """Locked, so that editing and withdrawing at once come one after the other."""
    queries.message_of(actor, message.pk)
    own = Message.objects.visible_to(actor).select_for_update().get(pk=message.pk)
    policies.require(policies.is_own(actor, own))
    if own.withdrawn_at is not None:
        raise AlreadyWithdrawn(_("This message was withdrawn; write another one."))
    return own


def _acceptable(text: str) -> str:
    words = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not words:
        raise NothingSaid(_("Write something before you send it."))
    if len(words) > LONGEST:
        raise NothingSaid(
            _("A message has at most %(most)s characters; this one has %(count)s. Attach the rest as a file.")
            % {"most": LONGEST, "count": len(words)}
        )
    return words


def _mentioned(actor: Actor, message: Message, wanted: Collection[int]) -> list[Addressable]:
    """Whom the text names, and who else is to be; refused where one of them does not see the message."""
    if "@" not in message.text and not wanted:
        return []
    people = queries.addressable(actor=actor, companies=message.thread.companies, thread=message.thread)
    named = set(writing.mentions_in(message.text, [one.name for one in people]))
    found = [one for one in people if one.name in named or one.person_id in wanted]
    _require_all_see_it(message, found, wanted)
    return found


def _require_all_see_it(message: Message, found: Collection[Addressable], wanted: Collection[int]) -> None:
    if missing := set(wanted) - {one.person_id for one in found}:
        raise MentionsStranger(
            _("Nobody numbered %(numbers)s takes part here: mention people of the companies of this thread.")
            % {"numbers": ", ".join(map(str, sorted(missing)))}
        )
    outside = [one for one in found if message.internal_to not in (None, one.organisation_id)]
    if outside:
        raise MentionsStranger(
            _(
                "%(name)s works for %(company)s and does not see internal notes. Take the name out, or let both "
                "companies see the message."
            )
            % {"name": outside[0].name, "company": outside[0].organisation}
        )


def _keep_mentions(message: Message, mentioned: Collection[Addressable]) -> None:
    by_person = {one.person_id: one for one in mentioned}
    Mention.objects.bulk_create(
        (Mention(message=message, person_id=one.person_id, name=one.name) for one in by_person.values()),
        ignore_conflicts=True,
    )


def _said(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "thread": message.thread_id,
        "is_internal": message.internal_to is not None,
    }
