"""Chaos: the real daemon is killed hundreds of times, and a server's own ledger judges what it did."""
