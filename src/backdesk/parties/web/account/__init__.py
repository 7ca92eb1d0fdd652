"""Signing in, and what is one's own: profile, security, sessions, tokens."""
