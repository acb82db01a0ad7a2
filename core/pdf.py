"""PDFs that we make: the house's type on a page, nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.settings import ROOT

if TYPE_CHECKING:  # Loading it takes longer than all else a process starts with.
    from fpdf import FPDF

FONTS = ROOT / "web" / "static" / "vendor" / "fonts"
_FILES = {"": "Manrope_500Medium.ttf", "B": "Manrope_800ExtraBold.ttf"}


class FontsMissing(RuntimeError):
    """The fonts are fetched at set-up; `make setup` puts them there."""


def new_document(*, title: str, language: str, width_mm: float, height_mm: float) -> FPDF:
    """An empty document in the house's type. Raises `FontsMissing`."""
    from fpdf import FPDF  # noqa: PLC0415

    document = FPDF(unit="mm", format=(width_mm, height_mm))
    document.set_title(title)
    document.set_lang(language)
    document.set_creator("Zalicz")
    document.set_auto_page_break(True, margin=10)
    for style, name in _FILES.items():
        path: Path = FONTS / name
        if not path.is_file():
            raise FontsMissing(f"{name} is missing: run `make setup`.")
        document.add_font("Manrope", style, str(path))
    document.set_font("Manrope", "", 9)
    return document
