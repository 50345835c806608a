"""Everyone who sends the same letter: each module has a NAME and a `send(job)`, and may raise Absent."""
