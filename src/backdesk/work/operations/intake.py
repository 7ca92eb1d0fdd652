"""Items that come with documents: by a form, by e-mail, or as a file somebody put in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, Final

from django.utils.translation import gettext as _

from backdesk.conversations.mail.incoming import text_of
from backdesk.desks.services import Field, Schema
from backdesk.parties.policies import company, require
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Arrival, Document, Item, Service
from backdesk.work.models.items import NORMAL
from backdesk.work.operations.documents import attach_documents, bring_document
from backdesk.work.operations.items import NewItem, ServiceNotOpen, create_one
from backdesk.work.queries.compiled import compiled

MAIL_LIMIT: Final = 25_000_000
MOST_ATTACHMENTS: Final = 20
_LONGEST_TEXT: Final = 10_000
#: Inputs that what arrives by itself fills where a service has them.
TOLD: Final = ("subject", "sender", "text", "sent_at", "name")


class MailTooLarge(Refused):
    """The message is larger than is taken in."""

    status = 413


class UnreadableMail(Refused):
    """What came is no e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that came along."""

    name: str
    content: bytes
    declared: str = ""


@operation
def create_item(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    values: Mapping[str, Any],
    brought: Sequence[int] = (),
    title: str = "",
    business_key: str = "",
    priority: int = NORMAL,
    language: str = "",
    source: str = "form",
    received_at: datetime | None = None,
) -> Item:
    """Take one in with what was brought for it, and begin its process. Fields for files that are empty get the
    documents in their order. Raises `InvalidItem`; `DuplicateItem`, where one of its key is there."""
    filled, of_fields = _with_files(_schema(actor, service), values, brought) if brought else (values, {})
    row = NewItem(
        values=filled,
        title=title,
        business_key=business_key,
        priority=priority,
        language=language,
        received_at=received_at,
    )
    item = create_one(actor=actor, now=now, service=service, row=row, source=source)
    if brought:
        kept = [number for number, one in of_fields.items() if one.visibility == "client"]
        attach_documents(actor=actor, now=now, item=item, brought=brought, kept=kept)
    for number, one in of_fields.items():
        Document.objects.filter(pk=number, item=item).update(field=one.path)
    return item


@operation
def receive_mail(*, actor: Actor, now: datetime, service: Service, message: bytes) -> Item:
    """An e-mail as an item, its attachments as documents. The same message again gives the same item.

    What the service's input calls `subject`, `sender`, `text`, `sent_at` or `name` is filled with it. Raises
    `InvalidItem` where the service asks for more than that.
    """
    require(policies.may_create(actor))
    mail = _mail(message)
    mark = hashlib.sha256((mail["Message-ID"] or "").strip().encode() or message).hexdigest()
    papers = list(_attachments(mail))
    told = {
        "subject": str(mail["Subject"] or ""),
        "sender": str(mail["From"] or ""),
        "text": text_of(mail).strip()[:_LONGEST_TEXT],
        "sent_at": _sent_at(mail),
        "name": papers[0].name if papers else "",
    }
    title = " ".join(str(told["subject"]).split())[:200]
    return receive(
        actor=actor, now=now, service=service, source="mail", mark=mark, title=title, told=told, papers=papers
    )


@operation
def receive(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    source: str,
    mark: str,
    title: str,
    told: Mapping[str, str],
    papers: Collection[Paper],
) -> Item:
    """Something that arrived by itself becomes an item, once: `mark` is the same for the same thing."""
    arrival, is_new = Arrival.objects.get_or_create(
        service=service,
        source=source,
        mark=mark,
        defaults={"organisation_id": company(actor), "name": title[:255], "at": now},
    )
    if arrival.item is not None and not is_new:
        return arrival.item
    brought = [
        bring_document(
            actor=actor, now=now, service=service, stream=BytesIO(one.content), filename=one.name,
            limit=MAIL_LIMIT, declared=one.declared,
        ).pk
        for one in papers
    ]  # fmt: skip
    inputs = {one.name: one for one in _schema(actor, service).fields}
    values = {name: text for name, text in told.items() if text and _takes_text(inputs.get(name))}
    item = create_item(
        actor=actor, now=now, service=service, values=values, brought=brought, source=source, title=title
    )
    arrival.item = item
    arrival.save(update_fields=("item",))
    return item


def _schema(actor: Actor, service: Service) -> Schema:
    service = Service.objects.visible_to(actor).get(pk=service.pk)
    if service.current_id is None:
        raise ServiceNotOpen(_("“%(name)s” has not been published yet.") % {"name": service.name})
    return compiled(actor=actor, version_id=service.current_id).service.input


def _with_files(
    schema: Schema, values: Mapping[str, Any], brought: Sequence[int]
) -> tuple[dict[str, Any], dict[int, Field]]:
    """The values with the documents in them, and which document is which field's."""
    waiting = [number for number in brought if str(number) not in values.values()]
    filled, of_fields = dict(values), {}
    for one in schema.fields:
        if one.type == "file":
            if one.name not in filled and waiting:
                filled[one.name] = str(waiting.pop(0))
            if str(filled.get(one.name, "")) in {str(number) for number in brought}:
                of_fields[int(filled[one.name])] = one
    return filled, of_fields


def _takes_text(field: Field | None) -> bool:
    return field is not None and field.type in ("text", "longtext", "datetime")


def _mail(message: bytes) -> EmailMessage:
    if len(message) > MAIL_LIMIT:
        raise MailTooLarge(
            _("The e-mail is larger than the %(limit)s MB that are taken in.")
            % {"limit": MAIL_LIMIT // 1_000_000}
        )
    mail = BytesParser(policy=policy.default).parsebytes(message)
    if not isinstance(mail, EmailMessage) or not (mail["From"] or mail["Subject"] or mail["Message-ID"]):
        raise UnreadableMail(_("This is no e-mail: it has neither a sender nor a subject."))
    return mail


def _attachments(mail: EmailMessage) -> Iterator[Paper]:
    """What was attached, up to `MOST_ATTACHMENTS`; a message within the message as it is."""
    for number, part in enumerate(mail.iter_attachments(), start=1):
        if number > MOST_ATTACHMENTS:
            raise MailTooLarge(
                _("The e-mail has more than %(most)s attachments; nothing was taken in.")
                % {"most": MOST_ATTACHMENTS}
            )
        content = part.get_content()
        if isinstance(content, EmailMessage):
            content = content.as_bytes()
        data = content.encode() if isinstance(content, str) else bytes(content)
        name = part.get_filename() or f"attachment-{number}"
        yield Paper(name=name, content=data, declared=part.get_content_type())


def _sent_at(mail: EmailMessage) -> str:
    try:
        sent = parsedate_to_datetime(str(mail["Date"]))
    except (TypeError, ValueError):
        return ""
    return (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
