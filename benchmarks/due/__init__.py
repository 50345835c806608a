"""What a tick, `plan` and the daily commands cost beside a few or millions of finished enrollments."""
