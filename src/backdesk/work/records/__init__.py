"""The record of the work as columns: read from the database over ADBC, kept by month in files that never change.

`tables` says what is recorded, `fetching` reads it, `keeping` writes and reads the files.
"""
