"""What the application's role in the database may not do, so that a mistake of ours cannot do it either."""
