"""Files made to exhaust memory, time or patience; each a few kilobytes to a few megabytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

from benchmarks.hostile import seeds
from benchmarks.hostile.rawpdf import assembled, raw_pdf, stream


def all_bombs() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and maker of each, light ones first; a maker may need a second and 600 MB never."""
    yield from _pictures()
    yield from _xml()
    yield from _pdf()
    yield from _disguises()


def png(
    width: int, height: int, *, rows: bytes | None = None, kind: int = 0, extra: bytes = b""
) -> bytes:
    """A grey PNG whose pixels are all zero, whatever its size; `extra` chunks before the data."""
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    if rows is None:
        packer = zlib.compressobj(9)
        row = bytes(width + 1)
        rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + extra
        + _chunk(b"IDAT", rows)
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _deflated(repeats: int, block: bytes) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(block) for _ in range(repeats)) + packer.flush()


def _pictures() -> Iterator[tuple[str, Callable[[], bytes]]]:
    yield "png-13000-square", lambda: png(13_000, 13_000)
    yield "png-30000-square", lambda: png(30_000, 30_000)
    yield "png-billion-wide", lambda: png(2**31 - 1, 1, rows=zlib.compress(b"\0"))
    yield "png-flat-strip", lambda: png(12_000, 1)
    yield "png-largest-allowed", lambda: png(8_000, 6_200)
    yield "png-no-rows", lambda: png(3_000, 3_000, rows=zlib.compress(b"\0"))
    text = _chunk(b"zTXt", b"Comment\0\0" + _deflated(200, bytes(1 << 20)))
    yield "png-text-bomb", lambda: png(100, 100, extra=text)
    profile = _chunk(b"iCCP", b"p\0\0" + _deflated(200, bytes(1 << 20)))
    yield "png-profile-bomb", lambda: png(100, 100, extra=profile)
    yield "png-many-chunks", lambda: png(100, 100, extra=_chunk(b"tEXt", b"a\0b") * 200_000)

    def jpeg_claims(width: int, height: int) -> bytes:
        data = bytearray(seeds.encoded(seeds.picture(), "JPEG"))
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", height, width)
        return bytes(data)

    yield "jpeg-claims-65000", lambda: jpeg_claims(65_000, 65_000)
    yield "jpeg-claims-7000", lambda: jpeg_claims(7_000, 7_000)
    yield "jpeg-claims-zero", lambda: jpeg_claims(0, 0)
    yield "jpeg-exif-loop", _exif_loop
    yield "jpeg-many-scans", _many_scans
    yield (
        "webp-thousand-frames",
        lambda: seeds.encoded(
            seeds.picture(seeds.SLIP[:20]).resize((64, 64)),
            "WEBP",
            save_all=True,
            append_images=[seeds.picture(str(n)).resize((64, 64)) for n in range(300)],
        ),
    )
    yield "heic-claims-30000", _heic_claims


