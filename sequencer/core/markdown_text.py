"""The text part: what a person would have typed, without the marks of Markdown."""

from markdown_it.tree import SyntaxTreeNode

_RULE = "-" * 24


def text_of(node: SyntaxTreeNode) -> str:
    """Plain text of a Markdown tree, ending with one line break; opaque words stay as they are."""
    return _blocks(node.children) + "\n"


def _blocks(nodes: list[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return _indented(_blocks(node.children), "> ", "> ")
        case "fence":
            return node.content.rstrip("\n")
        case "hr":
            return _RULE
        case "table":
            rows = [row for part in node.children for row in part.children]
            return "\n".join(" | ".join(_inline(cell).strip() for cell in row.children) for row in rows)
        case _:
            return "\n".join(line.strip(" \t") for line in _inline(node).split("\n"))


def _list(node: SyntaxTreeNode) -> str:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    is_tight = all(
        child.hidden for item in node.children for child in item.children if child.type == "paragraph"
    )
    items: list[str] = []
    for item in node.children:
        mark = "- " if number is None else f"{number}. "
        items.append(_indented(_blocks(item.children, "\n" if is_tight else "\n\n"), mark, " " * len(mark)))
        number = None if number is None else number + 1
    return ("\n" if is_tight else "\n\n").join(items)


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    marked = [first + lines[0], *((rest + line).rstrip() for line in lines[1:])]
    return "\n".join(marked)


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "link":
        return _link(node)
    if node.children:
        return "".join(_inline(child) for child in node.children)
    return node.content if node.type in ("text", "code_inline", "text_special") else ""


def _link(node: SyntaxTreeNode) -> str:
    """`text (target)`, or one of them where the other says no more."""
    text = "".join(_inline(child) for child in node.children)
    target = str(node.attrs["href"])
    scheme, _, rest = target.partition(":")
    is_web = scheme.lower() not in ("mailto", "tel")
    written = str(node.meta["written"])
    if text in (written, written.partition(":")[2]):
        return target if is_web else text
    if text == written.partition("://")[2]:
        return target
    return f"{text} ({target if is_web else rest})"
