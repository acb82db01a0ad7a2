"""What is printed beside values on purchase documents, by meaning: our lexicon and its lookup.

Keys are compared *squeezed*: case folded, without diacritics, blanks and punctuation, because
narrow columns break words anywhere and engines lose blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

_FOLD = str.maketrans({"ł": "l", "Ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_KEEP = re.compile(r"[^0-9a-z%#]+")
_MIN_FUZZY = 5  # shorter labels are too near to other words


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Lower case letters, digits, % and # alone: `"Cena jedn. netto"` → `"cenajednnetto"`."""
    folded = unicodedata.normalize("NFKD", text.translate(_FOLD).casefold().translate(_FOLD))
    return _KEEP.sub("", folded)


# Columns of line tables. `price` and `value` say nothing about tax: arithmetic decides.
COLUMNS: Mapping[str, str] = {
    "no": """lp|l.p.|poz|poz.|nr|pozycja|pos|pos.|position|no|no.|item no|line|line no|ligne|ligne fact|# ligne fact
        |numer wiersza|nr wiersza|num|nr poz|poz faktury|poz faktury vat|numer wiersza faktury|s.no|s. no|sl no|sr no|lfd nr|lfd. nr.|pozycji
        |pol.|positie|regel|#|n|nr.|item #|lp. na fakturze|id""",
    "row_id": "numer umowy / zamów.|unikalny numer wiersza|uniwersalny unikalny numer wiersza|uniwersalny unikalny numer wiersza faktury|unikalny nr wiersza",
    "name": """nazwa|nazwa towaru|nazwa towaru lub usługi|nazwa towaru/usługi|nazwa towaru usługi|nazwa (rodzaj) towaru lub usługi
        |towar/usługa|towar|artykuł|opis|asortyment|produkt|nazwa artykułu|nazwa usługi|nazwa usługi / towaru|nazwa usługi towaru
        |nazwa produktu|nazwa produktu lub usługi|nazwa produktu/usługi|nazwa towaru i usługi|nazwa towarów|nazwa towarów i usług|nazwa (rodzaj) usługi|usługa|wyszczególnienie
        |przedmiot sprzedaży|przedmiot|opis towaru|opis usługi|tytuł|treść|nazwa towaru lub usługi (rodzaj)|nazwa pozycji|rodzaj towaru lub usługi
        |towar lub usługa|towary i usługi|nazwa i opis|nazwa towaru, usługi|nazwa towaru/ usługi, pkwiu|specyfikacja|nazwa asortymentu|nazwa wyrobu
        |description|item|product|item description|product description|description of goods|description of service|details|particulars|service|goods|article|articles|product name|item name|products|items|service description|name|item & description
        |beschreibung|bezeichnung|artikelbeschreibung|artikelbezeichnung|artikel|produkt|produktbezeichnung|leistung|leistungsbeschreibung|bezeichnung der leistung|warenbezeichnung|text|artikel bezeichnung|artikel beschreibung|positionsbeschreibung|artikelname|ware|produktname|artikel/leistung|dienstleistung
        |designation|désignation|libellé|description|nom & designation|nom et désignation|article|produit|désignation des produits|désignation article|intitulé|désignation produit|prestation
        |omschrijving|product|artikelomschrijving|beschrijving|descrizione|descripción|concepto|popis|označení""",
    "code": """indeks|kod|kod towaru|symbol|nr kat.|nr katalogowy|numer katalogowy|nr art.|nr artykułu|kod produktu|sku|index|katalogowy|kod dostawcy|nr kat|indeks towaru|kod art|kod artykułu|symbol towaru|id produktu|kod/ean|indeks katalogowy|nr indeksu|symbol/indeks|katalog
        |art-nr|artnr|art.nr.|art. nr.|art.-nr.|artikelnr|artikelnr.|artikelnummer|artikel-nr.|artikel-nr|bestell-nr|bestellnummer|bestellnr|materialnummer|referenzen|artikel nr|produktnummer|art. no.|item number|item no|part no|part no.|part number|product code|product no|product id|code|item code|article no|article number|article code|ref|ref.|réf|réf.|référence|reference|code article|article n°|référence article|code produit|code article, reference|# ligne bc code article, reference|artikelcode|productcode|style|model|asin""",
    "gtin": "ean|gtin|kod kreskowy|kod ean|kod paskowy|ean13|ean-13|ean/gtin|gtin/ean|barcode|ean code|ean kod|upc|isbn|kod ean/gtin|gencod|gencode",
    "classification": """pkwiu|pkwiu/cn|cn|pkob|ku|gtu|symbol pkwiu|pkwiu / cn|pkwiu/pkob|symbol pkwiu/pkob|sww/ku|cn/pkwiu|pkwiu cn|hs code|hsn|hsn code|hsn/sac|zolltarif|zolltarifnummer|kod cn|pkwiu lub cn|klasyfikacja|pkwiu/cn/pkob|kod gtu|oznaczenie gtu|gtu/pkwiu
        |klasyfikacja towaru i usługi|sww|oznaczenia dotyczące procedur|oznaczenie procedury|procedura|oznaczenia procedury""",
    "quantity": """ilość|il.|ilość/j.m.|liczba|szt.|ilosc|ilość wydana|ilość jm|ilość j.m.|ilość szt|ilość szt.|ilość [szt.]|ilość sztuk|ilość/jm|ilość (szt.)|ilość towaru|ilość i j.m.|wydano|ilość fakturowana|liczba sztuk|ilość / j.m.|ilość jedn|ilość jednostek
        |quantity|qty|qty.|quantity unit|units|pcs|shipped|qty shipped|quantity ordered|hours|hrs|no. of units|qnt|q-ty|billed qty|quantity invoiced
        |menge|anzahl|mengeeinheit|menge einheit|menge/einheit|stück|stk|stück/menge|stunden|menge eh|std|anz|anz.|menge me|liefermenge|rechnungsmenge
        |quantité|qté|qte|quantite|qté facturée|quantités|nombre|aantal|hoeveelheid|quantità|cantidad|množství|mennyiség""",
    "unit": """j.m.|jm|jm.|j.m|jedn.|jednostka|miara|jednostka miary|jedn. miary|j. m.|jedn.m.|jedn|jm/opak|j.miary|j. miary|unit|uom|u/m|um|einheit|eh|me|einh.|einh|mengeneinheit|unité|unite|u.|unité pour p.u.|unit for p.u.|eenheid|unit of measure|m.j.""",
    "price_net": """cena netto|cena jedn. netto|cena jednostkowa netto|c. netto|cena j. netto|cena bez podatku|cena netto [zł]|cena netto zł|cena netto pln|cena jedn. netto pln|cena jedn. netto [zł]|cena n.|c. jedn. netto|cena jedn netto zł|cena sprzedaży netto|cena jedn. bez podatku|cena jednostkowa bez podatku|cena jednostkowa netto pln|cena jednostkowa (netto)|cena (netto)|cena jedn. (netto)|netto cena|cena netto (zł)|cena netto (pln)
        |unit price excl. vat|net price|unit net price|price net|unit price net|net unit price|price excl. vat|unit price (net)|unit price excl. tax|price (net)|unit price ex vat|unit cost net|price per unit net
        |nettopreis|netto-preis|einzelpreis netto|preis netto|e-preis netto|stückpreis netto|ep netto|netto einzelpreis|nettoeinzelpreis|einzelpreis (netto)|preis (netto)
        |prix unitaire ht|pu ht|p.u. ht|prix ht|p.u. ht (eur)|prix unitaire (ht)|p.u. h.t.|prix unit. ht|prix unitaire hors taxe|prijs excl. btw|stuksprijs excl. btw|prijs ex btw|prijs excl btw|prijs per stuk excl. btw""",
    "price_gross": """cena brutto|cena jedn. brutto|cena jednostkowa brutto|cena z vat|cena j. brutto|cena brutto [zł]|cena brutto zł|cena brutto pln|cena z podatkiem|c. brutto|cena jedn. z podatkiem|cena (brutto)|cena sprzedaży brutto|cena jednostkowa z podatkiem|cena detaliczna brutto|cena jednostkowa brutto pln|brutto cena
        |price incl. vat|unit price incl. vat|gross price|unit price gross|price gross|unit gross price|price (gross)|price inc vat
        |einzelpreis brutto|preis brutto|stückpreis brutto|ep brutto|brutto-preis|prix unitaire ttc|pu ttc|p.u. ttc|prix ttc|prijs incl. btw|stuksprijs incl. btw|prijs per stuk incl. btw""",
    "price": """cena|cena jedn.|cena jednostkowa|cena jedn|cena j.|cena zł|cena za szt|cena za szt.|cena [zł]|cena jedn. zł|cena jednostkowa [zł]|cena jedn. [zł]|cena w zł|cena pln|cena/szt|cena za sztukę|cena jednostkowa zł|cena jednostk.|c.j.|cena jm|cena/jm
        |price|unit price|rate|price per unit|unit cost|price/unit|price each|unit price (eur)|each|unit rate|price eur
        |einzelpreis|preis|stückpreis|e-preis|ep|preis/einheit|einzel|einzelpreis €|einzelpreis eur|preis €|preis eur|e.-preis|preis pro einheit|einzel-preis|listenpreis|preis/einh.|stk-preis|einzelpr.
        |prix unitaire|pu|p.u.|prix|prix unit.|prix unit|prijs|stukprijs|stuksprijs|eenheidsprijs|tarief|prezzo|precio|prezzo unitario|precio unitario|prijs per stuk""",
    "list_price": "cena katalogowa|cena kat.|cena przed rabatem|cena bazowa|cena netto przed rabatem|cena podstawowa|cena cennikowa|cena katalogowa netto|list price|bruttopreis|cena regularna|cena jedn. przed rabatem|cena wyjściowa|cena netto katalogowa",
    "discount": """rabat|rabat %|rab.|upust|opust|bonifikata|skonto|% rab.|zniżka|rabat [%]|rabat (%)|opusty i obniżki cen|opusty|opust %|upust %|rabaty|rabat%|rab. %|rabat netto|rab|kwota rabatu|rabat kwotowy|% rabatu|wartość rabatu|obniżka|rabat w %|bonus
        |discount|disc.|disc|disc %|discount %|discounts|nachlass|rab %|rabatt|rabatt %|rabatt in %|abschlag|nachlass %|remise|remise %|rem.|remise (-) charge (+)|remise (-) charge (+) (eur)|rem. %|réduction|korting|korting %|sconto|descuento""",
    "price_after": "cena po rabacie|cena netto po rabacie|cena po upuście|cena netto po upuście|cena po opuście|cena jedn. po rabacie|cena z rabatem|cena netto z rabatem|cena jedn. netto po rabacie|cena jednostkowa po rabacie|cena jednostkowa netto po rabacie|cena po rab.|discounted price|net price after discount",
    "net": """suma wartości sprzedaży netto|basisbetrag|base tva|nettosumme|net amout|podstawa opodatkowania|wartość netto|wart. netto|kwota netto|netto|wartość bez podatku|wartość sprzedaży netto|wartość towarów (usług) bez podatku|wartość netto [zł]|wartość netto zł|wartość netto pln|wartość towarów bez podatku|wartość sprzedaży bez podatku|suma netto|razem netto|wart netto|wartość (netto)|netto pln|netto zł|netto [zł]|kwota netto pln|w. netto|wartość netto po rabacie|należność netto|wartość n.|wartość towaru lub usługi bez podatku|wartość bez vat|netto wartość|wartość netto (zł)|wartość netto (pln)|kwota bez podatku|wartość sprzedaży netto (pln)
        |net amount|amount excl. vat|line amount excl. vat|net value|total net|net|net total|amount (net)|taxable value|total excl. vat|total (net)|subtotal|amount ex vat|line total excl. vat|taxable amount|net worth|total excl. tax|amount excl. tax|line net
        |nettobetrag|netto-betrag|gesamt netto|netto gesamt|betrag netto|nettowert|gesamtpreis netto|netto eur|summe netto|nettosumme|netto-summe|netto €|gesamtnetto|netto-wert|nettogesamt|zeilensumme netto
        |total ht|montant ht|total ht (eur)|total h.t.|montant h.t.|prix total ht|total hors taxe|valeur ht|bedrag excl. btw|totaal excl. btw|totaal excl btw|subtotaal|bedrag excl btw""",
    "vat_rate": """stawka vat|vat %|vat|st. vat|% vat|stawka podatku|ptu|stawka|vat[%]|stawka vat %|stawka vat [%]|vat (%)|st. vat %|stawka podatku vat|stawka (%)|vat stawka|% podatku|stawka %|st. podatku|st.vat|s.vat|podatek %|podatek vat %|vat st.|staw. vat|stawka pod.|st.
        |vat rate|tax rate|tax %|vat%|tax|rate of vat|vat code|vat rate %|gst %|gst rate|btw/vat
        |steuersatz|mwst|mwst.|mwst. %|ust|ust.|ust %|ust.-satz|mwst.-satz|mwst-satz|steuersatz [%]|ust. satz|steuer|mwst %|steuer %|ust-satz|mwst-%|ust.%|ust-%|satz|st.-satz|st%|mwst in %|steuercode
        |tva|taux|taux tva|tva %|% tva|taux de tva|tva (%)|code tva|btw|btw %|btw%|btw-tarief|% btw|btw tarief|iva|dph""",
    "vat": """kwota podatku od sumy wartości sprzedaży netto|kwota vat|wartość vat|podatek|kwota podatku|podatek vat|wart. vat|vat kwota|kwota vat [zł]|kwota vat zł|vat zł|kwota podatku vat|vat [zł]|vat (zł)|kwota vat pln|vat pln|kw. vat|podatek vat kwota|wartość podatku|suma vat|razem vat|wartość sprzedaży vat|kwota podatku pln|podatek kwota|wartość podatku vat|podatku kwota
        |vat amount|tax amount|amount of vat|vat value|total vat|vat total|igst|cgst|gst amount
        |steuerbetrag|mwst-betrag|mwst.-betrag|ust-betrag|ust.-betrag|mwst. eur|mwst eur|mwst €|umsatzsteuer|mehrwertsteuer|ust betrag|steuer eur|steuerbetrag eur
        |montant tva|tva (eur)|montant de la tva|total tva|btw bedrag|btw amount|btw-bedrag|bedrag btw""",
    "gross": """wartość brutto|wart. brutto|kwota brutto|brutto|wartość z podatkiem|wartość sprzedaży brutto|wartość brutto [zł]|wartość brutto zł|wartość brutto pln|suma brutto|razem brutto|wart brutto|wartość (brutto)|należność|brutto pln|brutto zł|brutto [zł]|kwota brutto pln|w. brutto|wartość towarów (usług) z podatkiem|wartość z vat|należność ogółem|należność brutto|brutto wartość|wartość sprzedaży z podatkiem|wartość brutto (zł)|wartość brutto (pln)|wartość towaru lub usługi wraz z podatkiem|kwota z podatkiem|wartość wraz z podatkiem
        |gross amount|total incl. vat|amount incl. vat|gross value|gross|gross total|total gross|line amount incl. vat|total incl. tax|gross worth|total (gross)|line total incl. vat
        |brutto eur|bruttobetrag|gesamt brutto|brutto-betrag|gesamtpreis brutto|betrag brutto|bruttosumme|brutto €|summe brutto|bruttowert
        |total ttc|montant ttc|prix total ttc|total t.t.c.|bedrag incl. btw|totaal incl. btw|totaal incl btw""",
    "value": """wartość|kwota|suma|razem|wartość sprzedaży|cena łączna|łączna cena|wart.|wartość zł|wartość [zł]|wartość pln|łącznie|wartość łączna|kwota razem|wartość po rabacie|wartość sprzedaży netto/brutto
        |amount|total|line total|value|total price|total amount|price total|ext. price|extended price|total (eur)|amount (eur)|line amount|total eur|sum|cost|subtotal amount
        |betrag|summe|gesamt|gesamtpreis|gesamtbetrag|gesamtsumme|gesamt €|betrag €|gesamt eur|betrag eur|preis gesamt|g-preis|gp|gesamtpr.|positionsbetrag|betrag in eur|gesamt-preis|summe €|gesamtpreis €|gesamtpreis eur|zeilensumme
        |montant|total|prix total|somme|montant total|bedrag|totaal|totaalprijs|totaalbedrag|importo|importe|totale""",
    "before": "stan przed|znacznik stanu przed korektą|stan przed korektą|znacznik dla stanu przed korektą",
    "date": "data dostawy / wykonania|data dostawy|data dostawy/wykonania|data dokonania lub zakończenia dostawy towarów lub wykonania usługi lub data otrzymania zapłaty|data sprzedaży|data|date|datum|shipment date|delivery date|lieferdatum|data wykonania|leistungsdatum|data usługi",
    "other": """oznaczenie dotyczące dostawy towarów i świadczenia usług lub procedury|kwota podatku akcyzowego|kwota podatku akcyzowego zawarta w cenie towaru|kurs waluty|stawka podatku oss|stawka podatku od wartości dodanej|znacznik dla towaru lub usługi z zał. nr 15 do ustawy|znacznik dla towaru lub usługi z załącznika nr 15 do ustawy|znacznik dla towaru z zał. 15|kategoria|uwagi|rozmiar|size|kolor|color|nr partii|seria|data ważności|waga|magazyn|lot|batch|weight|kaucja|gwarancja|opakowanie
        |oznaczenie dotyczące procedury|termin|nr zamówienia|nr dostawy|order no|lieferschein|podstawa prawna|kwota podatku od sumy wartości sprzedaży netto, przeliczona|kwota podatku od wartości dodanej w przypadku|zu-/abschlag|warenwert|art (kategorie)|code|nr seryjny|numer seryjny|serial no|kraj|country of origin|origin|warranty|kod waluty|kurs""",
}

