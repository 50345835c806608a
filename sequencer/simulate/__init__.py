"""What would happen: the daemon's own flows on a copy of the workspace in memory, with invented answers."""
