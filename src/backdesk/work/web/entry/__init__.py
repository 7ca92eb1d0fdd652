"""The form of a task, made from the fields of its service's schema; and the same fields to be read."""