# Header fields and the labels of values that must not be taken for one of them.
FIELDS: Mapping[str, str] = {
    "number": """numer faktury|nr faktury|faktura nr|faktura vat nr|faktura numer|faktura vat numer|numer dokumentu|nr dokumentu|nr dok.|dokument nr|faktura vat|fv nr|faktura sprzedaży nr|faktura sprzedaży|numer faktury vat|nr faktury vat|faktura korygująca nr|faktura vat korygująca nr|faktura korygująca|faktura vat korygująca|korekta nr|korekta faktury nr|faktura zaliczkowa nr|faktura vat zaliczkowa nr|faktura końcowa nr|faktura rozliczeniowa nr|faktura proforma nr|faktura pro forma nr|faktura uproszczona nr|faktura vat marża nr|faktura marża nr|faktura vat mp nr|faktura do paragonu nr|rachunek nr|numer|faktura fiskalna nr|faktura fiskalna|f-ra nr|faktura #|faktura vat #|faktura nr.|nr faktury korygującej|numer faktury korygującej|faktura|faktura marża|faktura vat marża|faktura końcowa|faktura zaliczkowa|faktura wewnętrzna nr|faktura vat sprzedaży nr|faktura ue nr|faktura wdt nr|faktura vat ue nr|faktura eksportowa nr|duplikat faktury nr|faktura vat rr nr|faktura zbiorcza nr|faktura elektroniczna nr|e-faktura nr
        |kolejny numer faktury|kolejny numer faktury, nadany w ramach jednej lub więcej serii, który w sposób jednoznaczny identyfikuje fakturę
        |invoice|invoice no|invoice no.|invoice number|invoice #|invoice nr|invoice id|invoice n°|tax invoice no|tax invoice no.|vat invoice no|bill no|document no|document no.|document number|tax invoice|vat invoice|sales invoice|credit note no|credit note no.|credit note number|credit note #|credit memo no|credit note|invoice ref|inv no|bill number|invoice reference|order invoice no
        |rechnung|rechnungsnummer|rechnungs-nr|rechnungs-nr.|rechnung nr|rechnung nr.|rechnungsnr|rechnungsnr.|rechnung #|rechnung-nr|re-nr|re-nr.|belegnummer|belegnr|beleg-nr|rg-nr|rechnung nummer|rechnungs nr|gutschrift|gutschrift nr|gutschriftsnummer|gutschrift-nr.|handelsrechnung nr|re.-nr.|beleg-nr.|rechnung no|rg.-nr.|abschlagsrechnung nr|teilrechnung nr|schlussrechnung nr|korrekturrechnung nr|stornorechnung nr|rechnungskorrektur nr|dokumentnummer|dokument-nr|dokument-nr.|lfd. rechnungsnummer|fakturanummer|faktura nr
        |facture|facture n°|facture n|facture no|facture nº|n° facture|n° de facture|numéro de facture|numero de facture|facture numéro|no facture|no de facture|avoir n°|avoir no|num. facture|référence facture|facture d'avoir n°|numéro d'avoir
        |factuurnummer|factuur|factuurnr|factuur nr|factuurnr.|betaaloverzichtnummer|nummer factuur|factuur nummer|fattura n|fattura n.|numero fattura|factura nº|número de factura|faktura č|faktura číslo|číslo faktury|fakturanr""",
    "issue_date": """data wystawienia|data wyst.|wystawiono dnia|wystawiona dnia|data faktury|data dokumentu|z dnia|data i miejsce wystawienia|miejsce i data wystawienia|data wystawienia faktury|wystawiono|data wystawienia dokumentu|wystawiona|wystawiono w dniu|data wystaw.|data wystawienia faktury korygującej|data wystawienia, z zastrzeżeniem art. 106na ust. 1 ustawy|z data wystawienia|dnia|dn.|z dn.|data wystawienia/sprzedaży|data wystawienia i sprzedaży|data wystawienia korekty|faktura wystawiona|faktura wystawiona dnia|data sporządzenia|wystawiono w|miejsce wystawienia, data|miejscowość i data wystawienia|data wystawienia i dostawy|data wystawienia oraz sprzedaży|data wystawienia / data sprzedaży|wystawiona w dniu
        |invoice date|date of issue|issue date|issued at|issued on|issued|date issued|date|invoice dated|dated|bill date|document date|tax date|date of invoice|credit note date|inv date|invoice issue date|billing date|posting date
        |rechnungsdatum|datum|belegdatum|rechnung vom|vom|ausstellungsdatum|re-datum|rechnungsdat.|den|liefer- und rechnungsdatum|rechnungs- und lieferdatum|datum der rechnung|rechnungs-datum|ausgestellt am|gutschriftsdatum|rechnungsdatum/lieferdatum|rechnungsdatum = lieferdatum|rechnungs-/lieferdatum|dokumentdatum|lieferdatum/rechnungsdatum|lieferdatum = rechnungsdatum|rg-datum|rg.-datum|erstellt am|druckdatum
        |date de facture|date facture|date de facturation|date d'émission|date d'emission|émis le|le|du|date de la facture|en date du|date d'édition|factuurdatum|datum factuur|betaaloverzichtdatum|data fattura|fecha de factura|fecha|datum vystavení|data di emissione|fecha factura""",
    "sale_date": """data sprzedaży|data dostawy|data wykonania usługi|data zakończenia dostawy|data dokonania dostawy|data dokonania lub zakończenia dostawy towarów lub wykonania usługi|data wydania|data sprzed.|okres sprzedaży|data dostawy/wykonania|data wykonania|data dostawy / wykonania usługi|data dostawy/ wykonania usługi|data zakończenia|data sprzedaży/dostawy|data sprzedaży / wykonania usługi|data dostawy towaru|data zakończenia dostawy/usługi|data zakończenia dostawy lub wykonania usługi|data dostawy lub wykonania usługi|data zakończenia dostawy towarów lub wykonania usług|data dostawy towarów|data sprzedaży towaru|miesiąc sprzedaży|data dokonania sprzedaży|data otrzymania zapłaty|data otrzymania zaliczki|data zakończenia usługi|data usługi|okres rozliczeniowy|data dokonania dostawy lub wykonania usługi
        |data dokonania lub zakończenia dostawy towarów lub wykonania usługi lub data otrzymania zapłaty
        |date of sale|sale date|delivery date|date of delivery|supply date|date of supply|service date|ship date|shipping date|shipment date|dispatch date|tax point|date of transaction|service period|billing period|period|date shipped
        |lieferdatum|leistungsdatum|liefer- und leistungsdatum|leistungszeitraum|abrechnungszeitraum|liefertermin|liefer-/leistungsdatum|lieferzeitraum|lieferung|leistung vom|datum der lieferung|liefer-/leistungszeitraum|lieferdatum/leistungsdatum|tag der lieferung
        |date de livraison|date livraison|date de debut de prestation|date de fin de prestation|période|periode|date de prestation|date de vente|date d'exécution|aankoopdatum|leverdatum|leveringsdatum""",
    "due_date": """termin płatności|termin zapłaty|płatne do|zapłata do|data płatności|data zapłaty|termin|płatność do|do dnia|zapłacono dnia|termin płatn.|termin i sposób zapłaty|termin zwrotu|płatność|data wpływu|termin zapłaty do
        |due date|payment due|due|pay by|due by|payment date|date due|payment due date|please remit until|pay before|valid until|payable by|expiry date|remit until
        |fälligkeit|fällig am|fällig|zahlbar bis|fälligkeitsdatum|zahlungsziel|zahlungstermin|zahlbar|bitte überweisen sie bis|bitte überweisen sie bis zum|zahlungsfrist|bis zum|valuta|gültig bis|fälligkeitstermin|zahlung bis
        |date d'échéance|échéance|date echeance|à payer avant le|date limite de paiement|à régler avant|vervaldatum|vervaldag|betalen voor|uiterste betaaldatum|scadenza|vencimiento|splatnost|datum splatnosti""",
    "order_no": """zamówienie nr|nr zamówienia|numer zamówienia|zam.|zlecenie nr|zamówienie|data zamówienia|nr zlecenia|umowa nr|nr umowy|numer umowy|zlecenie|zamówienie z dnia|numer zlecenia|do zamówienia|nr zam.|zam. nr|nr oferty|oferta nr|projekt
        |order no|order no.|order number|your order|purchase order|po number|p.o. number|order id|order date|customer order|your reference|our reference|contract no|sales order|po no|po #|reference|order|contract|project|your ref|our ref|order reference|quote no|job no|ordered on
        |bestellnummer|ihre auftragsnummer|auftragsnummer|auftrag|bestellung|bestell-nr.|auftrags-nr.|auftragsnr|bestellung nr. kunde|bestelldatum|vertrag|vertragsnummer|projekt|leasingnummer|ihre bestellung|auftrag nr|bestellung nr|ihr zeichen|unser zeichen|ihre bestellnummer|bestellnr|angebot|angebotsnummer|auftragsdatum|kommission|ihre referenz|unsere referenz|referenz|vorgangsnummer|vorgang
        |n° bon de commande|n° de commande|commande n°|commande|n° bon de vente|n° contrat|ref projet|bon de commande|référence commande|n° devis|bestelnummer|besteldatum|ordernummer|referentie|uw referentie|kenmerk
        |cadre de facturation|reference avis de paiement|zahlungsreferenz|referenz des käufers|buchungsreferenz|weitere referenz|numer partii towaru|numery wcześniejszych faktur zaliczkowych|numer umowy zamów""",
    "delivery_no": "wz nr|nr wz|numer wz|numery dokumentów magazynowych wz|dotyczy wz|dokument wz|wz|paragon nr|nr paragonu|do paragonu|paragon|lieferschein|lieferschein nr|lieferscheinnummer|lieferscheinnr|lieferschein-nr.|delivery note|delivery no|shipment no|n° bon de livraison|n° bon de reception|bon de livraison|pakbon|tracking|tracking no|package tracking no|numer przesyłki|nr przesyłki|list przewozowy|waybill|sendungsnummer|numer dokumentu magazynowego",
    "corrected_no": """do faktury|dotyczy faktury|korekta do faktury|faktura korygowana|numer faktury korygowanej|do dokumentu|do faktury nr|dotyczy faktury nr|do faktury vat nr|faktura pierwotna|nr faktury korygowanej|korekta do faktury nr|korygowana faktura|do faktury vat|faktury nr|dotyczy dokumentu|dokument korygowany|dotyczy faktury vat|dotyczy faktury vat nr|do dok.|korekta dokumentu|koryguje fakturę|faktura źródłowa|nr dokumentu korygowanego|numer dokumentu korygowanego|korekta faktury vat nr|poprawny numer faktury korygowanej|numer faktury pierwotnej
        |original invoice|corrected invoice|original invoice no|for invoice|credit for invoice|relating to invoice|correction of invoice|corrects invoice|zu rechnung|zur rechnung|korrigierte rechnung|originalrechnung|zu rechnung nr|gutschrift zu rechnung|storno zu rechnung|n° de facture associée|facture associée|facture d'origine|avoir sur facture|oorspronkelijke factuur|creditnota op factuur|bezug|vorausgegangene rechnung""",
    "corrected_date": "data wystawienia faktury, której dotyczy faktura korygująca|data faktury korygowanej|data wystawienia faktury korygowanej|z dnia faktury|date de facture associée|data dokumentu korygowanego|original invoice date|data sprzedaży faktury korygowanej|data faktury pierwotnej|datum der originalrechnung",
    "correction_reason": "przyczyna korekty|przyczyna korekty dla faktur korygujących|powód korekty|tytuł korekty|opis korekty|reason for correction|korrekturgrund|przyczyna|tytułem|reason|motif|grund der korrektur|reason for credit",
    "ksef_number": "numer ksef|nr ksef|numer identyfikujący fakturę w ksef|ksef|numer w ksef|nr w ksef|identyfikator ksef|numer ksef faktury|ksef id|id ksef|ksef nr",
    "corrected_ksef": "numer ksef faktury korygowanej|nr ksef faktury korygowanej|numer identyfikujący fakturę korygowaną w ksef",
    "vat_id": """nip|n.i.p.|nip ue|vat id|vat-ue|nip nabywcy|nip sprzedawcy|nip kupującego|nr identyfikacji podatkowej|nip/vat|vat ue|nip/pesel|nr nip|numer nip|numer identyfikacji podatkowej|nip-ue|nip/vat ue|nip / vat ue|nip vat ue|eu vat|identyfikator podatkowy|numer vat|nr vat|nr vat ue|numer vat-ue|vat-eu|nip eu|vat eu|nip pl
        |vat registration no|vat registration no.|vat no|vat no.|vat number|vat reg no|vat reg. no.|vat-id|tax id|gst no|gstin|tin|vat|vat reg|vat registration number|vat nr|vat id no|tax number|company vat|vat reg no|vat-nr|tax reg no|vat id number|vat/tin|tin no|eu vat number|vat identification number|vat tin
        |ust-id|ust-idnr|ust-idnr.|ust.-id.-nr.|ust-id-nr|ust-id-nr.|ustidnr|ust.-idnr.|umsatzsteuer-id|umsatzsteuer-identifikationsnummer|ust id|ust.id|mwst-nr|uid|uid-nr|uid-nr.|uid nummer|ust-id.|umsatzsteuer-identnummer|umsatzsteuer-id-nr.|umsatzsteuer id|ustid|ust.-id|ust-ident-nr|ust-identnr|mwst.-nr.|uid-nummer|umsatzsteuernummer|umsatzsteuer-idnr.|umsatzsteueridentifikationsnummer|ust. id|ust ident nr
        |n° tva|n° tva intra|tva intra|tva intracommunautaire|n° tva intracommunautaire|numéro de tva|n° de tva|tva|id tva|num tva|no tva|n° tva intracom|tva intracom|numéro tva intracommunautaire|n°tva|id. tva
        |btw nr|btw nr.|btw-nummer|btw nummer|btw|btw-nr|btwnr|btw-id|btw id|btw nr. nl|btw-nr.|btw identificatienummer|partita iva|p.iva|cif|nif|p. iva|dič|dic|ičo dph|áfa szám|cui""",
    "tax_no": "regon|krs|bdo|steuernummer|st.-nr.|steuer-nr|st-nr|steuer-nr.|siret|siren|siren / siret|rcs|hrb|hra|handelsregister|handelsregisternummer|kvk|kvk utrecht|company no|registration no|company reg|pesel|nr rejestrowy bdo|gln|duns|eori|handelsregisternr|cin|pan|reg. no|nr rejestrowy|company number|registered number|ust-nr|amtsgericht|registergericht|r.c.s.|naf|ape|odette",
    "account": "nr konta|numer konta|rachunek bankowy|nr rachunku|konto bankowe|konto|iban|bank|numer konta bankowego|nr rachunku bankowego|pełny numer rachunku|numer rachunku|swift|bic|swift / bic|account|account no|account number|kontonummer|konto-nr|blz|bankverbindung|bankverbindungen|kontoinhaber|account holder|kontoname|compte|bic/swift|kod swift|nazwa banku|rachunek|sort code|bankleitzahl|rekeningnummer|verkäufer-bic|swift code|giro no|numer rachunku bankowego|nr konta bankowego|bank account|iban nr|rib|bankkonto|mandate|rachunek bankowy nr|wpłaty na konto|konto nr|beneficiary|bank name",
    "contact": "tel|tel.|telefon|fax|faks|e-mail|email|mail|www|internet|phone|fon|téléphone|mobil|mobile|kom.|tel./fax|telefax|website|web|home page|strona www|adres e-mail|numer telefonu|contact|kontakt|ansprechpartner|telefoon|handy|tel/fax|infolinia",
    "customer_no": "numer klienta|nr klienta|kod klienta|nr kontrahenta|numer karty klienta|id klienta|kod kontrahenta|nr karty|customer no|customer no.|customer number|customer id|account number|customer|kundennummer|kunden-nr|kunden-nr.|kundennr|kundennr.|kd-nr|kd.-nr.|debitorennummer|debitor|ihre nummer|n° de client|n° client|client n°|code client|klantnummer|klantnr|relatienummer|kunde|ihre kundennummer|numéro client|debiteurnummer|bill to customer no|kd-nr.|cust no|account no|kunden nr",
    "other": "typ skutku korekty|okres, którego dotyczy rabat|kurs waluty|prefiks vat|kurs umowny|waluta umowna",
    "currency": "waluta|kod waluty|currency|währung|devise|valuta|kod waluty (iso 4217)|w walucie|faktura wystawiona w walucie|rechnungswährung|waluta faktury|munt|invoice currency|waluta dokumentu|monnaie",
    "payment": "forma płatności|sposób zapłaty|sposób płatności|forma zapłaty|metoda płatności|płatność|payment method|payment terms|zahlungsart|zahlungsbedingungen|zahlungsweise|moyen de paiement|mode de paiement|betaalwijze|betalingswijze|terms|conditions de paiement|payment|metoda zapłaty|warunki płatności|zahlungsbedingung|mode de règlement|sposób dostawy|shipment method|versandart|warunki dostawy",
    "place": "miejsce wystawienia|miejsce wystawienia faktury|place of issue|miejscowość|ort|lieu|ausstellungsort|miejsce wyst.",
    "page": "strona|page|seite|pagina|str.|von seiten|blatt|strona nr|seite von|str",
}

