"""Answers by e-mail: the address that says where one belongs, and what of a mail was written for it."""

from backdesk.conversations.mail.addresses import Asked, address_for, read_address
from backdesk.conversations.mail.incoming import Ignored, Reply, UnreadableMail, read_mail

__all__ = ("Asked", "Ignored", "Reply", "UnreadableMail", "address_for", "read_address", "read_mail")