def _exif_loop() -> bytes:
    """An EXIF directory whose next directory is itself, and whose texts reach past the end."""
    entry = struct.pack("<HHII", 0x010E, 2, 0xFFFFFF00, 8)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
    body = b"Exif\0\0" + tiff
    data = seeds.encoded(seeds.picture(seeds.SLIP[:60]), "JPEG")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def _many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated: each costs a pass over all pixels."""
    image = seeds.picture().resize((3_000, 3_000))
    data = seeds.encoded(image, "JPEG", progressive=True, quality=20)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 400 + data[-2:]


def _heic_claims() -> bytes:
    data = bytearray(seeds.encoded(seeds.picture(seeds.SLIP[:60]), "HEIF"))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 30_000, 30_000)
    return bytes(data)


def _xml() -> Iterator[tuple[str, Callable[[], bytes]]]:
    laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    head = '<?xml version="1.0"?>'
    yield (
        "xml-billion-laughs",
        lambda: f'{head}<!DOCTYPE f [<!ENTITY l0 "ha">{laughs}]><f>&l11;</f>'.encode(),
    )
    yield (
        "xml-quadratic",
        lambda: (
            f'{head}<!DOCTYPE f [<!ENTITY a "{"a" * 50_000}">]><f>{"&a;" * 50_000}</f>'.encode()
        ),
    )
    for name, target in (
        ("file", "file:///etc/passwd"),
        ("net", "http://127.0.0.1:9/x"),
        ("device", "file:///dev/zero"),
    ):
        text = f'{head}<!DOCTYPE f [<!ENTITY x SYSTEM "{target}">]><f>&x;</f>'
        yield f"xml-external-{name}", lambda text=text: text.encode()  # type: ignore[misc]
    yield (
        "xml-parameter-entity",
        lambda: f'{head}<!DOCTYPE f [<!ENTITY % p SYSTEM "file:///etc/hosts">%p;]><f/>'.encode(),
    )
    yield "xml-doctype-only", lambda: b"<!DOCTYPE Faktura><Faktura/>"
    yield "xml-million-deep", lambda: b"<a>" * 400_000 + b"</a>" * 400_000
    yield "xml-hundred-deep", lambda: b"<a>" * 100 + b"</a>" * 100
    yield (
        "xml-many-attributes",
        lambda: b"<a " + b" ".join(b'b%d="1"' % n for n in range(240_000)) + b"/>",
    )
    yield "xml-three-megabytes", lambda: b"<a>" + b"x" * 3_000_000 + b"</a>"
    row = "<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>x</P_7><P_8B>1</P_8B></FaWiersz>"
    yield (
        "xml-too-many-lines",
        lambda: seeds.FA3.replace("<FaWiersz>", row * 35_000 + "<FaWiersz>").encode(),
    )
    yield (
        "xml-ten-thousand-lines",
        lambda: seeds.FA3.replace("<FaWiersz>", row * 9_999 + "<FaWiersz>").encode(),
    )
    huge = "9" * 100_000
    yield "xml-endless-number", lambda: seeds.FA3.replace(">246.00<", f">{huge}<").encode()
    yield "xml-exponent", lambda: seeds.FA3.replace(">246.00<", ">1e999999999<").encode()
    yield "xml-not-a-number", lambda: seeds.FA3.replace(">246.00<", ">NaN<").encode()
    yield "xml-utf-16", lambda: seeds.FA3.replace("UTF-8", "UTF-16").encode("utf-16")
    yield "xml-latin-lie", lambda: seeds.FA3.encode("iso-8859-2")
    yield "xml-nul-bytes", lambda: seeds.FA3.replace("Kabel", "Ka\0bel").encode()
    yield (
        "xml-style-sheet",
        lambda: seeds.FA3.replace("?>", '?><?xml-stylesheet href="file:///etc/passwd"?>').encode(),
    )
    yield (
        "xml-include",
        lambda: seeds.FA3.replace(
            "<P_7>",
            '<P_7><x:include xmlns:x="http://www.w3.org/2001/XInclude" '
            'href="file:///etc/passwd" parse="text"/>',
        ).encode(),
    )
    yield (
        "xml-schema-location",
        lambda: seeds.FA3.replace(
            "<Naglowek>",
            '<Naglowek xmlns:s="http://www.w3.org/2001/XMLSchema-instance" '
            's:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd">',
        ).encode(),
    )


def _pdf() -> Iterator[tuple[str, Callable[[], bytes]]]:
    flate = "/Filter/FlateDecode"
    yield (
        "pdf-flate-600mb",
        lambda: raw_pdf(content=_deflated(600, b" " * (1 << 20)), content_head=flate),
    )
    yield (
        "pdf-flate-twice",
        lambda: raw_pdf(
            content=zlib.compress(_deflated(1_200, b" " * (1 << 20)), 9),
            content_head="/Filter[/FlateDecode/FlateDecode]",
        ),
    )
    yield "pdf-400000-glyphs", _glyphs
    yield "pdf-60000-boxes", _boxes
    yield "pdf-endless-path", _endless_path
    yield "pdf-giant-page", lambda: raw_pdf(box=(200_000, 200_000))
    yield "pdf-needle-page", lambda: raw_pdf(box=(1, 14_000))
    yield "pdf-no-page-size", lambda: raw_pdf(box=(0, 0))
    yield "pdf-user-unit", lambda: raw_pdf(page_extra="/UserUnit 100000")
    yield (
        "pdf-100000-pages",
        lambda: raw_pdf(kids=" ".join(["3 0 R"] * 100_000), count=100_000),
    )
    yield "pdf-page-count-lie", lambda: raw_pdf(count=2_000_000_000)
    yield "pdf-page-tree-loop", lambda: raw_pdf(kids="2 0 R 3 0 R")
    yield "pdf-xref-loop", lambda: raw_pdf(prev="/Prev @START@")
    form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R/Y 6 0 R>>>>"
    loop = [stream(b"/X Do /Y Do", form), stream(b"/X Do /Y Do", form)]
    yield (
        "pdf-form-loop",
        lambda: raw_pdf(content=b"/X Do", resources="/XObject<</X 5 0 R>>", extra=loop),
    )
    yield "pdf-form-laughs", lambda: _form_laughs(12)
    yield "pdf-notes-500", lambda: _notes(500)
    yield "pdf-notes-50000", lambda: _notes(50_000)
    yield "pdf-indirect-length-loop", lambda: _length_loop()
    yield "pdf-object-stream-bomb", lambda: _object_stream()
    yield (
        "pdf-deep-array",
        lambda: raw_pdf(catalog_extra="/X" + "[" * 200_000 + "]" * 200_000),
    )
    yield (
        "pdf-deep-dictionary",
        lambda: raw_pdf(catalog_extra="/X" + "<</A" * 50_000 + " 1" + ">>" * 50_000),
    )
    yield (
        "pdf-picture-claims",
        lambda: _picture_pdf(60_000, 60_000, _deflated(60, bytes(1 << 20)), flate),
    )
    yield (
        "pdf-picture-8000",
        lambda: _picture_pdf(8_000, 8_000, _deflated(62, bytes(1 << 20)), flate),
    )
    yield (
        "pdf-jbig2-rubbish",
        lambda: _picture_pdf(20_000, 20_000, bytes(range(256)) * 20, "/Filter/JBIG2Decode"),
    )
    yield (
        "pdf-jpx-rubbish",
        lambda: _picture_pdf(20_000, 20_000, bytes(range(256)) * 20, "/Filter/JPXDecode"),
    )
    yield (
        "pdf-filter-chain",
        lambda: raw_pdf(content=b"0", content_head="/Filter[" + "/ASCIIHexDecode" * 10_000 + "]"),
    )
    yield (
        "pdf-script",
        lambda: raw_pdf(
            content=b"BT /F 20 Tf 50 700 Td (Faktura) Tj ET",
            catalog_extra="/OpenAction<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>",
        ),
    )
    yield (
        "pdf-launch",
        lambda: raw_pdf(catalog_extra="/OpenAction<</S/Launch/F(/bin/sh)>>"),
    )
    yield "pdf-attachment-bomb", lambda: _attachment(_deflated(600, b" " * (1 << 20)), flate)
    yield (
        "pdf-attachment-laughs",
        lambda: _attachment(b'<!DOCTYPE f [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><f>&b;</f>', ""),
    )
    yield "pdf-locked", seeds.locked_pdf
    yield "pdf-twenty-one-pages", lambda: seeds.text_pdf(pages=21)
    yield "pdf-eleven-megabytes", lambda: raw_pdf(extra=[stream(bytes(11_000_000))])
    yield "pdf-function-bomb", lambda: _shading()
    yield "pdf-tiling-bomb", lambda: _tiling()


def _glyphs() -> bytes:
    shown = b"".join(
        b"1 0 0 1 %d %d Tm (abcdefghij) Tj " % (n % 500, n // 500 * 5 % 800) for n in range(40_000)
    )
    return raw_pdf(
        content=zlib.compress(b"BT /F 4 Tf " + shown + b"ET"), content_head="/Filter/FlateDecode"
    )


def _boxes() -> bytes:
    drawn = b"".join(b"%d %d 3 3 re f " % (n % 590, n % 840) for n in range(60_000))
    return raw_pdf(content=zlib.compress(drawn), content_head="/Filter/FlateDecode")


def _endless_path() -> bytes:
    drawn = b"0 0 m " + b"1 2 3 4 5 6 c " * 300_000 + b"S"
    return raw_pdf(content=zlib.compress(drawn), content_head="/Filter/FlateDecode")


def _form_laughs(levels: int) -> bytes:
    """Each form draws the next ten times."""
    extra = []
    for level in range(levels):
        drawn = b"/X Do " * 10 if level + 1 < levels else b"0 0 m 9 9 l S"
        head = (
            f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {6 + level} 0 R>>>>"
        )
        extra.append(stream(drawn, head))
    return raw_pdf(content=b"/X Do " * 10, resources="/XObject<</X 5 0 R>>", extra=extra)


def _notes(count: int) -> bytes:
    """One stamp so many times over a page."""
    note = b"<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/F 4/AP<</N 6 0 R>>>>"
    drawn = stream(b"0 0 9 9 re f", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return raw_pdf(extra=[note, drawn], page_extra=f"/Annots[{'5 0 R ' * count}]")


def _length_loop() -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length 5 0 R>>\nstream\nx\nendstream",
        b"<</Length 4 0 R>>\nstream\nx\nendstream",
    ]
    return assembled(objects)


def _object_stream() -> bytes:
    packed = _deflated(400, b"1 0 " * (1 << 18))
    head = "/Type/ObjStm/N 100000000/First 400000000/Filter/FlateDecode"
    return raw_pdf(extra=[stream(packed, head)])


def _picture_pdf(width: int, height: int, data: bytes, filters: str) -> bytes:
    head = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
        f"/ColorSpace/DeviceGray/BitsPerComponent 8{filters}"
    )
    return raw_pdf(
        content=b"q 595 0 0 842 0 0 cm /P Do Q",
        resources="/XObject<</P 5 0 R>>",
        extra=[stream(data, head)],
    )


def _attachment(data: bytes, filters: str) -> bytes:
    names = (
        "/Names<</EmbeddedFiles<</Names[(factur-x.xml)<</Type/Filespec/F(factur-x.xml)"
        "/UF(factur-x.xml)/EF<</F 5 0 R>>>>]>>>>"
    )
    return raw_pdf(
        content=b"BT /F 12 Tf 50 700 Td (Faktura) Tj ET",
        catalog_extra=names,
        extra=[stream(data, "/Type/EmbeddedFile" + filters)],
    )


def _shading() -> bytes:
    code = b"{ " + b"dup mul " * 20_000 + b"}"
    function = stream(code, "/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]")
    shading = (
        "/Shading<</S<</ShadingType 1/ColorSpace/DeviceRGB/Function 5 0 R"
        "/Domain[0 1 0 1]/Matrix[595 0 0 842 0 0]>>>>"
    )
    return raw_pdf(content=b"/S sh", resources=shading, extra=[function])


def _tiling() -> bytes:
    pattern = stream(
        b"0 0 0.01 0.01 re f",
        "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
        "/XStep 0.01/YStep 0.01/Resources<<>>",
    )
    return raw_pdf(
        content=b"/Pattern cs /T scn 0 0 595 842 re f",
        resources="/Pattern<</T 5 0 R>>",
        extra=[pattern],
    )


def _disguises() -> Iterator[tuple[str, Callable[[], bytes]]]:
    jpeg = seeds.encoded(seeds.picture(seeds.SLIP[:60]), "JPEG")
    yield "empty", lambda: b""
    yield "blanks", lambda: b" \n\0" * 1_000
    yield "program", lambda: b"\x7fELF" + bytes(2_000)
    yield "windows-program", lambda: b"MZ" + bytes(2_000)
    yield "archive", lambda: b"PK\x03\x04" + bytes(2_000)
    yield "gif", lambda: seeds.encoded(seeds.picture(), "GIF")
    yield "tiff", lambda: seeds.encoded(seeds.picture(), "TIFF")
    yield "bmp", lambda: seeds.encoded(seeds.picture(), "BMP")
    yield "photoshop", lambda: b"8BPS\0\1" + bytes(2_000)
    yield "postscript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n{ } loop\n"
    yield "web-page", lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>"
    yield (
        "drawing",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    )
    yield "jpeg-header-only", lambda: b"\xff\xd8\xff\xe0"
    yield "jpeg-header-then-zip", lambda: b"\xff\xd8\xff\xe0" + b"PK\x03\x04" + bytes(5_000)
    yield "png-header-only", lambda: b"\x89PNG\r\n\x1a\n"
    yield "webp-header-only", lambda: b"RIFF\xff\xff\xff\xffWEBP"
    yield "heic-header-only", lambda: b"\0\0\0\x18ftypheic\0\0\0\0heicmif1"
    yield "avif", lambda: b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + bytes(500)
    yield "video", lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(500)
    yield "pdf-header-only", lambda: b"%PDF-1.7\n"
    yield "pdf-late-header", lambda: b"x" * 900 + seeds.text_pdf()
    yield "picture-and-pdf", lambda: jpeg + seeds.text_pdf()
    yield "pdf-and-picture", lambda: seeds.text_pdf() + jpeg
    yield "pdf-and-page", lambda: b"<html><!--" + seeds.text_pdf() + b"--></html>"
    yield "random", lambda: bytes((n * 7919 + n // 13) % 256 for n in range(60_000))
