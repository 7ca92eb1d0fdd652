"""Which steps a system did and no person, by the name they stand under."""

from __future__ import annotations

from typing import Final

import polars as pl

AS_NAMED: Final = "as_named"
"""The column, where there is one, of the name a step stood under before what is no one person's was taken out."""
_SYSTEM: Final = (
    r"(?i)(^|[\W_\d])(system|sys|auto|automatic|automat|automation|bot|robot|rpa|batch|machine|daemon|"
    r"scheduler|cron|script|service[ _-]?account|interface)($|[\W_\d])"
)


def named_as_system(names: pl.Expr) -> pl.Expr:
    """Say which names are those of systems: they hold a word such as system, batch or bot.

    >>> table = pl.DataFrame({"name": ["RPA-7", "Abbot", "batch_user", None]})
    >>> table.select(named_as_system(pl.col("name"))).to_series().to_list()
    [True, False, True, None]
    """
    return names.cast(pl.String).str.contains(_SYSTEM)


def by_system(steps: pl.DataFrame) -> pl.Expr:
    """Return `by_system`: whether a system did the step; null where no name tells.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> two_orders().steps.select(by_system(two_orders().steps)).to_series().any()
    False
    """
    column = AS_NAMED if AS_NAMED in steps.columns else "resource"
    names = pl.DataFrame({"name": steps[column].unique().cast(pl.String)})  # few, where steps are many
    systems = names.filter(named_as_system(pl.col("name")))["name"]
    name = pl.col(column)
    found = name.cast(pl.String).is_in(systems.to_list()) if len(systems) else pl.lit(value=False)
    return pl.when(name.is_not_null()).then(found).alias("by_system")
