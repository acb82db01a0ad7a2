"""Strips of a shown page, cut where a line was read."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image

from claims.document_tables import DocumentPage
from core.blobs import Blobs
from web.views.claims import crop_box


def strip(blobs: Blobs, page: DocumentPage, box: Mapping[str, float]) -> bytes:
    """The part of a page inside a line's box, as JPEG."""
    with Image.open(io.BytesIO(blobs.get(page.image_sha256))) as image:
        cut = image.convert("RGB").crop(crop_box(page, box))
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=82)
    return out.getvalue()
