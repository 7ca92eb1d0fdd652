"""Answers that come in by e-mail."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from backdesk.conversations.mail import Reply, read_mail
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.operations.messages import post
from backdesk.parties.queries.participants import actor_of_member
from backdesk.platform.actor import Actor, Interface
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system


class NotTheirs(Refused):
    """The address is of somebody else than who sent the mail, or who may not answer there any more."""

    status = 403


def receive_mail(*, now: datetime, data: bytes, interface: Interface) -> Message:
    """Post the answer in the name of whom the signed address was made for. The same mail twice is one message.

    Who passes the mail on to us does not matter: the address in it is signed, and it must come from that person.
    """
    reply = read_mail(data)
    with as_system("reading who answers"):
        actor = actor_of_member(
            person_id=reply.asked.person_id,
            organisation_id=reply.asked.organisation_id,
            email=reply.sender,
            interface=interface,
        )
    if actor is None:
        raise NotTheirs(
            "This address was made for somebody else than who sent the mail, or for somebody who has left. Answer "
            "from the address the e-mail went to, or in Backdesk."
        )
    return _known(reply) or _posted(actor, now, reply)


def _known(reply: Reply) -> Message | None:
    with as_system("looking whether the mail has come before"):
        return Message.objects.filter(thread_id=reply.asked.thread_id, mail_id=reply.id).first()


def _posted(actor: Actor, now: datetime, reply: Reply) -> Message:
    """A note to one's own company is answered within it, all else to both."""
    thread = Thread(pk=reply.asked.thread_id)
    try:
        with transaction.atomic():  # in which it may come to nothing, and something be asked all the same
            return post(
                actor=actor,
                now=now,
                thread=thread,
                text=reply.text,
                is_internal=reply.asked.is_internal,
                mail_id=reply.id,
            )
    except Thread.DoesNotExist as error:
        raise NotTheirs("You cannot see this conversation any more.") from error
    except IntegrityError as error:  # the same mail came in twice at once
        if "message_once_a_mail" not in str(error) or (known := _known(reply)) is None:
            raise
        return known