# Headings of the parties' blocks.
PARTIES: Mapping[str, str] = {
    "seller": """sprzedawca|sprzedający|wystawca|dostawca|podatnik|dane sprzedawcy|firma|dane wystawcy|wystawca faktury|sprzedawca / wystawca|nazwa sprzedawcy|sprzedawca (wystawca)|usługodawca|sprzedawca/wystawca|sprzedawca towaru|wykonawca|dane firmy|zleceniobiorca|sprzedawca/dostawca|dostawca/sprzedawca|dostawca / sprzedawca
        |seller|supplier|vendor|from|sold by|issued by|bill from|service provider|invoice from|seller details|merchant|supplier details|company|shipped from
        |verkäufer|lieferant|rechnungssteller|absender|leistungserbringer|auftragnehmer|verkaeufer|rechnungsaussteller|anbieter|aussteller
        |vendeur|fournisseur|émetteur|emetteur|prestataire|verkoper|leverancier|afzender|dodavatel|fornitore|proveedor|prodávající""",
    "buyer": """nabywca|kupujący|klient|kontrahent|zamawiający|dane nabywcy|płatnik|nabywca / odbiorca|nabywca/odbiorca|nabywca (płatnik)|nazwa nabywcy|dane klienta|nabywca/płatnik|usługobiorca|zleceniodawca|nabywca towaru|dane kupującego|adres nabywcy|nabywca i odbiorca|dane do faktury|dane płatnika
        |buyer|customer|bill to|billed to|client|sold to|invoice to|billing address|invoice address|ship to / bill to|purchaser|to|invoiced to|bill-to|customer details|billing to|sold-to|invoice recipient|charge to
        |käufer|kunde|rechnungsempfänger|rechnungsadresse|rechnungsanschrift|leistungsempfänger|käufer/leistungsempfänger|auftraggeber|empfänger|rechnung an|kaeufer|kundendaten|besteller|rechnungsempfaenger|abnehmer
        |client|acheteur|adresse du client|adresse de facturation|destinataire|facturé à|facturer à|vos identifiants|adresse client|koper|klant|factuuradres|afnemer|odběratel|cliente|kupující|adresse facturation|facturation""",
    "recipient": """odbiorca|adres dostawy|miejsce dostawy|wysyłka do|adres wysyłki|odbiorca towaru|miejsce odbioru|dane do wysyłki|adres odbiorcy|dane odbiorcy|adres do korespondencji|adres korespondencyjny
        |ship to|delivery address|deliver to|shipping address|consignee|ship-to|deliver-to|shipped to|lieferadresse|lieferanschrift|warenempfänger|abweichender warenempfänger|versandadresse|lieferung an|versand an
        |livraison|adresse de livraison|livré à|livraison: adresse, références|afleveradres|bezorgadres|leveradres|lieu de livraison|adresse livraison""",
    "third": "podmiot inny|podmiot trzeci|podmiot upoważniony|faktor|représentant fiscal|bénéficiaire|steuervertreter|zahlungsempfänger|beneficjent|fiskalvertreter|tax representative|payee|przewoźnik|abweichender rechnungssteller|bénéficiaire du paiement|spediteur|carrier",
    "end": """pozostałe dane na fakturze|numery podmiotu lub grupy podmiotów w innych rejestrach i bazach danych|szczegóły|pozycje|pozycje faktury|towary i usługi|dane faktury korygowanej|dane identyfikacyjne faktury korygowanej|bemerkungen|positionsdaten|umsatzsteueraufschlüsselung|belegsummen|zahlungsbedingungen|zahlungsart|podsumowanie|płatność|rozliczenie|warunki transakcji|numer rachunku bankowego|rejestry|pozostałe informacje|adnotacje|dane kontaktowe|uwagi|nos références|vos références|références sur la facture|rechnungsbegleitende unterlagen|notes|remarks|dodatkowe informacje|dodatkowy opis|adres do korespondencji|podsumowanie stawek podatku|podsumowanie wg stawek""",
}

