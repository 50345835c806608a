"""Outbound mail groups that never send twice and stop when the buyer answers."""

__version__ = "0.1.0.dev0"
