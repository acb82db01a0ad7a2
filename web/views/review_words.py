"""The words of verification: causes, reasons, facts, doubts, in gettext's source language."""

from __future__ import annotations

from collections.abc import Mapping

from claims.purchases import HeldReason
from claims.states import ReasonCode
from programs.matching import MatchReason
from verification.asking import Question
from verification.doubts import Why
from verification.facts import BuyerFact, DayFact, SellerFact
from verification.tables import Cause
from web.error_texts import N_

# Cause → words, colour and icon of the chip.
CAUSES: Mapping[Cause, tuple[str, str, str]] = {
    Cause.HELD: (N_("Możliwa powtórka"), "bad", "file-invoice"),
    Cause.UNREAD: (N_("Nieodczytane"), "warn", "eye-off"),
    Cause.DOUBT: (N_("Do sprawdzenia"), "warn", "help-circle"),
    Cause.PROOF: (N_("Do potwierdzenia"), "info", "circle-check"),
    Cause.APPEAL: (N_("Odwołanie"), "warn", "scale"),
    Cause.AUDIT: (N_("Kontrola"), "info", "clipboard-check"),
    Cause.SECOND: (N_("Druga osoba"), "warn", "users"),
    Cause.DIFFERENCE: (N_("Różnica ze sprzedażą"), "warn", "arrows-exchange"),
}
# The fixed list of reasons, in the order of their numbers; the tenth has the key 0.
REASONS: tuple[tuple[ReasonCode, str], ...] = (
    (ReasonCode.DUPLICATE, N_("powtórka – już zgłoszone")),
    (ReasonCode.UNREADABLE, N_("nieczytelne")),
    (ReasonCode.NOT_OUR_DOCUMENT, N_("nie nasz dokument")),
    (ReasonCode.OTHER_BUYER, N_("inny nabywca niż uczestnik")),
    (ReasonCode.OUTSIDE_PERIOD, N_("poza okresem programu")),
    (ReasonCode.NOT_IN_PROGRAM, N_("brak produktów programu")),
    (ReasonCode.RETURNED_GOODS, N_("zwrot albo korekta faktury")),
    (ReasonCode.SUSPECTED_FORGERY, N_("podejrzenie przeróbki")),
    (ReasonCode.OTHER, N_("inny powód")),
    (ReasonCode.BRANCH_NOT_IN_PROGRAM, N_("oddział poza programem")),
    (ReasonCode.ADVANCE, N_("faktura zaliczkowa")),
    (ReasonCode.NO_SALE, N_("nie dowód sprzedaży")),
)
# Of single lines only, where a rate counts złoty; without a number.
VALUE_REASON = (ReasonCode.VALUE_UNCERTAIN, N_("nie wiadomo, ile kosztowało"))
HELD: Mapping[str, str] = {
    HeldReason.SAME_FILE: N_("ten sam plik"),
    HeldReason.SAME_KSEF: N_("ten sam numer KSeF"),
    HeldReason.SAME_NUMBER: N_("ten sam sprzedawca i numer"),
    HeldReason.SAME_RECEIPT: N_("ten sam paragon"),
    HeldReason.RECEIPT_INVOICE: N_("faktura do zgłoszonego paragonu"),
    HeldReason.SIMILAR_NUMBER: N_("bardzo podobny numer"),
    HeldReason.SAME_TOTAL: N_("ten sam dzień i kwota"),
    HeldReason.SIMILAR_PICTURE: N_("bardzo podobny obraz"),
}
WHY: Mapping[Why, str] = {
    Why.LIKE_SEVERAL: N_("Opis pasuje do kilku produktów."),
    Why.UNLIKE: N_("Opis tylko trochę przypomina nazwę produktu."),
    Why.UNREAD: N_("Ilości nie dało się odczytać."),
    Why.NOT_COUNTED: N_("Wartość i suma nie potwierdzają ilości."),
    Why.UNIT_UNKNOWN: N_("Program nie zna tej jednostki dla tego produktu."),
    Why.UNIT_DIFFERS: N_("Jednostka z dokumentu i znany kod albo nazwa mówią co innego."),
    Why.VALUE_UNREAD: N_("Punkty liczą się od złotych, a wartości nie dało się odczytać."),
    Why.OTHER_CURRENCY: N_("Dokument jest w innej walucie. Punkty liczą się od złotych."),
    Why.ADVANCE: N_("To faktura zaliczkowa: towaru jeszcze nie wydano, a punkty da końcowa."),
    Why.NO_SALE: N_("To nie faktura ani paragon fiskalny, na przykład WZ, oferta albo pro forma."),
    Why.LOOKS_KNOWN: N_("Program zna już podobny dokument."),
}
SURE: Mapping[str, str] = {
    MatchReason.GTIN: N_("kod EAN"),
    MatchReason.ALIAS_INDEX: N_("indeks hurtowni"),
    MatchReason.ALIAS_TEXT: N_("nazwa znana z tej hurtowni"),
    MatchReason.SKU: N_("symbol producenta"),
    MatchReason.TEXT: N_("nazwa"),
    "typed": N_("dopisane"),
}
LEARNED_UNIT = N_("jednostka znana z tej hurtowni")
# Fact → words and state of the box.
SELLER: Mapping[SellerFact, tuple[str, str]] = {
    SellerFact.OUR_BRANCH: (N_("nasz oddział"), "ok"),
    SellerFact.OUR_FIRM: (N_("nasza firma"), "ok"),
    SellerFact.BRANCH_OUT: (N_("oddział poza programem"), "bad"),
    SellerFact.BRANCH_UNKNOWN: (N_("który oddział?"), "warn"),
    SellerFact.OTHER: (N_("inna firma"), "bad"),
    SellerFact.UNREAD: (N_("nieodczytany"), "warn"),
}
BUYER: Mapping[BuyerFact, tuple[str, str]] = {
    BuyerFact.PARTICIPANT: (N_("uczestnik"), "ok"),
    BuyerFact.NO_CONSENT: (N_("pracodawca, brak zgody"), "warn"),
    BuyerFact.OTHER: (N_("inna firma"), "bad"),
    BuyerFact.UNREAD: (N_("bez NIP"), "warn"),
}
DAY: Mapping[DayFact, tuple[str, str]] = {
    DayFact.INSIDE: (N_("w okresie"), "ok"),
    DayFact.BEFORE: (N_("przed startem programu"), "bad"),
    DayFact.AFTER: (N_("po końcu programu"), "bad"),
    DayFact.TOO_LATE: (N_("zgłoszone za późno"), "bad"),
    DayFact.FUTURE: (N_("późniejsza niż zgłoszenie"), "warn"),
    DayFact.UNREAD: (N_("nieodczytana"), "warn"),
}
# What clerks ask, in the order of their numbers; the participant reads these words.
QUESTIONS: tuple[tuple[Question, str], ...] = (
    (Question.MISSING_PAGE, N_("Brakuje strony dokumentu. Dodaj zdjęcie pozostałych stron.")),
    (
        Question.UNCLEAR_PHOTO,
        N_("Zdjęcie jest niewyraźne. Zrób je jeszcze raz, bliżej i w świetle."),
    ),
    (Question.WHICH_PRODUCT, N_("Który to produkt? Podaj nazwę albo symbol z opakowania.")),
    (Question.HOW_MANY, N_("Ile sztuk jest na dokumencie?")),
    (Question.OTHER_BUYER, N_("Na dokumencie jest inny nabywca. Napisz, co łączy Cię z tą firmą.")),
    (Question.RETURNED, N_("Czy coś z tego zakupu zostało zwrócone?")),
)
