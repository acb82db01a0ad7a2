"""What kind of paper a print is, by its title."""

from __future__ import annotations

import pytest

from ocr.reading import DocumentKind
from tests.ocr.drawn import PLAIN, read


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("PRZYJĘCIE ZEWNĘTRZNE PZ nr", DocumentKind.OTHER),
        ("WEZWANIE DO ZAPŁATY - faktura nr", DocumentKind.OTHER),
        ("Specyfikacja do faktury nr", DocumentKind.OTHER),
        ("FAKTURA ZALICZKOWA nr", DocumentKind.ADVANCE_INVOICE),
        ("FAKTURA KOŃCOWA nr", DocumentKind.INVOICE),
    ],
)
def test_the_title_says_which_paper_it_is(title: str, kind: DocumentKind) -> None:
    """What a settlement below the table names is another paper."""
    advance = "\n  Rozliczenie zaliczek:\n  Faktura zaliczkowa FZ/3/2026 z dnia 2026-10-01\n"
    assert read(PLAIN.replace("FAKTURA VAT nr", title) + advance).kind is kind
