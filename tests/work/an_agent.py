"""Agents at work as a process of their own: `python -m tests.work.an_agent DATABASE SOCKET_DIRECTORY AGENT COMPANY`.

Takes and completes what there is until nothing is left, and prints what it was told is done. A database that goes away
is asked again.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(NAME=sys.argv[1], HOST=sys.argv[2])
    # The server of the tests does not wait for the disk; what is acknowledged here must outlive its processes.
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=on"
    django.setup()
    from django.db import DatabaseError, InterfaceError, connection

    from backdesk.platform.actor import Actor

    agent = Actor(
        person_id=int(sys.argv[3]),
        organisation_id=int(sys.argv[4]),
        roles=frozenset({"agent"}),
        interface="api",
    )
    while True:
        try:
            if not go_on(agent):
                return
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.05)


def go_on(agent: object) -> bool:
    from backdesk.work.operations import steps
    from tests.work.services import ENTERED

    step = steps.take_next(actor=agent, now=datetime.now(UTC))  # type: ignore[arg-type]
    if step is None:
        return False
    done = steps.complete(
        actor=agent,  # type: ignore[arg-type]
        now=datetime.now(UTC),
        step_id=step.pk,
        claim=step.claim,
        values=ENTERED,
    )
    sys.stdout.write(f"done {done.item.pk}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    main()
