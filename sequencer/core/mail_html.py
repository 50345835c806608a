"""The HTML part's page: single column, readable at 360 pixels, nothing loaded from anywhere."""

import html

from sequencer.core.languages import direction

_PREHEADER = "display:none;max-height:0;overflow:hidden;mso-hide:all"
"""Hidden, and no more: a font of one pixel besides is what spam filters look for."""
_COLUMN = (
    "max-width:600px;padding:12px;font-family:Arial,Helvetica,sans-serif;font-size:15px;"
    "line-height:1.5;color:#222222;overflow-wrap:break-word;word-wrap:break-word"
)


def page(body: str, *, language: str, preheader: str | None) -> str:
    """A whole HTML document around the finished `body`; `preheader` is plain text for the inbox list."""
    hidden = f'<span style="{_PREHEADER}">{html.escape(preheader)}</span>\n' if preheader else ""
    attributes = f'lang="{html.escape(language)}" dir="{direction(language)}"'
    return (
        f"<!DOCTYPE html>\n<html {attributes}>\n<head>\n"
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'</head>\n<body style="margin:0;padding:0">\n{hidden}<div style="{_COLUMN}">\n{body}</div>\n'
        "</body>\n</html>\n"
    )
