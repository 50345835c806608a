"""The HTML part's body: one column, styles inline, nothing to download."""

import html
from collections.abc import Mapping

from markdown_it.tree import SyntaxTreeNode

_BLOCKS: Mapping[str, tuple[str, str]] = {
    "paragraph": ("p", "margin:0 0 14px"),
    "heading": ("p", "margin:0 0 14px;font-weight:bold"),
    "bullet_list": ("ul", "margin:0 0 14px;padding:0 0 0 22px"),
    "ordered_list": ("ol", "margin:0 0 14px;padding:0 0 0 26px"),
    "list_item": ("li", "margin:0 0 4px"),
    "blockquote": ("blockquote", "margin:0 0 14px;padding:0 0 0 12px;border-left:3px solid #cccccc"),
    "table": ("table", "margin:0 0 14px;border-collapse:collapse"),
    "thead": ("thead", ""),
    "tbody": ("tbody", ""),
    "tr": ("tr", ""),
    "th": ("th", "padding:4px 8px;border:1px solid #cccccc;text-align:left"),
    "td": ("td", "padding:4px 8px;border:1px solid #cccccc"),
}
SMALL_PRINT = "font-size:13px;color:#6b6b6b"
"""For the paragraph with the sender's address: set back, and dark enough to be read (5.3:1 on white)."""
_INLINE: Mapping[str, str] = {"strong": "strong", "em": "em", "s": "s"}


def html_of(node: SyntaxTreeNode) -> str:
    """HTML of a Markdown tree; opaque words stay as they are."""
    kind = node.type
    if kind in ("root", "inline") or (kind == "paragraph" and node.hidden):
        return "".join(html_of(child) for child in node.children)
    if kind in _BLOCKS:
        return _block(node, *_BLOCKS[kind])
    if kind in _INLINE:
        tag = _INLINE[kind]
        return f"<{tag}>{_inside(node)}</{tag}>"
    if kind == "link":
        href = html.escape(str(node.attrs["href"]))
        return f'<a href="{href}" style="color:#1a5fb4">{_inside(node)}</a>'
    if kind in ("softbreak", "hardbreak"):
        return "<br>\n"
    if kind == "code_inline":
        return f"<code>{html.escape(node.content)}</code>"
    if kind == "fence":
        return f'<pre style="margin:0 0 14px;white-space:pre-wrap">{html.escape(node.content)}</pre>\n'
    if kind == "hr":
        return '<hr style="margin:0 0 14px;border:0;border-top:1px solid #cccccc">\n'
    return html.escape(node.content)


def _inside(node: SyntaxTreeNode) -> str:
    return "".join(html_of(child) for child in node.children)


def _block(node: SyntaxTreeNode, tag: str, style: str) -> str:
    own = str(node.attrs.get("style", ""))  # a table cell's alignment, or small print
    style = ";".join(part for part in (style, own) if part)
    start = node.attrs.get("start")
    attributes = f' start="{start}"' if tag == "ol" and start is not None else ""
    attributes += f' style="{style}"' if style else ""
    return f"<{tag}{attributes}>{_inside(node)}</{tag}>\n"