# Document totals.
TOTALS: Mapping[str, str] = {
    "net": """wartość netto|razem netto|suma netto|netto|netto razem|wartość netto razem|kwota netto|łącznie netto|ogółem netto|wartość netto ogółem|suma wartości netto|netto ogółem|total netto|kwota netto razem|razem wartość netto|wartość netto faktury|wartość sprzedaży netto|podstawa opodatkowania|razem bez podatku|łączna wartość netto|suma bez vat
        |net total|total net|subtotal|sub total|sub-total|net amount|total excl. vat|total excluding vat|total ex vat|total before tax|amount excl. vat|taxable amount|total net amount|total excl. tax|net value|total € excl. vat|total eur excl. vat|total pln excl. vat|subtotal excl. vat|subtotal (excl. vat)|total without vat|net|total without tax|invoice subtotal|total net value|taxable value|total (excl. vat)
        |nettobetrag|summe netto|netto summe|nettosumme|gesamt netto|zwischensumme|rechnungssumme netto|gesamtbetrag netto|warenwert|netto gesamt|rechnungssumme ohne ust.|rechnungssumme ohne umsatzsteuer|gesamtnetto|netto-betrag|positionssumme|rechnungsbetrag netto|nettogesamtbetrag|netto-summe|summe (netto)|summe nettobeträge|netto-gesamt|gesamtsumme netto|zwischensumme (netto)|zwischensumme netto|nettowarenwert|netto rechnungsbetrag|summe der nettobeträge|nettoentgelt|steuerbasis|summe positionen|entgelt|summe exkl. mwst|gesamtsumme (netto)|total netto|betrag netto
        |total ht|montant ht|total hors taxe|total h.t.|total hors taxes|sous-total|sous total|montant total ht|montant net ht|total net ht|base ht|subtotaal|subtotaal ex. btw|totaal excl. btw|totaal exclusief btw|bedrag excl. btw|subtotaal excl. btw|totaal ex btw|totaal excl btw|imponibile|base imponible|subtotal sin iva""",
    "vat": """vat|kwota vat|wartość vat|razem vat|suma vat|podatek vat|vat razem|kwota podatku|kwota podatku vat|podatek|łącznie vat|ogółem vat|w tym vat|wartość podatku vat|suma podatku|łączna kwota vat|w tym podatek|podatek razem|vat ogółem|łączna kwota podatku|w tym podatek vat|suma podatku vat|kwota vat ogółem|kwota vat razem|razem podatek
        |vat total|total vat|vat amount|tax|total tax|sales tax|tax amount|plus vat|gst|total gst|tax total|total vat amount|vat payable|vat amount total|total tax amount|value added tax|iva|including vat|incl. vat amount
        |mwst|mwst.|ust|ust.|zzgl. mwst|zzgl. mwst.|zuzüglich mwst.|zzgl. ust|zuzügl. ust|zuzüglich umsatzsteuer|umsatzsteuer|mehrwertsteuer|steuerbetrag|summe ust|summe mwst|ust. gesamt|steuerbetrag in eur|gesamt mwst|mwst gesamt|mwst-betrag|ust-betrag|zuzüglich mwst|zzgl. ust.|zuzüglich|gesetzliche mwst.|gesetzl. mwst.|steuer|summe steuer|mwst.-betrag|summe umsatzsteuer|mehrwertsteuer gesamt|steuern|enthaltene mwst|gesamtsteuerbetrag|zzgl.|zzgl|zzgl. umsatzsteuer|steuer gesamt|gesamt ust
        |total tva|montant tva|tva|montant total tva|total t.v.a.|montant de la tva|dont tva|btw|btw bedrag|totaal btw|btw totaal|bedrag btw|btw-bedrag|waarvan btw""",
    "gross": """otrzymana kwota zapłaty|otrzymana kwota zapłaty (zaliczki)|wartość rabatu ogółem|kwota zapłaty (zaliczki) dokumentowana fakturą|korekta kwoty zapłaty (zaliczki) dokumentowana fakturą|razem brutto|wartość brutto|suma brutto|brutto|brutto razem|wartość brutto razem|kwota brutto|razem do zapłaty|kwota należności ogółem|należność ogółem|łącznie brutto|ogółem brutto|łącznie do zapłaty|suma do zapłaty|kwota należności|ogółem do zapłaty|do zapłaty razem|wartość brutto ogółem|brutto ogółem|należność|korekta kwoty należności ogółem|kwota brutto razem|wartość faktury|wartość całkowita|należność do zapłaty|total brutto|wartość brutto faktury|łączna wartość brutto|razem z podatkiem|suma z vat|łączna kwota brutto|kwota faktury|kwota ogółem|należność razem|razem należność|kwota całkowita|łączna kwota do zapłaty|łączna kwota|wartość sprzedaży brutto|ogółem wartość brutto
        |total incl. vat|total including vat|grand total|total gross|gross total|total amount|invoice total|total inc vat|amount incl. vat|total € incl. vat|total eur incl. vat|total pln incl. vat|total incl. tax|total invoice amount|gross amount|total (incl. vat)|total incl vat|total payable|total (eur)|total with vat|total eur|total price|gross|total invoice value|total due incl. vat|invoice amount|gross value|order total|total value
        |bruttobetrag|gesamtbetrag|rechnungsbetrag|summe brutto|gesamt brutto|endbetrag|gesamtsumme|rechnungssumme brutto|rechnungssumme|bruttosumme|rechnungsendbetrag|summe inkl. ust|gesamtbetrag brutto|summe inkl. mwst|gesamtsumme inkl. mwst|gesamtbetrag inkl. mwst|summe gesamt|gesamt inkl. mwst|brutto-betrag|summe (brutto)|brutto gesamt|rechnungsgesamtbetrag|endsumme|brutto-summe|gesamtbetrag (brutto)|bruttogesamtbetrag|rechnungsbetrag brutto|gesamtbetrag inkl. ust|gesamtpreis brutto|gesamtsumme brutto|brutto rechnungsbetrag|gesamtbetrag eur|gesamtbetrag €|summe inkl. mwst.|rechnungsbetrag eur|rechnungsbetrag inkl. mwst|brutto-gesamt|gesamt inkl. ust
        |total ttc|montant ttc|total t.t.c.|montant total ttc|net ttc|total toutes taxes comprises|bedrag incl. btw|totaal incl. btw|totaal|totaalbedrag|totaal inclusief btw|totaal incl btw|te betalen bedrag|totaal te betalen|totale|importe total|celkem|totale fattura""",
    "due": """do zapłaty|pozostało do zapłaty|kwota do zapłaty|kwota pozostała do zapłaty|pozostaje do zapłaty|do rozliczenia|zostało do zapłaty|należność pozostała|do zwrotu|kwota do zwrotu|saldo|pozostaje|razem do zwrotu|zapłacono / do zapłaty|do zapłaty pozostało
        |amount due|balance due|total due|due payable|to pay|payable|balance|amount payable|please pay|due amount|net payable|amount to pay|total to pay|outstanding
        |zahlbetrag|zu zahlen|zu zahlender betrag|offener betrag|restbetrag|zahlungsbetrag|fälliger betrag|zu zahlen eur|noch zu zahlen|auszahlungsbetrag|überweisungsbetrag|zahllast
        |net a payer|net à payer|montant à payer|reste à payer|à payer|montant dû|solde|te betalen|openstaand|nog te betalen""",
    "paid": """zapłacono|zapłacone|wpłacono|kwota zapłacona|zaliczka|zapłata|rozliczono|wpłata|przedpłata|zapłacono gotówką|zapłacono kartą|zapłacono przelewem|gotówka|karta|przelew|zapłacono zaliczką|suma zaliczek|suma kwot odliczenia
        |paid|amount paid|prepaid|deposit|advance|payment received|less payments|payments|already paid|cash|card|anzahlung|erhaltene anzahlungen|bereits bezahlt|bezahlt|gezahlt|vorauszahlung|acompte|montant déjà payé|déjà payé|aanbetaling|betaald|voldaan|acomptes""",
    "sum": "razem|suma|ogółem|łącznie|w tym|razem pln|suma pln|łącznie pln|podsumowanie|razem faktura|ogółem pln|razem wg stawek|w tym wg stawek|total|sum|totals|gesamt|summe|gesamtbeträge|summen|insgesamt|total eur|totaux|totaal|razem:|razem korekta|różnica razem|razem po korekcie|razem przed korektą|wartość razem|razem przed|razem po",
    "in_words": "słownie|słownie złotych|słownie zł|kwota słownie|słownie pln|słownie do zapłaty|amount in words|in words|in worten|en toutes lettres|słownie złotych polskich|słownie brutto|razem słownie",
    "discount": """rabat|rabat łącznie|gesamtbetrag der abschläge|discount|remise|abschläge|abschlag|skonto|allowances|remise globale|suma rabatów|rabat razem|total discount|opust|upust|bonifikata|rabatt|nachlass|korting|remise commerciale|allowance|discounts|promocja|obniżka|zniżka""",
    "charge": """gesamtbetrag der zuschläge|shipping|versandkosten|koszt dostawy|dostawa|transport|frais de port|verzendkosten|porto|fracht|zuschläge|zuschlag|rounding|zaokrąglenie|charges|charge|suma kwot obciążenia|freight|verpackung|frais|opłata|surcharge|delivery|handling""",
}

