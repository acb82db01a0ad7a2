"""Decision receipts in words, the same for the page, the PDF and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from claims.remedies import Remedy
from claims.states import ReasonCode, Verdict
from core.formats import Formats
from core.i18n import translations
from verification.appeal_tables import AppealStatus
from verification.receipts import DecidedBy, Receipt, ReceiptLine
from verification.reduced import How, Reduced
from web.error_texts import N_
from web.texts.units import unit_word
from web.views.claims import REASONS, STATUS_CHIPS
from web.views.rule_steps import AFTER_LIMIT, steps_in_words

REMEDIES: Mapping[Remedy, str] = {
    Remedy.NONE: "",
    Remedy.SEND_INVOICE: N_("Wyślij fakturę za wydany towar, gdy ją dostaniesz."),
    Remedy.SEE_EARLIER: N_("Zajrzyj do wcześniejszego zgłoszenia. To inny zakup? Odwołaj się."),
    Remedy.SEND_CLEARER: N_("Wyślij ten dokument jeszcze raz: cała strona, ostro, bez cienia."),
    Remedy.ASK_SELLER: N_("Poproś hurtownię o duplikat albo plik XML i wyślij go."),
    Remedy.OWN_INVOICE: N_("Punkty daje dokument wystawiony na firmę z Twojego profilu."),
    Remedy.BUY_IN_PERIOD: N_("Liczą się zakupy od %(starts)s do %(ends)s."),
    Remedy.NAME_PRODUCT: N_("To produkt programu? Odwołaj się i podaj, który."),
    Remedy.COUNT_UNITS: N_("Wyślij zdjęcie, na którym widać ilość i wartość tej pozycji."),
    Remedy.SHOW_VALUE: N_("Wyślij stronę dokumentu, na której widać wartość tej pozycji."),
    Remedy.FREE_UNITS: N_("Punkty dostanie tylko ta ilość, której nikt jeszcze nie zgłosił."),
    Remedy.WAIT_FOR_CAP: N_("Ta zasada ma limit. Kolejne zakupy policzymy w następnym okresie."),
    Remedy.BUY_AT_BRANCH: N_(
        "Oddziały, w których zakupy się liczą, są w zasadach programu: „Gdzie kupować”. "
        "Kupione w jednym z nich? Odwołaj się."
    ),
    Remedy.SEE_RATES: N_("Produkty, za które są punkty, są w zasadach programu."),
    Remedy.BUY_IN_DAYS: "",  # in `_days`, which knows them
    Remedy.WRITE_TO_US: N_("Napisz do nas albo odwołaj się: sprawdzi to inna osoba."),
}
WHY: Mapping[How, str] = {
    How.SHORTENED: N_("Sprawdzający poprawił ilość odczytaną z dokumentu."),
    How.FOREIGN: N_("Sprawdzający uznał, że to nie jest produkt programu."),
    How.PRODUCT: N_("Sprawdzający wskazał inny produkt, niż odczytano."),
    How.VALUE: N_("Sprawdzający poprawił wartość odczytaną z dokumentu."),
}
APPEALS: Mapping[AppealStatus, str] = {
    AppealStatus.OPEN: N_("Odwołanie w toku: rozstrzygnie je inna osoba."),
    AppealStatus.UPHELD: N_("Odwołanie rozpatrzone: decyzja pozostaje bez zmian."),
    AppealStatus.OVERTURNED: N_("Odwołanie uwzględnione."),
}


@dataclass(frozen=True, slots=True)
class ReducedWords:
    """What was taken off one line, and why."""

    position: int
    name: str
    what: str
    why: str
    told: Reduced


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line: the sum in words, the rule behind it, the reason, and what would make it pay."""

    position: int
    name: str
    sku: str
    description: str
    verdict: str  # paid, rejected or outside
    label: str
    points: int
    sum: str
    rule: str
    reason: str
    remedy: str
    page: int | None
    line: ReceiptLine


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """A receipt that is ready to be shown or printed."""

    claim_id: UUID
    number: str
    program_name: str
    company_name: str
    status_label: str
    points: int
    decided_at: datetime | None
    decider: str
    note: str
    document_number: str
    seller: str
    purchased_on: date | None
    earlier_id: UUID | None
    earlier_number: str
    lines: tuple[LineWords, ...]
    reduced: tuple[ReducedWords, ...]
    appeal: str  # the way to appeal or what came of it, empty where nothing can be appealed


