"""Where the fonts of drawn documents come from: the folder that holds the web's fonts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).resolve().parents[2] / "web" / "static" / "vendor" / "fonts"

# family → style ("" regular, "B" bold, "I" italic, "M" medium) → file
FAMILIES: dict[str, dict[str, str]] = {
    "arimo": {
        "": "Arimo_400Regular.ttf",
        "B": "Arimo_700Bold.ttf",
        "I": "Arimo_400Regular_Italic.ttf",
    },
    "tinos": {"": "Tinos_400Regular.ttf", "B": "Tinos_700Bold.ttf"},
    "carlito": {"": "Carlito_400Regular.ttf", "B": "Carlito_700Bold.ttf"},
    "roboto": {
        "": "Roboto_400Regular.ttf",
        "B": "Roboto_700Bold.ttf",
        "M": "Roboto_500Medium.ttf",
    },
    "dejavu": {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"},
    "dejavu-condensed": {
        "": "DejaVuSansCondensed.ttf",
        "B": "DejaVuSansCondensed-Bold.ttf",
    },
    "dejavu-mono": {"": "DejaVuSansMono.ttf", "B": "DejaVuSansMono-Bold.ttf"},
    "cousine": {"": "Cousine_400Regular.ttf", "B": "Cousine_700Bold.ttf"},
    "inconsolata": {"": "Inconsolata_400Regular.ttf", "B": "Inconsolata_700Bold.ttf"},
    "caveat": {"": "Caveat_400Regular.ttf"},
}


class FontMissing(Exception):
    """A font file is not in the folder; the message says which one and what puts it there."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} is not in {FOLDER.name}/: install the web assets first.")
        self.file = file


def font_path(family: str, style: str = "") -> Path:
    """The TTF of a family and style; `FontMissing` when it is not installed."""
    path = FOLDER / FAMILIES[family][style]
    if not path.is_file():
        raise FontMissing(path.name)
    return path


@cache
def pillow_font(family: str, size_px: int, style: str = "") -> ImageFont.FreeTypeFont:
    """The same font for drawing on pictures."""
    return ImageFont.truetype(str(font_path(family, style)), size_px)