# Words that say which kind of paper it is; matched in headings.
KINDS: Mapping[str, str] = {
    "corrected_invoice": "faktura korygująca|faktura vat korygująca|korekta faktury|korekta|faktura korygująca zbiorcza|faktura korygująca zaliczkową|faktura korygująca rozliczeniową|rechnungskorrektur|korrekturrechnung|corrected invoice|correction invoice|corrective invoice|facture rectificative|korekta do faktury|stornorechnung|faktura korygująca vat|corrective vat invoice|korekta faktury vat",
    "credit_note": "gutschrift|credit note|credit memo|avoir|facture d'avoir|creditnota|creditfactuur|nota de crédito|nota di credito|credit invoice|faktura kredytowa|sales credit memo|nota kredytowa|kaufmännische gutschrift",
    "advance_invoice": "faktura dokumentująca otrzymanie zapłaty|faktura zaliczkowa|faktura vat zaliczkowa|anzahlungsrechnung|advance invoice|facture d'acompte|prepayment invoice|faktura vat zaliczkowa nr|faktura zaliczkowa nr",
    "other": """pro forma|proforma|faktura pro forma|faktura proforma|potwierdzenie zamówienia|oferta|wycena|wz|wydanie zewnętrzne|dowód wydania|dokument wz|list przewozowy|nota obciążeniowa|nota księgowa|nota odsetkowa|nota korygująca|potwierdzenie płatności|kp|kasa przyjmie|rachunek wstępny|zamówienie|oferta handlowa
        |pro-forma invoice|proforma invoice|pro forma invoice|order confirmation|delivery note|quotation|quote|auftragsbestätigung|lieferschein|angebot|proforma-rechnung|proformarechnung|mahnung|bon de livraison|devis|facture proforma|facture pro forma|orderbevestiging|offerte|pakbon|purchase order|zahlungserinnerung|bon de commande|packing list|statement""",
    "invoice": "faktura|faktura vat|faktura podstawowa|faktura sprzedaży|faktura uproszczona|faktura rozliczeniowa|faktura końcowa|faktura vat marża|faktura marża|faktura fiskalna|faktura do paragonu|faktura ue|invoice|tax invoice|vat invoice|rechnung|handelsrechnung|teilrechnung|abschlagsrechnung|schlussrechnung|facture|factuur|fattura|factura|sales invoice|commercial invoice|faktura vat nr|faktura nr|faktura vat sprzedaży|verkaufsrechnung|faktura wdt|faktura zbiorcza|faktura elektroniczna|final invoice|faktura vat rr",
    "receipt": "paragon fiskalny|paragon|e-paragon|receipt|kassenbon|quittung|kassabon|ticket de caisse",
}

