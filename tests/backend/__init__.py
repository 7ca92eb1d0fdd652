"""The product's database backend, and tables that can be emptied between transactional tests."""
