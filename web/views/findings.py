"""What the reader noticed on a document, in sentences for the person who decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ocr.reading import Reading, Severity
from web.texts.findings import FINDINGS

_MOST = 6  # more than these nobody reads
_STATES = {Severity.ERROR: "bad", Severity.WARNING: "warn"}


@dataclass(frozen=True, slots=True)
class FindingView:
    """A sentence and its colour; findings that only inform are left out."""

    state: str
    text: str


def finding_views(
    reading: Reading | None, gettext: Callable[[str], str]
) -> tuple[FindingView, ...]:
    """The worst first, each sentence once."""
    if reading is None:
        return ()
    seen: dict[str, FindingView] = {}
    told = [finding for finding in reading.findings if finding.severity in _STATES]
    for finding in sorted(told, key=lambda f: f.severity is not Severity.ERROR):
        sentence = FINDINGS.get(finding.code)
        if sentence is not None:  # A reading that is older than the words may have others.
            text = gettext(sentence) % defaultdict(str, finding.facts)
            seen.setdefault(text, FindingView(_STATES[finding.severity], text))
    return tuple(seen.values())[:_MOST]
