"""Reading a mail as it comes in (RFC 5322): who sent it, where to, and what they wrote themselves."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from hashlib import sha256
from typing import Final

from backdesk.conversations.mail.addresses import Asked, read_address
from backdesk.conversations.mail.quoting import own_words, words_of_html
from backdesk.platform.errors import Refused

LARGEST: Final = 2_000_000
"""Bytes of a mail with all that is attached to it, which is not taken in."""
MOST_RECIPIENTS: Final = 50

_RECIPIENT_HEADERS: Final = ("Delivered-To", "X-Original-To", "To", "Cc")
#: What mailing lists, holiday notices and other programs put in the mails they send.
_OF_PROGRAMS: Final = (
    "List-Id",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "X-Loop",
    "X-Failed-Recipients",
)


class UnreadableMail(Refused):
    """What came in is no mail, or says nothing, or is too large."""


class Ignored(Refused):
    """A mail that no person wrote: an answering machine's, a bounce, one of our own come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`id` is the same whenever the same mail comes in."""

    asked: Asked
    sender: str
    text: str
    id: str


def read_mail(data: bytes) -> Reply:
    """Raises `Ignored` for what no person wrote, `UnreadableMail` for what cannot be an answer."""
    if len(data) > LARGEST:
        raise UnreadableMail(
            f"The mail has {len(data):,} bytes, {LARGEST:,} are taken; send it without attachments."
        )
    message = _parsed(data)
    _require_a_person(message)
    asked = _asked(message)
    text = own_words(text_of(message))
    if not text:
        raise UnreadableMail("The mail says nothing beside what it quotes; write above the quoted text.")
    return Reply(asked=asked, sender=_sender(message), text=text, id=_id(message, data))


def _parsed(data: bytes) -> EmailMessage:
    try:
        message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.default)
        if "From" not in message:
            raise UnreadableMail(
                "This is no mail: it has no header From. Hand over the raw message (RFC 5322)."
            )
    except (MessageError, ValueError, LookupError, IndexError, AttributeError) as error:
        # The parser of the standard library stumbles over some broken headers in these ways.
        raise UnreadableMail(f"The headers of this mail cannot be read ({type(error).__name__}).") from error
    return message


def _require_a_person(message: EmailMessage) -> None:
    if reason := _why_not_a_person(message):
        raise Ignored(f"No person wrote this mail: {reason}. It was not taken in.")


def _why_not_a_person(message: EmailMessage) -> str:
    automatic = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if automatic not in {"", "no"}:
        return f"Auto-Submitted is {automatic}"
    if _header(message, "Return-Path") == "<>":
        return "its Return-Path is empty, as of a bounce"
    if _header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return f"Precedence is {_header(message, 'Precedence').lower()}"
    if message.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return "it is a delivery report"
    local = _sender(message).partition("@")[0]
    if local in {"mailer-daemon", "postmaster"} or read_address(_sender(message)) is not None:
        return f"it comes from {local}"
    return next((f"it has the header {name}" for name in _OF_PROGRAMS if name in message), "")


def _asked(message: EmailMessage) -> Asked:
    written = [value for name in _RECIPIENT_HEADERS for value in map(str, message.get_all(name, failobj=[]))]
    addresses = [address for _, address in getaddresses(written)][:MOST_RECIPIENTS]
    found = next((asked for address in addresses if (asked := read_address(address))), None)
    if found is None:
        raise UnreadableMail(
            "None of its recipients is an address of ours to answer to; answer to the one in Reply-To as it is."
        )
    return found


def text_of(message: EmailMessage) -> str:
    """What was written, as plain text; empty where there is nothing but attachments."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())
    except (LookupError, UnicodeError, MessageError):  # a character set nobody knows
        payload = body.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return words_of_html(content) if body.get_content_type() == "text/html" else content


def _sender(message: EmailMessage) -> str:
    return parseaddr(_header(message, "From"))[1].lower()


def _id(message: EmailMessage, data: bytes) -> str:
    return sha256(_header(message, "Message-ID").encode() or data).hexdigest()


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, "")).strip()
