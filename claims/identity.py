"""When two documents are the same document: the forms in which their keys are compared. Pure."""

from __future__ import annotations

import re
import unicodedata

_CONFUSED = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "G": "6"}
)


def normalise_number(number: str) -> str:
    """A document number for exact comparison: NFKC, upper case, no blanks, no invisible characters.

    NFKC alone keeps U+200B, so control and format characters (Cc, Cf) go too.
    """
    before, text = "", number
    while text != before:
        # What is left when a blank goes may compose into another sign: again, until nothing moves.
        before, text = text, unicodedata.normalize("NFKC", text).upper()
        text = "".join(
            c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")
        )
    return text


def skeleton(number: str) -> str:
    """A coarser form that only *holds*: confusable letters folded, leading zeros cut."""
    bare = re.sub(r"[^0-9A-Z]+", "/", normalise_number(number)).strip("/")
    folded = bare.translate(_CONFUSED)
    return "/".join(part.lstrip("0") or "0" for part in folded.split("/"))
