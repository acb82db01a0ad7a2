"""Writes PDF files object by object, so that they can lie wherever we want them to."""

from __future__ import annotations

from collections.abc import Sequence


def stream(data: bytes, head: str = "") -> bytes:
    """The body of a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head.encode(), len(data), data)


def raw_pdf(
    *,
    content: bytes = b"",
    content_head: str = "",
    resources: str = "",
    extra: Sequence[bytes] = (),
    box: tuple[float, float] = (595, 842),
    page_extra: str = "",
    catalog_extra: str = "",
    kids: str = "3 0 R",
    count: int = 1,
    prev: str = "",
) -> bytes:
    """A PDF of one page: 1 catalog, 2 page tree, 3 page, 4 content, from 5 on `extra`."""
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box[0]} {box[1]}]/Contents 4 0 R"
        f"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>{resources}>>"
        f"{page_extra}>>"
    )
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog_extra}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        page.encode(),
        stream(content, content_head),
        *extra,
    ]
    return assembled(objects, prev=prev)


def assembled(objects: Sequence[bytes], *, prev: str = "") -> bytes:
    """Objects numbered from 1, with a cross-reference table and a trailer."""
    body = bytearray(b"%PDF-1.7\n")
    places = []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{prev}>>\n"
    body += trailer.encode().replace(b"@START@", b"%d" % start)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)
