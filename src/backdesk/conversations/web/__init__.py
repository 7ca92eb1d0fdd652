"""Conversations on pages: `panel` puts one beside anything."""
