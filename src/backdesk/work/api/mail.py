"""E-mails as items, passed on by whatever takes in the mail of an address."""

from typing import Any

from backdesk.platform.api import Call, Id
from backdesk.work.api.area import work
from backdesk.work.api.faults import told_by_field
from backdesk.work.api.shapes import ItemOut, item_told
from backdesk.work.models import Service
from backdesk.work.operations.intake import receive_mail


@work.receive("/work/services/{pk}/mails", ItemOut, media_type="message/rfc822")
def drop_mail(call: Call, pk: Id) -> Any:
    """Make an item of an e-mail: the raw message (RFC 5322), as it came, attachments as its documents.

    What the service's input calls `subject`, `sender`, `text`, `sent_at` or `name` is filled with it. The same message
    twice gives the same item, by its Message-ID.
    """
    with told_by_field():
        item = receive_mail(actor=call.actor, now=call.now, service=Service(pk=pk), message=call.request.body)
    return item_told(call.actor, item)
