"""The metronome: mailbox ticks on time, one process per workspace, a clean stop."""
