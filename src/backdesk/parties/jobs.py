"""Background work of parties."""

from datetime import datetime

from backdesk.parties.mails import send_invitation, send_proposal
from backdesk.parties.operations.engagements import SEND_PROPOSAL, renew_proposal_secret
from backdesk.parties.operations.invitations import SEND, note_sent, renew_secret
from backdesk.parties.operations.lockout import forget_old_failures
from backdesk.parties.operations.sessions import forget_ended_sessions
from backdesk.platform.jobs import JobFailed, JobRun, handler
from backdesk.platform.jobs.schedule import periodic


@handler(SEND)
def send(run: JobRun) -> None:
    """A second run sends a second mail, of which only the latest link works."""
    renewed = renew_secret(actor=run.actor, now=run.now(), invitation_id=run.arguments["invitation"])
    if renewed is None:
        return
    invitation, secret = renewed
    try:
        send_invitation(invitation=invitation, secret=secret)
    except OSError as error:
        raise JobFailed(
            f"The mail server did not take the invitation ({error}). Send it again later."
        ) from error
    note_sent(actor=run.actor, now=run.now(), invitation=invitation)


@handler(SEND_PROPOSAL)
def send_proposed(run: JobRun) -> None:
    """As with invitations, only the latest link works."""
    renewed = renew_proposal_secret(actor=run.actor, now=run.now(), engagement_id=run.arguments["engagement"])
    if renewed is None:
        return
    engagement, secret = renewed
    try:
        send_proposal(engagement=engagement, secret=secret)
    except OSError as error:
        raise JobFailed(
            f"The mail server did not take the proposal ({error}). Send it again later."
        ) from error


@periodic(cron="41 3 * * *")
def forget_what_is_over(now: datetime) -> None:
    forget_old_failures(now=now)
    forget_ended_sessions()
