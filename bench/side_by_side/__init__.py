"""The evidence floor beside the best-known libraries: the same questions, the answers held equal, one run."""
