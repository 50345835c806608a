"""The command line: a file per noun; each command parses, calls one flow, and prints."""
