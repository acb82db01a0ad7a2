"""Pictures of documents: which engine reads them, and whether they are slips or invoices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr import codes, cut_off, invoice, neural, quality, receipt, tesseract, torn_rows
from ocr.agreement import agreed
from ocr.arithmetic import prove
from ocr.engines import Engine, Image
from ocr.image import levelled_scan, printed_page, without_colour
from ocr.neural import to_words
from ocr.picture_again import better, look_again
from ocr.picture_bars import without_bars
from ocr.picture_documents import first_alone
from ocr.picture_mixed import better_of, pages_apart, parts_apart
from ocr.picture_parts import body_is_proven, head_is_proven, part_in_doubt, read_again
from ocr.picture_strips import find, quarter_turn, rotated, see
from ocr.reading import Code, DocumentKind, Finding, Hints, Page, Proof, Reading, Word
from ocr.ruled import runs_sideways, without_rules

SLIP_ACROSS = 24.0  # heights of a strip: slips measured 13 to 21, pages 29 to 43


@dataclass(frozen=True, slots=True)
class _Shot:
    """One page read by one engine."""

    words: tuple[Word, ...]
    page: Page
    image: Image
    narrow: bool
    findings: tuple[Finding, ...] = ()


def read_pictures(images: Sequence[Image], *, hints: Hints) -> tuple[Reading, tuple[Image, ...]]:
    """One document from its pictures in page order, and the upright pages its boxes refer to.

    A picture is decoded when its turn comes and dropped before the next. Never raises for what is
    in the picture: an empty reading with findings says that nothing could be read.
    """
    started = time.monotonic()
    found_codes: dict[str, Code] = {}
    shots: list[_Shot] = []
    for number in range(1, len(images) + 1):
        image = images[number - 1]
        printed = printed_page(image)
        if printed:
            image = without_colour(image)
        for code in codes.find_codes(image, number, level=printed):
            found_codes.setdefault(code.text, replace(code, box=None))
        shots.append(_scanned(image, number) if printed else _seen(image, number))
    known = tuple(found_codes.values())
    reading = _interpreted(shots, hints, known)
    if any(shot.page.engine == "tesseract" for shot in shots) and not _closes(reading):
        again = _part_seen(reading, shots)
        second = _interpreted(again, hints, known) if again else None
        if again is None or second is None or not _closes(second):
            again = [
                _seen(images[shot.page.number - 1], shot.page.number)
                if shot.page.engine == "tesseract"
                else shot
                for shot in shots
            ]
            second = _interpreted(again, hints, known)
        reading, shots = replace(agreed(second, reading), route="scan+neural"), again
    reading = replace(reading, seconds=round(time.monotonic() - started, 3))
    return reading, tuple(shot.image for shot in shots)


def _scanned(image: Image, number: int) -> _Shot:
    """A page in print, set upright and read by Tesseract."""
    engine = tesseract.shared()
    level = levelled_scan(image)
    bare = without_rules(level)
    turned = 0
    if runs_sideways(bare):
        turned = quarter_turn(level, neural.shared())
        level = rotated(level, turned)
        bare = without_rules(level)
    words = engine.recognise(bare, number)
    page = Page(number, level.shape[1], level.shape[0], turned, engine.name)
    return _Shot(words, page, level, narrow=False)


def _seen(image: Image, number: int) -> _Shot:
    """A photo, a slip, or a page that Tesseract could not read, read by the neural engine."""
    engine = neural.shared()
    found = find(image, engine)
    seen = see(found, engine)
    height, width = seen.image.shape[:2]
    words = to_words(seen.strips, width, height, number, engine.name)
    page = Page(number, width, height, seen.turned, engine.name)
    measures = quality.measure(found.image, found.quads, found.bright)
    hints = quality.findings(
        replace(measures, text_px=seen.text_px),
        characters=sum(len(strip.text) for strip in seen.strips),
        page=number,
    )
    return _Shot(words, page, seen.image, found.heights_across < SLIP_ACROSS, hints)


def _part_seen(reading: Reading, shots: Sequence[_Shot]) -> list[_Shot] | None:
    """A print of one page of which a part alone is in doubt, with that part read anew."""
    part = part_in_doubt(reading)
    if part is None or len(shots) != 1:
        return None
    (shot,) = shots
    return [replace(shot, words=read_again(shot.words, shot.image, part, neural.shared()))]


def _interpreted(shots: Sequence[_Shot], hints: Hints, found: tuple[Code, ...]) -> Reading:
    words = tuple(word for shot in shots for word in shot.words)
    pages = tuple(shot.page for shot in shots)
    if apart := _apart(shots, words, pages):
        slip, bill = (_interpreted(some, hints, found) for some in apart)
        return replace(
            better_of(slip, bill),
            words=words,
            pages=pages,
            route=_route(shots),
            engine=_engines(shots),
        )
    sides: tuple[str, ...] = ()
    if all(shot.narrow for shot in shots) or receipt.is_fiscal(words, pages):
        reading = _slip(words, pages, shots, hints, found)
        sides = cut_off.missing_sides(reading)
        reading = cut_off.unproven(reading, sides)
    else:
        printed = without_bars(words, pages)

        def interpret(some: Sequence[Word], of: Sequence[Page]) -> Reading:
            return prove(invoice.interpret(some, of, hints=hints, codes=found))

        reading = first_alone(interpret(printed, pages), printed, pages, interpret)
        reading = torn_rows.unproven(reading)
        if not reading.lines and not _proven(reading):
            # A slip with a wide advertisement under it: it must prove its sum to count as one.
            slip = _slip(words, pages, shots, hints, found)
            reading = slip if slip.lines and _proven(slip) else reading
    hints_for_photo = tuple(finding for shot in shots for finding in shot.findings)
    if _whole(reading):  # A better picture could not tell more.
        hints_for_photo = tuple(filter(cut_off.names_leave, hints_for_photo))
    return replace(
        reading,
        pages=pages,
        route=_route(shots),
        engine=_engines(shots),
        findings=_explained(
            cut_off.hints(hints_for_photo, sides, pages[-1].number), reading.findings
        ),
    )


def _apart(
    shots: Sequence[_Shot], words: Sequence[Word], pages: Sequence[Page]
) -> tuple[list[_Shot], list[_Shot]] | None:
    """What shows a slip and what shows an invoice, where the pictures show both."""
    if numbers := pages_apart(words, pages, [shot.narrow for shot in shots]):
        slip, bill = ([shot for shot in shots if shot.page.number in some] for some in numbers)
        return slip, bill
    if parts := parts_apart(words, pages):
        (shot,) = shots
        return [replace(shot, words=parts[0], narrow=True)], [
            replace(shot, words=parts[1], narrow=False)
        ]
    return None


def _explained(photo: tuple[Finding, ...], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings of the picture, then of what was read: a blurred document is one all the same."""
    kept = (one for one in findings if not photo or one.code != "photo-not-a-document")
    return (*photo, *kept)


