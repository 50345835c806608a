"""Writes the small PDF files that stand in for a firm's catalogue until it puts its own there."""

SAMPLES = {
    "catalogue.pdf": "Catalogue",
    "certificates.pdf": "Certificates and audit report",
    "data-sheet.pdf": "Data sheet",
    "price-list.pdf": "Price list",
}
"""File under assets/ → its title."""


def sample_pdf(title: str) -> bytes:
    """A one-page A4 document (PDF 1.4) that says it is a sample; equal titles give equal bytes."""
    lines = [
        (22, 760, title),
        (11, 730, "This page is a sample. Put your own file in its place, under assets/."),
    ]
    drawn = "\n".join(f"BT /F1 {size} Tf 56 {height} Td ({text}) Tj ET" for size, height, text in lines)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    return _assembled(objects)


def _assembled(objects: list[str]) -> bytes:
    """The objects with the cross-reference table that names their byte offsets (PDF 1.4, section 3.4)."""
    body = "%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")
