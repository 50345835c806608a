"""Every fault a mail server can show, driven end to end, and what must come of it."""
