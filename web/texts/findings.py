"""What a person reads about each finding of a reading, in gettext's source language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from web.texts.text import N_

# Code of `ocr.finding_codes` → sentence; its facts fill the placeholders.
FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "file-byte-order-mark": N_("Plik zaczyna się znacznikiem BOM, którego KSeF nie przyjmuje."),
        "file-encoding": N_("Plik nie jest w UTF-8 (%(encoding)s)."),
        "file-processing-instruction": N_(
            "Plik ma instrukcję przetwarzania, której KSeF nie przyjmuje."
        ),
        "file-too-large": N_("Plik jest za duży jak na fakturę w KSeF."),
        "form-unknown": N_("Nieznana wersja formularza: odczytano tyle, ile się dało."),
        "form-unsupported": N_("Tego formularza (%(form)s) program nie obsługuje."),
        "public-procurement": N_("To faktura z zamówienia publicznego (PEF)."),
        "schema-not-checked": N_("Zgodności ze schemą nie sprawdzono."),
        "schema-valid": N_("Plik jest zgodny ze schemą."),
        "schema-invalid": N_("Plik nie jest zgodny ze schemą."),
        "value-malformed": N_("Niepoprawna wartość w pliku: %(text)s."),
        "several-invoices": N_("Przysłano kilka faktur naraz. Odczytano pierwszą."),
        "xml-refused": N_("Jednego z załączonych plików XML nie da się odczytać (%(reason)s)."),
        "words-left-out": N_("Dokument jest bardzo długi: pominięto słowa z ostatnich stron."),
        "hidden-text-differs": N_(
            "Plik ma ukryty tekst z innymi liczbami niż widać na stronie. Odczytano to, co widać."
        ),
        "photo-blurred": N_("Zdjęcie jest nieostre."),
        "photo-too-dark": N_("Zdjęcie jest za ciemne."),
        "photo-too-far": N_("Zdjęcie zrobiono ze zbyt daleka."),
        "photo-glare": N_("Na zdjęciu odbija się światło."),
        "photo-cut-off": N_("Dokument jest ucięty na zdjęciu."),
        "photo-not-a-document": N_("Na zdjęciu nie widać dokumentu."),
        "second-slip": N_("Na zdjęciu jest więcej paragonów (%(slips)s). Odczytano największy."),
        "not-fiscal": N_("To wydruk niefiskalny, nie dowód zakupu."),
        "fiscal-marks-missing": N_("Nie widać tytułu paragonu fiskalnego ani numeru kasy."),
        "cancelled-slip": N_("Ten paragon anulowano na kasie."),
        "cancelled-item": N_("Pominięto sprzedaż wycofaną na kasie: %(name)s."),
        "copy-dropped": N_("Pominięto strony z kopią dokumentu."),
        "second-document": N_("W pliku jest druga faktura (%(number)s). Odczytano pierwszą."),
        "slip-beside": N_("W pliku jest też paragon (%(number)s). Odczytano fakturę."),
        "invoice-beside": N_("W pliku jest też faktura (%(number)s). Odczytano paragon."),
        "nip-checksum": N_("NIP %(value)s ma błędną cyfrę kontrolną."),
        "regon-checksum": N_("REGON %(value)s ma błędną cyfrę kontrolną."),
        "seller-without-number": N_("Sprzedawca nie ma NIP-u na dokumencie."),
        "seller-is-buyer": N_("Sprzedawca i nabywca to ta sama firma."),
        "buyer-without-number": N_("Nabywca nie ma NIP-u na dokumencie."),
        "buyer-corrected": N_("Korekta zmienia dane nabywcy."),
        "related-parties": N_("Sprzedawca i nabywca są powiązani (TP)."),
        "self-billing": N_("Fakturę wystawił nabywca (samofakturowanie)."),
        "receipt-invoice": N_("To faktura do paragonu: ten sam zakup ma też paragon."),
        "margin-scheme": N_("Faktura VAT marża: podatku nie widać."),
        "waiting-for-final-invoice": N_("To faktura zaliczkowa. Punkty da faktura końcowa."),
        "not-a-sale": N_("To nie dowód sprzedaży (na przykład WZ, oferta albo pro forma)."),
        "final-invoice": N_(
            "To faktura końcowa po zaliczkach: pozycje są pełne, choć do zapłaty jest reszta."
        ),
        "advance-correction": N_("Korekta zaliczki nie zmienia zaliczonych sztuk."),
        "simplified-invoice": N_("Faktura uproszczona: może brakować ilości i cen."),
        "invoice-type-unknown": N_("Nieznany rodzaj faktury: %(value)s."),
        "number-missing": N_("Dokument nie ma numeru."),
        "number-corrected": N_("Korekta podaje właściwy numer: %(number)s."),
        "sale-period": N_("Sprzedaż za okres od %(start)s do %(end)s."),
        "dates-unclear": N_("Na paragonie jest kilka dat: %(dates)s. Która jest dniem sprzedaży?"),
        "sale-dates-differ": N_("Pozycje sprzedano w różnych dniach (od %(first)s do %(last)s)."),
        "issued-before-ksef": N_("Data wystawienia jest starsza niż KSeF."),
        "currency-missing": N_("Dokument nie podaje waluty."),
        "foreign-currency": N_("Dokument jest w walucie %(currency)s."),
        "total-missing": N_("Dokument nie ma sumy."),
        "total-negative": N_("Suma jest ujemna, a to nie korekta."),
        "total-mismatch": N_("Netto i podatek nie dają kwoty brutto."),
        "rate-sum-mismatch": N_("Pozycje stawki %(rate)s nie dają jej sumy."),
        "line-sum-mismatch": N_("Pozycje nie dają sumy dokumentu."),
        "document-charge": N_("Dopłata albo rabat do całego dokumentu: %(amount)s."),
        "sum-differs": N_("Pozycje paragonu nie dają jego sumy."),
        "rows-unread": N_("Nie odczytano liczb w wierszach paragonu: %(rows)s."),
        "rate-tax-mismatch": N_("Podatek przy stawce %(rate)s nie zgadza się z kwotą netto."),
        "words-mismatch": N_("Kwota słownie jest inna niż suma."),
        "no-lines": N_("Dokument nie ma pozycji."),
        "rows-left-out": N_("Pominięto sumy pośrednie i opisy między pozycjami."),
        "line-without-quantity": N_("Pozycja %(line)s nie ma ilości."),
        "line-without-value": N_("Pozycja %(line)s nie ma wartości."),
        "line-product-mismatch": N_("Pozycja %(line)s: ilość razy cena nie daje wartości."),
        "line-tax-mismatch": N_("Pozycja %(line)s: podatek nie zgadza się ze stawką."),
        "gtin-checksum": N_("Pozycja %(line)s: kod EAN ma błędną cyfrę kontrolną."),
        "correction-without-original": N_("Korekta nie podaje, co koryguje."),
        "correction-without-rows": N_("Korekta podaje różnicę bez pozycji."),
        "correction-sum-mismatch": N_("Pozycje korekty nie wyjaśniają jej kwoty."),
        "correction-row-renamed": N_("Pozycja korekty ma inną nazwę niż przedtem."),
        "correction-tangled": N_("Pozycji korekty nie da się połączyć w pary."),
        "correction-quantity-missing": N_("Pozycja %(line)s korekty nie ma ilości przed albo po."),
        "correction-value-missing": N_("Pozycja %(line)s korekty nie ma wartości przed albo po."),
        "correction-unit-changed": N_("Pozycja %(line)s korekty zmienia jednostkę."),
        "correction-signs-unclear": N_(
            "Pozycja %(line)s korekty: znaki ilości i ceny się wykluczają."
        ),
        "correction-price-differs": N_(
            "Korekta liczy sztuki w innej cenie niż faktura: zmiana ceny czy ilości?"
        ),
        "correction-cancels-line": N_("Pozycja %(line)s korekty zeruje całą pozycję ceną."),
        "correction-row-not-found": N_("Pierwotny dokument nie ma takiego towaru."),
        "correction-row-ambiguous": N_("Korekta pasuje do kilku pozycji pierwotnego dokumentu."),
        "correction-units-unknown": N_("Nie wiadomo, ile sztuk zmienia korekta."),
        "correction-exceeds-original": N_("Korekta cofa więcej, niż zostało."),
        "correction-raises-quantity": N_("Korekta zwiększa ilość."),
        "referenced-number-checksum": N_("Wskazany numer KSeF %(value)s ma błędną sumę kontrolną."),
        "referenced-number-format": N_("Wskazany numer KSeF jest niepoprawny: %(value)s."),
        "kod1-not-official": N_("Kod QR nie jest kodem KSeF z oficjalnego adresu."),
        "kod1-seller-mismatch": N_("Kod QR podaje innego sprzedawcę (%(code)s) niż dokument."),
        "kod1-date-mismatch": N_("Kod QR podaje inną datę wystawienia (%(code)s) niż dokument."),
        "kod2-seller-mismatch": N_("Kod certyfikatu podaje innego sprzedawcę (%(code)s)."),
        "several-kod1": N_("Na dokumencie są kody kilku faktur."),
        "ksef-environment": N_("Kod QR pochodzi z testowego KSeF, nie z produkcyjnego."),
        "not-original-file": N_(
            "To nie jest oryginalny plik: zapisano go ponownie, bez zmiany treści."
        ),
        "xml-differs-from-code": N_("Plik XML nie jest tym, na który wskazuje kod QR."),
        "ksef-number-checksum": N_("Numer KSeF ma błędną sumę kontrolną."),
        "ksef-number-seller-mismatch": N_("Numer KSeF należy do innego sprzedawcy."),
        "ksef-number-before-issue": N_("Numer KSeF jest starszy niż data wystawienia."),
        "ksef-number-in-future": N_("Numer KSeF nosi datę, która jeszcze nie nadeszła."),
        "ksef-numbers-differ": N_("Na dokumencie są różne numery KSeF."),
        "ksef-number-expected": N_("Faktura między firmami powinna mieć numer KSeF."),
        "ksef-offline-pending": N_(
            "Wydruk offline: w chwili wydruku faktury nie było jeszcze w KSeF."
        ),
        "upo-not-verified": N_("UPO pasuje do faktury, ale jego podpisu nie sprawdzono."),
        "upo-of-other-invoice": N_("Przysłane UPO dotyczy innego dokumentu."),
        "print-differs-from-xml": N_("Wydruk pokazuje co innego niż plik XML."),
        "upo-of-several": N_("UPO nie wskazuje jednej faktury."),
    }
)