def _slip(
    words: tuple[Word, ...],
    pages: tuple[Page, ...],
    shots: Sequence[_Shot],
    hints: Hints,
    found: tuple[Code, ...],
) -> Reading:
    reading = prove(receipt.interpret(words, pages, hints=hints, codes=found))
    engine = neural.shared()
    if any(page.engine != engine.name for page in pages):
        return reading
    again = look_again(words, pages, [shot.image for shot in shots], engine)
    if again == words:
        return reading
    return better(reading, prove(receipt.interpret(again, pages, hints=hints, codes=found)))


def _proven(reading: Reading) -> bool:
    return reading.total_gross is not None and reading.total_gross.proof is Proof.ARITHMETIC


def _whole(reading: Reading) -> bool:
    """Whether all that such a document tells was read and adds up."""
    seller = reading.seller.vat_id
    if not _proven(reading) or reading.issue_date is None:
        return False
    if reading.kind is DocumentKind.INVOICE:
        return _closes(reading)
    if reading.language != "pl":
        return True
    number = reading.print_number or reading.receipt_number
    adds_up = not any(finding.code == "sum-differs" for finding in reading.findings)
    return seller is not None and number is not None and bool(reading.lines) and adds_up


def _closes(reading: Reading) -> bool:
    """Whether a page is so well proven that a better engine could not change what matters."""
    return head_is_proven(reading) and body_is_proven(reading)


def _route(shots: Sequence[_Shot]) -> str:
    names = {shot.page.engine for shot in shots}
    if names == {"tesseract"}:
        return "scan"
    return "photo" if "tesseract" not in names else "scan+neural"


def _engines(shots: Sequence[_Shot]) -> str:
    by_name: dict[str, Engine] = {"tesseract": tesseract.shared(), "rapidocr": neural.shared()}
    used = {shot.page.engine for shot in shots}
    used |= {word.engine for shot in shots for word in shot.words}
    return ", ".join(sorted(by_name[name].version for name in used))
