"""What lists call a claim that brought a correcting invoice, instead of "not credited"."""

from __future__ import annotations

from collections.abc import Mapping

from claims.correction_tables import CorrectionStatus
from web.error_texts import N_

Chip = tuple[str, str, str]  # words, colour, icon
# For those who do not see what became of it.
CORRECTION: Chip = (N_("Korekta faktury"), "info", "arrow-back-up")
CORRECTIONS: Mapping[str, Chip] = {
    CorrectionStatus.WAITING: (N_("Korekta czeka na fakturę"), "plain", "clock"),
    CorrectionStatus.NEEDS_PERSON: (N_("Korekta czeka na człowieka"), "warn", "clock"),
    CorrectionStatus.APPLIED: (N_("Korekta uwzględniona"), "info", "arrow-back-up"),
    CorrectionStatus.DISMISSED: (N_("Korekta bez skutków"), "plain", "arrow-back-up"),
}
