"""Words about errors of programmes and partners."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "program-not-found": ErrorText(
        N_("Nie ma takiego programu"), N_("Sprawdź adres albo zapytaj organizatora.")
    ),
    "participant-not-found": ErrorText(
        N_("Nie ma takiego uczestnika"), N_("Sprawdź adres albo wyszukaj ponownie.")
    ),
    "partner-not-found": ErrorText(
        N_("Nie ma takiej hurtowni"), N_("Sprawdź adres albo wyszukaj ponownie.")
    ),
    "no-rules-in-force": ErrorText(
        N_("Tego dnia nie było zasad"), N_("Program nie ma opublikowanych zasad na tę datę zakupu.")
    ),
    "not-a-draft": ErrorText(
        N_("To już nie jest szkic"), N_("Opublikowanych zasad się nie zmienia. Utwórz nową wersję.")
    ),
    "own-rules": ErrorText(
        N_("Potrzebna druga osoba"), N_("Zasady publikuje ktoś inny niż ich autor.")
    ),
    "already-enrolled": ErrorText(
        N_("Już należysz do programu"), N_("Nie trzeba dołączać drugi raz.")
    ),
    "product-not-found": ErrorText(
        N_("Nie ma takiego produktu"), N_("Sprawdź listę produktów programu.")
    ),
    "alias-not-found": ErrorText(
        N_("Nie ma takiej nazwy własnej"), N_("Ktoś mógł ją już wycofać. Odśwież listę.")
    ),
    "seller-unit-not-found": ErrorText(
        N_("Nie ma takiej jednostki hurtowni"), N_("Sprawdź listę jednostek produktu.")
    ),
    "sku-taken": ErrorText(
        N_("Ten indeks jest już zajęty"), N_("Każdy produkt programu ma własny indeks.")
    ),
    "rule-version-not-found": ErrorText(
        N_("Nie ma takiej wersji zasad"), N_("Sprawdź listę wersji programu.")
    ),
    "not-your-draft": ErrorText(
        N_("To szkic innej osoby"), N_("Zmienia go tylko autor. Utwórz własny szkic.")
    ),
    "rules-day-taken": ErrorText(
        N_("Tego dnia zaczyna się inna wersja"), N_("Wybierz inny dzień początku.")
    ),
    "nip-invalid": ErrorText(
        N_("Ten NIP jest błędny"), N_("NIP ma 10 cyfr; jedna z nich się nie zgadza.")
    ),
    "period-invalid": ErrorText(
        N_("Daty nie idą po kolei"),
        N_("Początek, koniec, ostatni dzień zgłoszeń, ostatni dzień nagród."),
    ),
    "setting-out-of-bounds": ErrorText(
        N_("Wartość spoza zakresu"), N_("Wpisz liczbę od %(low)s do %(high)s.")
    ),
    "branch-takes-part": ErrorText(
        N_("Ten oddział już bierze udział"), N_("Sprawdź listę oddziałów hurtowni w programie.")
    ),
    "branch-takes-no-part": ErrorText(
        N_("Ten oddział nie bierze udziału w programie"),
        N_("Listę oddziałów w programie prowadzi organizator."),
    ),
    "all-branches-take-part": ErrorText(
        N_("Udział biorą wszystkie oddziały"),
        N_("Najpierw wybierz, które oddziały mają brać udział."),
    ),
    "day-passed": ErrorText(
        N_("Ten dzień już minął"),
        N_("Co liczyło się do dziś, liczy się dalej. Wybierz dziś albo później."),
    ),
    "tax-mode-unchanged": ErrorText(
        N_("Ten sposób już obowiązuje"), N_("Tego dnia nagrody są rozliczane właśnie tak.")
    ),
    "already-in-program": ErrorText(
        N_("Ta hurtownia już bierze udział"), N_("Znajdziesz ją na liście.")
    ),
    "part-begins-outside": ErrorText(
        N_("Udział nie może zacząć się tego dnia"),
        N_("Wybierz dzień od %(first)s do %(last)s."),
    ),
    "rules-start-too-early": ErrorText(
        N_("Za wczesny początek"), N_("Zasady zaczynają się najwcześniej jutro.")
    ),
    "code-refused": ErrorText(
        N_("Tego kodu nie możemy zaliczyć"),
        N_(
            "Sprawdź, czy jest z produktu tego programu. Jeśli jest, zgłoś go nam: wyjaśnimy "
            "to z producentem."
        ),
    ),
    "code-brings-nothing": ErrorText(
        N_("Ten kod nie przyniósłby dziś punktów"),
        N_(
            "Zasady nie mają dziś stawki za jednostkę produktu „%(product)s”. Kod zostaje "
            "niewykorzystany: zachowaj go, a zakup zgłoś fakturą albo paragonem."
        ),
    ),
    "codes-need-unit-rate": ErrorText(
        N_("Kod nie zna kwoty zakupu"),
        N_("Zasady liczą złote, a jest produkt z kodami: %(products)s. Ustal stawkę za jednostkę."),
    ),
    "code-mistyped": ErrorText(
        N_("W kodzie jest literówka"),
        N_("Kod ma 13 znaków w grupach po cztery. Przepisz go jeszcze raz albo zeskanuj."),
    ),
    "code-unknown": ErrorText(
        N_("Tego kodu nie ma w programie"), N_("Sprawdź, czy to kod z Waszej partii.")
    ),
    "code-spent": ErrorText(
        N_("Ten kod już nie działa"), N_("Został wykorzystany albo unieważniony wcześniej.")
    ),
    "code-already-yours": ErrorText(
        N_("Ten kod jest już wykorzystany przez Ciebie"), N_("Punkty za niego są na Twoim koncie.")
    ),
    "code-batch-not-found": ErrorText(
        N_("Nie ma takiej partii kodów"), N_("Sprawdź listę partii programu.")
    ),
    "codes-already-issued": ErrorText(
        N_("Te kody zostały już wydane"),
        N_("Nikt nie może ich odczytać drugi raz. Unieważnij partię i utwórz nową."),
    ),
    "prices-not-shared": ErrorText(
        N_("Punkty za wartość pokazałyby ceny"),
        N_("Hurtownie tego programu nie udostępniają cen. Ustal stawki za jednostkę."),
    ),
    "segment-not-found": ErrorText(
        N_("Nie ma takiego segmentu"), N_("Sprawdź listę segmentów programu.")
    ),
    "segment-in-use": ErrorText(
        N_("Ten segment mówi, kto może zgłaszać zakupy"),
        N_("Najpierw zmień to w ustawieniach programu."),
    ),
    "segment-name-taken": ErrorText(N_("Jest już segment o tej nazwie"), N_("Wybierz inną nazwę.")),
    "budget-overrun": ErrorText(
        N_("Budżet właśnie się skończył"), N_("Powtórz decyzję: policzymy ją od nowa.")
    ),
    "rehearsal-not-found": ErrorText(
        N_("Nie ma takiej próby"), N_("Uruchom próbę na stronie wersji zasad.")
    ),
    "product-import-not-found": ErrorText(
        N_("Nie ma takiego importu"), N_("Sprawdź adres albo wyślij plik jeszcze raz.")
    ),
    "branch-exists": ErrorText(N_("Jest już oddział o tej nazwie"), N_("Wybierz inną nazwę.")),
}
