"""The only network: SMTP out, IMAP in."""
