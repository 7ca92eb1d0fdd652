"""`backdesk mail`: answers to e-mails, handed over by the mail server of this machine."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from backdesk.cli import starting
from backdesk.cli.starting import err, out, told_plainly

app = starting.commands(
    "Take in answers to e-mails. docs/conversations.md says how a mail server hands them over."
)

#: Of sysexits.h, by which a mail server knows whether to bounce a mail.
_DATA_ERROR = 65


@app.callback()
def _group() -> None:
    """So that `receive` is named although it is the only command."""


@app.command()
@told_plainly
def receive() -> None:
    """Post one mail, read raw from standard input, in the conversation it answers to."""
    data = sys.stdin.buffer.read()
    with starting.settings_and_database():
        import django

        django.setup()
        from backdesk.conversations.mail import Ignored
        from backdesk.conversations.operations import receive_mail
        from backdesk.platform.errors import Refused

        try:
            message = receive_mail(now=datetime.now(UTC), data=data, interface="cli")
        except Ignored as ignored:
            out.print(str(ignored), markup=False)
        except Refused as refused:
            err.print(str(refused), markup=False)
            sys.exit(_DATA_ERROR)
        else:
            out.print(f"Posted as message {message.pk}.")
