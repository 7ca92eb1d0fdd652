"""Discovery: a sound, block-structured model of a log, with a threshold for noise.

>>> from backdesk.evidence.process._example import three_cases
>>> tree = discover(three_cases(), noise=0)
>>> print(tree)
->( 'Receive', X( ->( *( 'Check', tau ), 'Pay' ), tau ) )
>>> len(as_model(tree, name="Payments").of_kind("user"))
3
"""

from backdesk.evidence.process.discovery.finding import Discovered, discovered
from backdesk.evidence.process.discovery.language import Replay, fitting, share_fitting
from backdesk.evidence.process.discovery.mining import (
    MOST_ACTIVITIES,
    NothingToDiscover,
    TooManyActivities,
    discover,
    discover_variants,
)
from backdesk.evidence.process.discovery.models import NothingToDo, as_model
from backdesk.evidence.process.discovery.trees import (
    SIGNS,
    TAU,
    NoTree,
    Operator,
    ProcessTree,
    activity,
    exclusive,
    loop,
    parallel,
    parse,
    sequence,
)
from backdesk.evidence.process.discovery.variants import Variants, counted, variants_of

__all__ = [
    "MOST_ACTIVITIES",
    "SIGNS",
    "TAU",
    "Discovered",
    "NoTree",
    "NothingToDiscover",
    "NothingToDo",
    "Operator",
    "ProcessTree",
    "Replay",
    "TooManyActivities",
    "Variants",
    "activity",
    "as_model",
    "counted",
    "discover",
    "discover_variants",
    "discovered",
    "exclusive",
    "fitting",
    "loop",
    "parallel",
    "parse",
    "sequence",
    "share_fitting",
    "variants_of",
]
