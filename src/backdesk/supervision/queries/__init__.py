"""Reads of supervision: figures of services, from the record of their work."""