def words_of(receipt: Receipt, *, language: str) -> ReceiptWords:
    """A receipt in the reader's language; the lines of the programme come first."""
    say = translations(language).gettext
    order = {"paid": 0, "rejected": 1, "outside": 2}
    lines = [line_words(line, receipt, language=language) for line in receipt.lines]
    deciders = {
        DecidedBy.RULES: say(N_("Automatycznie, według zasad programu")),
        DecidedBy.PARTNER: receipt.decider,
        DecidedBy.PROGRAM: receipt.decider,
    }
    return ReceiptWords(
        claim_id=receipt.claim_id,
        number=receipt.number,
        program_name=receipt.program_name,
        company_name=receipt.company_name,
        status_label=say(STATUS_CHIPS[receipt.status][0]),
        points=receipt.points,
        decided_at=receipt.decided_at,
        decider=deciders[receipt.decided_by],
        note=receipt.note,
        document_number=receipt.document_number,
        seller=receipt.seller,
        purchased_on=receipt.purchased_on,
        earlier_id=receipt.earlier.id if receipt.earlier else None,
        earlier_number=receipt.earlier.number if receipt.earlier else "",
        lines=tuple(sorted(lines, key=lambda line: (order[line.verdict], line.position))),
        reduced=reduced_words(receipt.reduced, language=language),
        appeal=_appeal(receipt, language),
    )


def reduced_words(found: Sequence[Reduced], *, language: str) -> tuple[ReducedWords, ...]:
    """What a decision took off, in the reader's language."""
    return tuple(_reduced(one, language) for one in found)


def _reduced(one: Reduced, language: str) -> ReducedWords:
    """`zaliczono 20 z 60 szt.`, `Sprawdzający poprawił ilość odczytaną z dokumentu.`"""
    say, formats = translations(language).gettext, Formats(language)
    unit = unit_word(one.unit, say)
    read = f"{formats.quantity(one.read)}\u00a0{unit}" if one.read is not None else ""
    if one.how is How.SHORTENED:
        got = formats.quantity(one.accepted)
        what = say(N_("zaliczono %(got)s z %(read)s")) % {"got": got, "read": read}
        if one.regained:
            more = f"{formats.quantity(one.regained)}\u00a0{unit}"
            what += " · " + say(N_("po odwołaniu doliczono %(units)s")) % {"units": more}
    elif one.how is How.PRODUCT:
        what = say(N_("odczytano „%(was)s”")) % {"was": one.was}
    elif one.how is How.VALUE:
        amounts = [formats.money(int(Decimal(text) * 100)) for text in (one.got, one.was)]
        what = say(N_("zaliczono %(got)s z %(read)s")) % dict(
            zip(("got", "read"), amounts, strict=True)
        )
    else:
        what = say(N_("nie zaliczono %(read)s")) % {"read": read} if read else ""
    why = WHY.get(one.how) or REASONS[one.reason or ReasonCode.OTHER]
    return ReducedWords(one.position, one.name, what, say(why), one)


def _appeal(receipt: Receipt, language: str) -> str:
    say = translations(language).gettext
    if receipt.appeal is not None:
        return say(APPEALS[receipt.appeal])
    if receipt.appeal_until is None:
        return ""
    words = say(N_("Nie zgadzasz się? Odwołaj się do %(when)s na stronie zgłoszenia."))
    return words % {"when": Formats(language).moment(receipt.appeal_until)}


