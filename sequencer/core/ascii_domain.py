"""A domain in any script as DNS and SMTP take it."""


def ascii_domain(domain: str) -> str:
    """The domain in ASCII (IDNA 2008 with UTS 46 mapping); ValueError says what is wrong with it."""
    # Not at the top: its tables are most of a megabyte, and nearly every domain is ASCII already.
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError as error:  # an IDNAError is one
        raise ValueError(str(error)) from None