# Marks of copies, and lines that a carried-over sum prints between pages.
COPY_MARKS = frozenset(
    map(squeeze, "oryginał|kopia|duplikat|oryginał/kopia|original|copy|kopie|duplicate|copie|duplicata|odpis|oryginał faktury|kopia faktury|doppel|zweitschrift|wydruk kopii|oryginał - kopia".split("|"))
)
CARRIED = frozenset(
    map(squeeze, "do przeniesienia|z przeniesienia|przeniesienie|suma strony|razem strona|razem na stronie|übertrag|uebertrag|carried forward|brought forward|zwischensumme seite|à reporter|report|carry over|transport strony|suma na stronie|carried over|saldo z przeniesienia".split("|"))
)
# Behind this title a KSeF print lists data of an attachment, which sells nothing.
ATTACHMENT = frozenset(map(squeeze, ("załącznik do faktury vat", "załącznik do faktury")))
# Section titles inside corrections.
BEFORE = frozenset(
    map(squeeze, "przed korektą|było|stan przed korektą|pozycje przed korektą|przed|przed zmianą|stan przed|treść korygowana|dane przed korektą|pozycje korygowane przed|before correction|vor korrektur|pozycje dokumentu przed korektą|wartości przed korektą|faktura przed korektą|pozycje faktury przed korektą|zamówienie przed korektą".split("|"))
)
AFTER = frozenset(
    map(squeeze, "po korekcie|powinno być|winno być|stan po korekcie|pozycje po korekcie|po|jest|po zmianie|stan po|treść prawidłowa|dane po korekcie|after correction|nach korrektur|pozycje dokumentu po korekcie|wartości po korekcie|faktura po korekcie|pozycje faktury po korekcie|zamówienie po korekcie".split("|"))
)
DIFFERENCE = frozenset(
    map(squeeze, "różnica|korekta|zmiana|wartość korekty|difference|differenz|różnice|kwota korekty|korekta wartości|korekty|podsumowanie korekty|zmniejszenie|zwiększenie".split("|"))
)


