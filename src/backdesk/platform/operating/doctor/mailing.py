"""Mail leaves the house."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core import mail

from backdesk.platform.operating.doctor.checks import Circumstances, Finding, broken, check, ok, warning

_SMTP = "smtp.EmailBackend"


@check("mail", "Mail can be sent", asks_database=False)
def mail_leaves(about: Circumstances) -> Finding:
    if not settings.EMAIL_BACKEND.endswith(_SMTP):
        return warning(
            "No mail server is named: mail is kept as files here, and reaches nobody.",
            "Set BACKDESK_MAIL_URL; docs/settings.md says how.",
        )
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with mail.get_connection(timeout=10) as connection:
            if about.send_mail_to:
                mail.send_mail(
                    "Backdesk can send mail",
                    "This message was asked for by the command backdesk doctor.",
                    None,
                    [about.send_mail_to],
                    connection=connection,
                )
    except (SMTPException, OSError) as error:
        return broken(
            f"The mail server {server} does not take mail: {error}", "Mend the mail settings or the server."
        )
    return ok(f"{server} took a message" if about.send_mail_to else f"{server} answers")
