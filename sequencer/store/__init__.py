"""The only SQL: one function per question; takes and returns core values."""
