"""How well incoming mail is read, over a labelled folder, beside what libraries reach."""
