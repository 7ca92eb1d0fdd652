"""Reads of planning; each begins at what the actor may see."""