def compiled(table: Mapping[str, str]) -> dict[str, str]:
    """Squeezed label → meaning; of equal labels the first meaning stands."""
    found: dict[str, str] = {}
    for meaning, labels in table.items():
        for label in labels.split("|"):
            if key := squeeze(label):
                found.setdefault(key, meaning)
    return found


class Lexicon:
    """Looks squeezed text up, exactly or, for text of an engine, with its small confusions."""

    def __init__(self, table: Mapping[str, str], extra: Mapping[str, str] | None = None) -> None:
        self.exact = compiled(table) | dict(extra or {})
        self.longest = max(map(len, self.exact))
        self._by_length: dict[int, list[str]] = {}
        for key in self.exact:
            self._by_length.setdefault(len(key), []).append(key)
        self._near: dict[str, str | None] = {}

    def find(self, key: str, *, fuzzy: bool = False) -> str | None:
        """The meaning of a whole squeezed label, or None."""
        if (meaning := self.exact.get(key)) is not None:
            return meaning
        if not fuzzy or len(key) < _MIN_FUZZY or len(key) > self.longest + 2:
            return None
        if key not in self._near:
            self._near[key] = self._nearest(key)
        return self._near[key]

    def _nearest(self, key: str) -> str | None:
        slack = 1 if len(key) < 9 else 2
        near = [k for n in range(len(key) - slack, len(key) + slack + 1) for k in self._by_length.get(n, ())]
        cutoff = 80 if len(key) < 7 else 84
        best = process.extractOne(key, near, scorer=fuzz.ratio, score_cutoff=cutoff)
        return self.exact[best[0]] if best else None


COLUMN_LEXICON = Lexicon(COLUMNS)
FIELD_LEXICON = Lexicon(FIELDS)
PARTY_LEXICON = Lexicon(PARTIES)
TOTAL_LEXICON = Lexicon(TOTALS)
KIND_LEXICON = Lexicon(KINDS)
