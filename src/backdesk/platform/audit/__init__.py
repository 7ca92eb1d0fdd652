"""The audit trail: written with every deed, chained by object, sealed in a tree, provable to outsiders.

An operation calls `record` inside its own transaction::

    audit.record(actor=actor, now=now, verb="team renamed", subject=team, before={"name": old}, after={"name": new})

Whatever is personal (names, addresses, comments) belongs in `before` and `after`, from which `erase` can take it
without breaking a proof; never in the verb or in a field's name. docs/audit.md says how all of it is proven.
"""

from backdesk.platform.audit.directory import register_directory
from backdesk.platform.audit.erasing import erase
from backdesk.platform.audit.recording import Change, record, record_many
from backdesk.platform.audit.sealing import seal

__all__ = ["Change", "erase", "record", "record_many", "register_directory", "seal"]