def line_words(line: ReceiptLine, receipt: Receipt, *, language: str) -> LineWords:
    """`60 szt. × 15 pkt`, `stawka „Osprzęt Nova” 15 pkt · zasady, wersja 2 od 1 stycznia 2026`."""
    say, formats = translations(language).gettext, Formats(language)
    verdict, label = "rejected", say(N_("niezaliczone"))
    cut = any(one.position == line.position for one in receipt.reduced)
    if line.verdict is Verdict.APPROVE:
        verdict, label = "paid", ""
        if line.limit and not line.points:
            # Accepted, and yet nothing: paid would be the wrong word.
            verdict, label = "rejected", say(N_("bez punktów: limit"))
    elif line.reason is ReasonCode.NOT_IN_PROGRAM and not cut:
        verdict, label = "outside", say(N_("poza programem"))
    rule = steps_in_words(line.steps, formats=formats, say=say)
    if line.rule_number is not None and line.rule_valid_from is not None:
        version = say(N_("zasady, wersja %(number)s od %(day)s")) % {
            "number": line.rule_number,
            "day": formats.date(line.rule_valid_from),
        }
        rule = f"{rule} · {version}" if rule else version
    return LineWords(
        position=line.position,
        name=line.name,
        sku=line.sku,
        description=line.description,
        verdict=verdict,
        label=label,
        points=line.points,
        sum=_sum(line, formats) if verdict == "paid" else "",
        rule=rule if verdict == "paid" or line.limit else "",
        reason="" if verdict == "paid" and not line.limit else say(REASONS[line.reason]),
        remedy=_remedy(line, receipt, language),
        page=line.page,
        line=line,
    )


def _sum(line: ReceiptLine, formats: Formats) -> str:
    say = translations(formats.language).gettext
    unit = unit_word(line.product_unit, say)
    units = f"{formats.quantity(line.units)}\u00a0{unit}"
    rest = ""
    # Rounding to the stored digits is no shortage.
    if line.units_shown is not None and line.units_shown - line.units > Decimal("0.000001"):
        shown = f"{formats.quantity(line.units_shown)}\u00a0{unit}"
        rest = " · " + say(N_("z %(units)s; resztę zaliczono lub zwrócono wcześniej")) % {
            "units": shown
        }
    base = next((step for step in line.steps if step.get("per_unit")), None)
    if base is None:
        return units + rest
    per_unit = Decimal(str(base["per_unit"]))
    shown = formats.number(per_unit.quantize(Decimal("0.0001")).normalize())
    return f"{units} × {shown}\u00a0{say('pkt')}{rest}"


def _days(line: ReceiptLine, formats: Formats) -> str:
    """When the product took part: `Produkt był w programie do 31 stycznia 2026.`"""
    say = translations(formats.language).gettext
    days = {
        "starts": formats.date(line.eligible_from) if line.eligible_from else "",
        "ends": formats.date(line.eligible_to) if line.eligible_to else "",
    }
    if not days["starts"]:
        return say(N_("Produkt był w programie do %(ends)s.")) % days if days["ends"] else ""
    if not days["ends"]:
        return say(N_("Produkt jest w programie od %(starts)s.")) % days
    return say(N_("Produkt jest w programie od %(starts)s do %(ends)s.")) % days


def _remedy(line: ReceiptLine, receipt: Receipt, language: str) -> str:
    if line.remedy is Remedy.WAIT_FOR_CAP and line.limit:
        text = AFTER_LIMIT.get(line.limit) or AFTER_LIMIT.get(line.limit.split(":")[0], "")
        return translations(language).gettext(text) if text else ""
    if line.remedy is Remedy.BUY_IN_DAYS:
        return _days(line, Formats(language))
    text = REMEDIES[line.remedy]
    if not text:
        return ""
    said = translations(language).gettext(text)
    formats = Formats(language)
    if line.remedy is Remedy.BUY_IN_PERIOD:
        return said % {
            "starts": formats.date(receipt.starts_on),
            "ends": formats.date(receipt.ends_on),
        }
    return said
