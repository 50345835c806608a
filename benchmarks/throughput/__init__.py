"""How fast the whole product sends, beside smtp-source, nodemailer, mailmerge and the standard library."""
