"""The pages of second eyes."""
