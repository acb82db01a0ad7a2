from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.hostile import bombs, seeds
from ocr import intake, limits
from ocr.intake import FileKind
from ocr.reading import SourceFile, Unreadable, UnreadableReason

KINDS = {
    "jpg": FileKind.JPEG,
    "progressive.jpg": FileKind.JPEG,
    "png": FileKind.PNG,
    "palette.png": FileKind.PNG,
    "webp": FileKind.WEBP,
    "heic": FileKind.HEIC,
    "pdf": FileKind.PDF,
    "scan.pdf": FileKind.PDF,
    "xml": FileKind.XML,
}


BOMBS = dict(bombs.all_bombs())


def refusal(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        decoded(data)
    return caught.value


def decoded(data: bytes) -> np.ndarray:
    return intake.decode(intake.accept([SourceFile(data)])[0])


def test_each_accepted_kind_is_known_by_its_bytes(honest: dict[str, bytes]) -> None:
    assert {ending: intake.sniff(data) for ending, data in honest.items()} == KINDS


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty", UnreadableReason.EMPTY),
        ("blanks", UnreadableReason.EMPTY),
        ("program", UnreadableReason.UNSUPPORTED_TYPE),
        ("archive", UnreadableReason.UNSUPPORTED_TYPE),
        ("gif", UnreadableReason.UNSUPPORTED_TYPE),
        ("tiff", UnreadableReason.UNSUPPORTED_TYPE),
        ("photoshop", UnreadableReason.UNSUPPORTED_TYPE),
        ("postscript", UnreadableReason.UNSUPPORTED_TYPE),
        ("web-page", UnreadableReason.UNSUPPORTED_TYPE),
        ("drawing", UnreadableReason.UNSUPPORTED_TYPE),
        ("avif", UnreadableReason.UNSUPPORTED_TYPE),
        ("video", UnreadableReason.UNSUPPORTED_TYPE),
        ("png-13000-square", UnreadableReason.TOO_LARGE),
        ("png-billion-wide", UnreadableReason.TOO_LARGE),
        ("jpeg-claims-65000", UnreadableReason.TOO_LARGE),
        ("heic-claims-30000", UnreadableReason.DAMAGED),
        ("png-no-rows", UnreadableReason.DAMAGED),
        ("jpeg-header-only", UnreadableReason.DAMAGED),
        ("jpeg-header-then-zip", UnreadableReason.DAMAGED),
        ("png-header-only", UnreadableReason.DAMAGED),
        ("webp-header-only", UnreadableReason.DAMAGED),
        ("heic-header-only", UnreadableReason.DAMAGED),
        ("jpeg-claims-zero", UnreadableReason.DAMAGED),
    ],
)
def test_what_is_no_readable_picture_is_refused_with_a_reason(
    name: str, reason: UnreadableReason
) -> None:
    assert refusal(BOMBS[name]()).reason is reason


def test_a_file_says_what_it_looks_like_when_its_kind_is_refused() -> None:
    assert refusal(b"PK\x03\x04" + bytes(100)).facts == {"looks_like": "zip-or-office"}


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        (b"\xff\xd8\xff", limits.IMAGE_BYTES),
        (b"%PDF-1.7 ", limits.PDF_BYTES),
        (b"<?xml ?>", limits.XML_BYTES),
    ],
)
def test_a_file_of_the_limit_is_taken_and_one_byte_more_is_refused(
    start: bytes, limit: int
) -> None:
    whole = start + b"x" * (limit - len(start))

    assert len(intake.accept([SourceFile(whole)])) == 1
    assert refusal(whole + b"x").reason is UnreadableReason.TOO_LARGE


def test_no_files_too_many_files_and_too_many_bytes_are_refused() -> None:
    jpeg = SourceFile(b"\xff\xd8\xff" + bytes(22_000_000))
    cases = [
        ([], "empty"),
        ([jpeg] * 3, "too-large"),
        ([SourceFile(b"%PDF-")] * 21, "too-many-pages"),
    ]
    for files, reason in cases:
        with pytest.raises(Unreadable) as caught:
            intake.accept(files)
        assert caught.value.reason == reason


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright_by_its_exif(orientation: int) -> None:
    upright = np.zeros((40, 60, 3), np.uint8)
    upright[:12, :20] = 255  # a white corner at the top left
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a.transpose(1, 0, 2), 2),
        8: lambda a: np.rot90(a, 3),
    }
    stored = Image.fromarray(np.ascontiguousarray(turns[orientation](upright)))

    shown = decoded(seeds.encoded(stored, "PNG", exif=exif.tobytes()))

    assert shown.shape == upright.shape
    assert np.array_equal(shown, upright)


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_way_to_store_colours_becomes_black_letters_on_white(mode: str) -> None:
    picture = seeds.picture("FAKTURA")
    if mode == "I;16":
        grey = np.asarray(picture.convert("L"), np.uint16) * 257
        picture = Image.fromarray(grey)
    elif mode in ("RGBA", "LA"):
        ink = picture.convert("L").point(lambda value: 255 - value)
        picture = Image.new(mode, picture.size)  # black and clear: the paper is not there at all
        picture.putalpha(ink)
    else:
        picture = picture.convert(mode)

    pixels = decoded(seeds.encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))

    assert pixels.shape[2] == 3
    assert pixels[0, 0].min() > 245
    assert pixels.min() < 60


def test_a_large_photo_is_made_smaller_in_whole_steps_and_a_page_limit_is_kept() -> None:
    photo = seeds.encoded(Image.new("L", (8_000, 6_000), 200), "JPEG", quality=30)

    assert decoded(photo).shape == (3_000, 4_000, 3)
    file = intake.accept([SourceFile(photo)])[0]
    assert intake.decode(file, pixels=2_000_000).shape[0] <= 1_500


def test_what_a_decoded_picture_holds_is_pixels_only(honest: dict[str, bytes]) -> None:
    for ending in ("jpg", "png", "webp", "heic"):
        pixels = decoded(honest[ending])
        assert pixels.dtype == np.uint8
        assert pixels.flags["C_CONTIGUOUS"]
        assert pixels.shape[1] == 360


def test_a_phone_that_stores_two_pictures_in_one_file_gives_the_first() -> None:
    buffer = io.BytesIO()
    first, second = Image.new("RGB", (50, 40), "white"), Image.new("RGB", (50, 40), "black")
    first.save(buffer, "MPO", save_all=True, append_images=[second])

    assert decoded(buffer.getvalue()).min() > 250
