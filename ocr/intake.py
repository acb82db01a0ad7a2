"""Says what a file is by its own bytes, and turns a picture into pixels within limits."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ocr import limits
from ocr.reading import SourceFile, Unreadable, UnreadableReason

if TYPE_CHECKING:
    from PIL.Image import Image as Picture


class FileKind(StrEnum):
    """What we read; everything else is refused by name."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"
    XML = "xml"

    @property
    def picture(self) -> bool:
        return self not in (FileKind.PDF, FileKind.XML)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that is worth opening: what it is, its bytes, its name."""

    kind: FileKind
    data: bytes
    name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


# Brands of ISO 14496-12 files that hold an HEVC still picture; AVIF and video are not among them.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_HEIF_BRANDS = _HEIC_BRANDS | {b"mif1", b"msf1"}
_XML_START = re.compile(rb"<(\?xml|!--|!DOCTYPE|[A-Za-z_])")
_HTML_START = re.compile(rb"<(!doctype\s+html|html|head|body|script|svg)\b", re.IGNORECASE)
_BYTES = {FileKind.PDF: limits.PDF_BYTES, FileKind.XML: limits.XML_BYTES}


def sniff(data: bytes) -> FileKind:
    """The kind by magic bytes; neither name nor declared type is asked.

    Raises `Unreadable` with EMPTY or UNSUPPORTED_TYPE (its fact `looks_like` names what it is not).
    """
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable(UnreadableReason.EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data[4:8] == b"ftyp" and _is_heic(data):
        return FileKind.HEIC
    if (
        b"%PDF-" in data[:1024]
    ):  # Readers allow rubbish before the header, and mail gateways add it.
        return FileKind.PDF
    if _is_xml(data):
        return FileKind.XML
    raise Unreadable(UnreadableReason.UNSUPPORTED_TYPE, looks_like=_looks_like(data))


def accept(files: Sequence[SourceFile]) -> tuple[Accepted, ...]:
    """The files of one document, each sniffed and within its byte limit; parses nothing."""
    if not files:
        raise Unreadable(UnreadableReason.EMPTY)
    if len(files) > limits.FILES:
        raise Unreadable(UnreadableReason.TOO_MANY_PAGES, files=len(files), limit=limits.FILES)
    total = sum(len(file.data) for file in files)
    if total > limits.DOCUMENT_BYTES:
        raise Unreadable(
            UnreadableReason.TOO_LARGE, file_bytes=total, limit_bytes=limits.DOCUMENT_BYTES
        )
    accepted = []
    for file in files:
        kind = sniff(file.data)
        limit = _BYTES.get(kind, limits.IMAGE_BYTES)
        if len(file.data) > limit:
            raise Unreadable(
                UnreadableReason.TOO_LARGE, file_bytes=len(file.data), limit_bytes=limit
            )
        accepted.append(Accepted(kind, file.data, file.name))
    return tuple(accepted)


def decode(file: Accepted, *, pixels: int = limits.PAGE_PIXELS) -> NDArray[np.uint8]:
    """The picture upright by its EXIF, height × width × 3 in RGB order, of at most `pixels` pixels.

    Size is taken from the header and refused before a pixel is decoded. Transparency becomes white
    paper. Raises `Unreadable` with TOO_LARGE or DAMAGED.
    """
    # Imported late, because a structured invoice needs no picture library.
    from PIL import Image, ImageOps  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = limits.IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(file.data), formats=_formats(file.kind))
            _refuse_giant(*image.size)
            shrink = _shrink(*image.size, pixels)
            if shrink > 1 and file.kind is FileKind.JPEG:
                # libjpeg decodes at 1/2, 1/4 or 1/8 for a fraction of time and memory.
                image.draft(None, (image.width // shrink, image.height // shrink))
            image.load()
            _refuse_giant(*image.size)  # HEIC may turn out larger than its header said.
            turned = ImageOps.exif_transpose(image)
            shrink = _shrink(*turned.size, pixels)
            if shrink > 1:
                turned = _eight_bit(turned).reduce(shrink)
            return np.ascontiguousarray(np.asarray(_on_paper(turned), dtype=np.uint8))
    except (Unreadable, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(UnreadableReason.TOO_LARGE, limit_pixels=limits.IMAGE_PIXELS) from error
    except Exception as error:  # A decoder of foreign bytes may raise anything at all.
        raise Unreadable(UnreadableReason.DAMAGED, kind=file.kind.value) from error


def _formats(kind: FileKind) -> tuple[str, ...]:
    if kind is FileKind.HEIC:
        import pillow_heif  # noqa: PLC0415

        pillow_heif.register_heif_opener(
            decode_threads=1, thumbnails=False, depth_images=False, aux_images=False
        )
        return ("HEIF",)
    # Phones write two pictures into one JPEG (MPO); the first one is the photograph.
    return ("JPEG", "MPO") if kind is FileKind.JPEG else (kind.value.upper(),)


def _refuse_giant(width_px: int, height_px: int) -> None:
    too_long = max(width_px, height_px) > limits.IMAGE_SIDE_PX
    if too_long or width_px * height_px > limits.IMAGE_PIXELS:
        raise Unreadable(
            UnreadableReason.TOO_LARGE,
            width_px=width_px,
            height_px=height_px,
            limit_pixels=limits.IMAGE_PIXELS,
        )


def _shrink(width_px: int, height_px: int, pixels: int) -> int:
    shrink = 1
    while (width_px // shrink) * (height_px // shrink) > pixels:
        shrink += 1
    return shrink


def _eight_bit(image: Picture) -> Picture:
    """Grey of sixteen bits in eight; other modes as they are, palettes with their colours."""
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith("I") or image.mode == "F":
        grey = np.asarray(image, dtype=np.float64)
        top = 65535.0 if grey.max(initial=0) > 255 else 255.0
        return Image.fromarray((grey.clip(0, top) * (255.0 / top)).astype(np.uint8))
    if image.mode in ("P", "1"):
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image


def _on_paper(image: Picture) -> Picture:
    from PIL import Image  # noqa: PLC0415

    image = _eight_bit(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _is_heic(data: bytes) -> bool:
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[at : at + 4] for at in range(16, length - 3, 4)}
    return data[8:12] in _HEIF_BRANDS and bool(brands & _HEIC_BRANDS)


def _is_xml(data: bytes) -> bool:
    head = data[:2048]
    for starts, encoding in (
        ((b"\xff\xfe", b"<\0"), "utf-16-le"),
        ((b"\xfe\xff", b"\0<"), "utf-16-be"),
    ):
        if head.startswith(starts):
            head = head.decode(encoding, "ignore").encode()
            break
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(_XML_START.match(head)) and not _HTML_START.match(head)


def _looks_like(data: bytes) -> str:
    """A word for the message; the file is refused whatever this says."""
    known = {
        b"PK\x03\x04": "zip-or-office",
        b"GIF8": "gif",
        b"II*\0": "tiff",
        b"MM\0*": "tiff",
        b"BM": "bmp",
        b"MZ": "program",
        b"\x7fELF": "program",
        b"Rar!": "archive",
        b"7z\xbc\xaf": "archive",
        b"\x1f\x8b": "archive",
        b"\xd0\xcf\x11\xe0": "old-office",
        b"8BPS": "photoshop",
    }
    if data[4:8] == b"ftyp":
        return "video-or-avif"
    if _HTML_START.match(data[:1024].lstrip()):
        return "web-page"
    return next((name for magic, name in known.items() if data.startswith(magic)), "unknown")
