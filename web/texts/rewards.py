"""Words about errors of rewards."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "reward-not-found": ErrorText(N_("Nie ma takiej nagrody"), N_("Zajrzyj do katalogu nagród.")),
    "redemption-not-found": ErrorText(
        N_("Nie ma takiego zamówienia"), N_("Sprawdź listę swoich nagród.")
    ),
    "redemption-closed": ErrorText(
        N_("Program nie wydaje już nagród"), N_("Termin zamawiania minął.")
    ),
    "price-changed": ErrorText(
        N_("Cena nagrody się zmieniła"), N_("Niczego nie zamówiono. Sprawdź nową cenę i zdecyduj.")
    ),
    "too-late-to-cancel": ErrorText(
        N_("Za późno na rezygnację"), N_("Paczka już wyszła. Możesz ją zwrócić.")
    ),
    "not-yet-shipped": ErrorText(
        N_("Paczka jeszcze nie wyszła"), N_("Odbiór potwierdzisz, gdy będzie w drodze.")
    ),
    "order-held": ErrorText(
        N_("To zamówienie czeka"),
        N_("Uczestnik ma punkty do oddania po korekcie. Wyślij je, gdy to wyrówna."),
    ),
    "not-all-picked": ErrorText(
        N_("Czegoś brakuje w paczce"), N_("Zeskanuj każdą pozycję, zanim ją zamkniesz.")
    ),
}
