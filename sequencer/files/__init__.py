"""Reads what users write (TOML, YAML, templates, CSV, XLSX) into core values."""
