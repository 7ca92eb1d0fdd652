"""The process map: which activities and paths of a log to show, and what each of them carries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf
from typing import Literal

import polars as pl

from backdesk.evidence.process import _connect, _project
from backdesk.evidence.process.flows import causal_edges, end_activities

Statistic = Literal["median", "mean", "p90"]


class NothingToMap(ValueError):
    """No step is left to show: the log, or what the filter keeps of it, is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An activity on the map.

    >>> Node(activity="Pay", steps=4, cases=3, position=0.0).touch_seconds is None
    True
    """

    activity: str
    steps: int
    cases: int
    position: float
    """Mean rank of its first occurrence in a case: where in the process it usually comes."""
    function: str | None = None
    touch_seconds: float | None = None
    """Median touch time in working seconds; None where there is none."""
    touch_estimated: bool = False
    """More than half of its starts are estimated."""
    last_steps: int = 0
    """How many of its steps nothing followed from: the last of a case, or of a branch beside others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A path from an activity to the next; `source` is None where cases begin, `target` where they end.

    >>> Edge(source=None, target="Pay", count=3, cases=3).key
    (None, 'Pay')
    """

    source: str | None
    target: str | None
    count: int
    cases: int
    waiting_seconds: float | None = None
    """Waiting of the target step, in elapsed or working seconds: the median, mean or p90, as the map says."""

    @property
    def key(self) -> tuple[str | None, str | None]:
        """The two ends, which name the edge within its map."""
        return self.source, self.target

    @property
    def is_loop(self) -> bool:
        """Whether the activity follows itself."""
        return self.source == self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMap:
    """What is shown of a process, and how much of it that is.

    >>> from backdesk.evidence.process._example import three_cases
    >>> process_map(three_cases()).main_path
    ('Receive', 'Check', 'Pay')
    """

    nodes: tuple[Node, ...]
    """Shown activities, in the order in which they usually come."""
    edges: tuple[Edge, ...]
    """Shown paths between them, the most frequent first."""
    starts: tuple[Edge, ...]
    ends: tuple[Edge, ...]
    every_edge: tuple[Edge, ...]
    """All paths between shown activities, also those not shown: what crossings are counted on."""
    main_path: tuple[str, ...]
    """The most frequent chain from the most frequent start."""
    cases: int
    activities_left_out: int
    waiting: Literal["elapsed", "working"]
    statistic: Statistic = "median"
    """What `waiting_seconds` is of the waits along a path."""

    @property
    def paths_left_out(self) -> int:
        """How many paths between shown activities are not shown."""
        return len(self.every_edge) - len(self.edges)

    @property
    def shown_share(self) -> float:
        """Share of all moves between shown activities that goes along the shown paths, 0 to 1."""
        total = sum(edge.count for edge in self.every_edge)
        return sum(edge.count for edge in self.edges) / total if total else 1.0


def process_map(
    measured: pl.DataFrame,
    *,
    activities_share: float = 1.0,
    paths_share: float = 0.2,
    only_functions: Collection[str] | None = None,
    waiting: Literal["elapsed", "working"] = "elapsed",
    statistic: Statistic = "median",
) -> ProcessMap:
    """Choose the activities and paths to show of a log.

    The paths are the causal ones (`causal_edges`). Where activities are left out, the paths through them are
    bridged. Whatever the shares, every shown activity keeps its most frequent way in and way out, and stays
    on a way from a start to an end of cases where the log has one.

    Args:
        measured: steps as `measure_steps` gives them.
        activities_share: share of the activities to show, the most frequent first, 0 to 1; at least one.
        paths_share: share of the paths to show, the most frequent first, 0 to 1.
        only_functions: show the activities of these functions alone.
        waiting: whether waiting is counted in elapsed or in working time.
        statistic: what is told of the waits along a path: median, mean or 90th percentile.

    Raises:
        ValueError: a share lies outside 0 to 1.
        NotMeasured: (of measures) the steps are not of `measure_steps`.
        NothingToMap: no step is left.

    Source: Günther and van der Aalst, Fuzzy Mining (BPM 2007): filtering by frequency, connectivity kept.

    >>> from backdesk.evidence.process._example import three_cases
    >>> shown = process_map(three_cases(), paths_share=0)
    >>> [(edge.source, edge.target, edge.count) for edge in shown.edges]
    [('Check', 'Pay', 2), ('Receive', 'Check', 2)]
    >>> shown.paths_left_out, shown.shown_share
    (1, 0.8)
    """
    for name, share in (("activities_share", activities_share), ("paths_share", paths_share)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is {share}: it must lie between 0 and 1")
    steps = _project.in_order(measured)
    kept = _kept_activities(steps, activities_share, only_functions)
    if not kept:
        raise NothingToMap("No steps to draw: the log, or what the filter keeps of it, is empty.")
    shown = _project.onto(steps, kept)
    edges = _edges(causal_edges(shown, waiting=waiting), statistic)
    ends = end_activities(shown).rows()
    whole = ProcessMap(
        nodes=_nodes(shown),
        edges=edges,
        starts=_starts(shown),
        ends=tuple(Edge(source=name, target=None, count=n, cases=n) for name, n in ends),
        every_edge=edges,
        main_path=(),
        cases=shown["case"].n_unique(),
        activities_left_out=steps["activity"].n_unique() - len(kept),
        waiting=waiting,
        statistic=statistic,
    )
    return thin(whole, paths=ceil(len(edges) * paths_share))


def thin(whole: ProcessMap, *, paths: int) -> ProcessMap:
    """Keep the `paths` most frequent paths of a map, and those that hold its activities together.

    >>> from backdesk.evidence.process._example import three_cases
    >>> len(thin(process_map(three_cases(), paths_share=1), paths=0).edges)
    2
    """
    held = _connect.backbone(whole.nodes, whole.every_edge, whole.starts, whole.ends)
    least = _least_count(whole.every_edge, paths)

    frequent = frozenset(edge.key for edge in whole.every_edge[:paths])
    edges = tuple(edge for edge in whole.every_edge if edge.key in frequent | held)
    starts = tuple(edge for edge in whole.starts if edge.count >= least or edge.key in held)
    ends = tuple(edge for edge in whole.ends if edge.count >= least or edge.key in held)
    return replace(
        whole, edges=edges, starts=starts, ends=ends, main_path=_connect.main_path(edges, starts, ends)
    )


def without_activities(whole: ProcessMap, *, keep: int) -> ProcessMap:
    """Show only the `keep` most frequent activities of a map, without bridging what goes through the others.

    For maps too large to draw; `process_map(activities_share=…)` bridges.

    >>> from backdesk.evidence.process._example import three_cases
    >>> [node.activity for node in without_activities(process_map(three_cases()), keep=2).nodes]
    ['Receive', 'Check']
    """
    ranked = sorted(whole.nodes, key=lambda node: (-node.steps, node.activity))[:keep]
    names = {node.activity for node in ranked} | {None}

    def inside(edges: Iterable[Edge]) -> tuple[Edge, ...]:
        return tuple(edge for edge in edges if edge.source in names and edge.target in names)

    return replace(
        whole,
        nodes=tuple(node for node in whole.nodes if node.activity in names),
        edges=inside(whole.edges),
        starts=inside(whole.starts),
        ends=inside(whole.ends),
        every_edge=inside(whole.every_edge),
        activities_left_out=whole.activities_left_out + len(whole.nodes) - len(ranked),
    )


def crossings(shown: ProcessMap, *, inside: Collection[str]) -> int:
    """Count the moves between an activity of `inside` and one outside, also along paths that are not shown.

    >>> from backdesk.evidence.process._example import three_cases
    >>> crossings(process_map(three_cases()), inside={"Check"})
    4
    """
    within = frozenset(inside)
    return sum(edge.count for edge in shown.every_edge if (edge.source in within) != (edge.target in within))


def _least_count(edges: Sequence[Edge], paths: int) -> float:
    """Count that a start or end must have to be shown beside the `paths` most frequent edges."""
    if paths >= len(edges):
        return 0
    return edges[paths - 1].count if paths else inf


def _kept_activities(
    steps: pl.DataFrame, share: float, only_functions: Collection[str] | None
) -> frozenset[str]:
    if only_functions is not None:
        steps = steps.filter(pl.col("function").cast(pl.String).is_in(list(only_functions)))
    ranked = steps.group_by("activity").len().sort("len", "activity", descending=[True, False])["activity"]
    return frozenset(ranked.head(max(1, ceil(share * len(ranked)))).to_list())


def _nodes(shown: pl.DataFrame) -> tuple[Node, ...]:
    position = pl.col("rank").min().over("case", "activity")
    rows = (
        shown.with_columns(first_rank=position)
        .group_by("activity")
        .agg(
            steps=pl.len(),
            cases=pl.col("case").n_unique(),
            position=pl.col("first_rank").filter(pl.col("first_rank") == pl.col("rank")).mean(),
            function=pl.col("function").drop_nulls().first(),
            touch_seconds=pl.col("touch_working_s").median(),
            touch_estimated=pl.col("start_estimated").mean() > 0.5,
            last_steps=pl.col("is_last").sum(),
        )
        .sort("position", "activity")
    )
    return tuple(Node(**row) for row in rows.to_dicts())


def _edges(counted: pl.DataFrame, statistic: Statistic) -> tuple[Edge, ...]:
    columns = counted.select(
        "source", "target", "count", "cases", waiting_seconds=pl.col(f"{statistic}_seconds")
    )
    return tuple(Edge(**row) for row in columns.to_dicts())


def _starts(shown: pl.DataFrame) -> tuple[Edge, ...]:
    """Steps without a predecessor: a case with parallel first steps counts in each of them."""
    counted = (
        shown.filter(pl.col("follows").is_null())
        .group_by("activity")
        .agg(count=pl.len(), cases=pl.col("case").n_unique())
        .sort("count", "activity", descending=[True, False])
    )
    return tuple(Edge(source=None, target=name, count=n, cases=cases) for name, n, cases in counted.rows())
