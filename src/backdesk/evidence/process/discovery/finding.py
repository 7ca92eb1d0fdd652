"""A model of a log with what there is to say of it: what pages and commands show."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from backdesk.evidence.process.bpmn import ProcessModel
from backdesk.evidence.process.discovery.language import fitting
from backdesk.evidence.process.discovery.mining import discover_variants
from backdesk.evidence.process.discovery.models import as_model
from backdesk.evidence.process.discovery.trees import ProcessTree
from backdesk.evidence.process.discovery.variants import variants_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A model of a log, as a tree and as a BPMN process."""

    tree: ProcessTree
    model: ProcessModel
    cases: int
    variants: int
    cases_fitting: int
    """Cases that the model allows just as they went."""
    left_out: tuple[str, ...]
    """Activities that are not in the model, being taken for noise."""

    @property
    def told(self) -> str:
        """Say in sentences how much of the log the model tells."""
        share = self.cases_fitting / self.cases
        told = f"{self.cases_fitting:,} of {self.cases:,} cases ({share:.1%}) went just as the model says."
        return f"{told} Left out as noise: {', '.join(self.left_out)}." if self.left_out else told


def discovered(steps: pl.DataFrame, *, noise: float = 0.2, name: str = "") -> Discovered:
    """Find a model of a log and say how much of the log it tells.

    Args:
        steps: as `discover` takes them.
        noise: as `discover` takes it.
        name: of the process.

    Raises:
        ValueError, NothingToDiscover, TooManyActivities: as `discover` does.

    >>> from backdesk.evidence.process._example import three_cases
    >>> found = discovered(three_cases(), noise=0.5, name="Payments")
    >>> print(found.tree, found.told)
    ->( 'Receive', *( 'Check', tau ), 'Pay' ) 2 of 3 cases (66.7%) went just as the model says.
    """
    variants = variants_of(steps)
    tree = discover_variants(variants, noise=noise)
    within = set(tree.activities())
    return Discovered(
        tree=tree,
        model=as_model(tree, id_="Discovered", name=name),
        cases=variants.cases,
        variants=variants.traces.counts.size,
        cases_fitting=int(variants.traces.counts[fitting(tree, variants=variants)].sum()),
        left_out=tuple(label for label in variants.names if label not in within),
    )
