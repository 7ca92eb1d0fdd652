"""The process as the log shows it: what follows what, and the map of it as a picture.

>>> from backdesk.evidence.process import draw, process_map
>>> from backdesk.evidence.process._example import three_cases
>>> draw(process_map(three_cases()), inside={"Check"}).count("pm-crossing")
2
"""

from typing import TYPE_CHECKING

from backdesk.evidence.lazily import lazily

if TYPE_CHECKING:
    from backdesk.evidence.process.drawing import draw, within
    from backdesk.evidence.process.flows import (
        STEP_ORDER,
        causal_edges,
        directly_follows,
        end_activities,
        start_activities,
    )
    from backdesk.evidence.process.layout import LayoutFailed, LayoutTookTooLong
    from backdesk.evidence.process.maps import (
        Edge,
        Node,
        NothingToMap,
        ProcessMap,
        Statistic,
        crossings,
        process_map,
        thin,
        without_activities,
    )
    from backdesk.evidence.process.selecting import Selection, UnknownColumn, select
    from backdesk.evidence.process.theme import INKS, Theme, ink
else:
    __getattr__ = lazily(__name__, __file__)

__all__ = [
    "INKS",
    "STEP_ORDER",
    "Edge",
    "LayoutFailed",
    "LayoutTookTooLong",
    "Node",
    "NothingToMap",
    "ProcessMap",
    "Selection",
    "Statistic",
    "Theme",
    "UnknownColumn",
    "causal_edges",
    "crossings",
    "directly_follows",
    "draw",
    "end_activities",
    "ink",
    "process_map",
    "select",
    "start_activities",
    "thin",
    "within",
    "without_activities",
]
