"""Signing mailboxes in with their provider: OAuth 2.0 by device code or loopback redirect."""
