"""PostgreSQL as Django speaks to it, with every transaction in the scope of the work it is part of."""
