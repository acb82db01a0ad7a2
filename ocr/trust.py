"""Says how far a document proves itself, on what evidence, and what failed.

A matching hash shows that XML and print belong together, never that the invoice is registered:
anyone can invent both. So no file alone reaches further than `XML_MATCHES_CODE`; who looked into
the register, and what was found there, is recorded elsewhere.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from ocr import code_kinds, identifiers, kod, ksef_number
from ocr.pdf_text import ENGINE
from ocr.reading import (
    Code,
    DocumentKind,
    Finding,
    Party,
    Proof,
    Reading,
    Severity,
    TrustLevel,
    Value,
    Word,
)

# Since then every seller above the monthly limit issues through KSeF (a default: see `assess`).
KSEF_REQUIRED_FROM = date(2026, 4, 1)


@dataclass(slots=True)
class _Case:
    """What has been established so far."""

    reading: Reading
    level: TrustLevel = TrustLevel.PICTURE
    evidence: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def raise_to(self, level: TrustLevel) -> None:
        self.level = max(self.level, level)

    def note(self, code: str, severity: Severity = Severity.WARNING, /, **facts: object) -> None:
        words = tuple((name, str(fact)) for name, fact in facts.items())
        self.findings.append(Finding(code, severity, words))


def assess(
    reading: Reading,
    codes: Sequence[Code],
    document_sha256: str,
    *,
    data: bytes | None = None,
    environment: str = "production",
    required_from: date | None = KSEF_REQUIRED_FROM,
    today: date | None = None,
) -> Reading:
    """The reading with its codes, trust level, evidence and what a code adds to the header.

    `document_sha256` is the hexadecimal digest of the raw bytes that were read; it is compared with
    a KOD I only where those bytes are a KSeF XML. With `data`, the XML itself, a copy that differs
    from the original by line ends, byte order mark or a last line feed alone is recognised as such.
    With `today`, a number that would be accepted later is none.
    Evidence words: `kod1`, `seller-agrees`, `date-agrees`, `xml-matches-kod1`, `ksef-number`,
    `kod2-unverified`, `upo-unverified`, `registration-unknown`, and the same with `-failed` or a
    reason.
    """
    case = _Case(dataclasses.replace(reading, codes=tuple(codes), document_sha256=document_sha256))
    _number_from_codes(case)
    links = _links(case, environment)
    for link in links:
        _judge_link(case, link, data)
    if len(links) > 1:  # One hash under two sellers or dates is as odd as two hashes.
        case.note("several-kod1", Severity.ERROR, codes=len(links))
    if len(links) == 1:
        _complete(case, links[0])
    _judge_number(case, today)
    _judge_certificates(case, environment)
    if any(finding.code == "upo-not-verified" for finding in reading.findings):
        case.evidence.append("upo-unverified")
    _judge_absence(case, links, required_from)
    if case.reading.kind is not DocumentKind.OTHER:
        case.evidence.append("registration-unknown")
    return dataclasses.replace(
        case.reading,
        trust=case.level,
        trust_evidence=tuple(dict.fromkeys(case.evidence)),
        findings=(*case.reading.findings, *case.findings),
    )


def with_printed_number(reading: Reading, words: Sequence[Word]) -> Reading:
    """The reading with the one KSeF number that a print's words hold, if there is exactly one.

    An XML cannot carry its own number, the print beside it does. Numbers of other sellers do not
    count, nor those that the document itself gives as its original's or its advance's.
    """
    if reading.ksef_number is not None:
        return reading
    found = ksef_number.find(" ".join(word.text for word in words), misread=False)
    if not found:
        recognised = [word.text for word in words if word.engine != ENGINE]
        found = ksef_number.find(" ".join(recognised), misread=True)
    seller = reading.seller.vat_id.value if reading.seller.vat_id else None
    named = {o.ksef_number for o in reading.correction.originals} if reading.correction else set()
    named |= {r.value for r in reading.references if r.kind == "advance_ksef"}
    own = [n for n in found if n.text not in named and seller in (None, n.issuer)]
    if len(own) != 1:
        return reading
    return dataclasses.replace(reading, ksef_number=Value(own[0].text, Proof.CHECKSUM))


def resaved(data: bytes, original: bytes) -> tuple[str, ...]:
    """How a copy was changed without touching its content, empty when that does not explain it.

    `original` is the SHA-256 that the copy should have. Only byte-exact reconstruction counts.
    """
    bare = data.removeprefix(b"\xef\xbb\xbf")
    unix = bare.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    ended = {"lf": unix, "crlf": unix.replace(b"\n", b"\r\n"), "as-is": bare}
    for (ends, body), mark, tail in product(
        ended.items(), (b"", b"\xef\xbb\xbf"), (None, b"", b"\n", b"\r\n")
    ):
        text = body if tail is None else body.rstrip(b"\r\n") + tail
        if hashlib.sha256(mark + text).digest() == original and mark + text != data:
            same_ends = ends == "as-is" or body == bare
            changed = (
                ("line-ends", not same_ends),
                ("byte-order-mark", data.startswith(b"\xef\xbb\xbf") != bool(mark)),
                ("last-line-feed", tail is not None and text != body),
            )
            return tuple(name for name, true in changed if true)
    return ()


def of_ksef(reading: Reading) -> bool:
    """Whether the reading is of a KSeF invoice's own XML, not of a print or a receipt for it."""
    return reading.route.startswith("ksef-xml") and reading.kind is not DocumentKind.OTHER


def _links(case: _Case, environment: str) -> list[kod.Kod1]:
    """The well-formed KOD I of our environment; what is wrong with others is noted."""
    found: dict[kod.Kod1, None] = {}
    for code in case.reading.codes:
        link = kod.parse_kod1(code.text)
        if link is None:
            verdict = kod.judge(code.text, environment=environment)
            if verdict in (kod.Verdict.FOREIGN_HOST, kod.Verdict.MALFORMED):
                case.evidence.append(f"kod1-failed:{verdict}")
                severity = (
                    Severity.ERROR if verdict is kod.Verdict.FOREIGN_HOST else Severity.WARNING
                )
                case.note("kod1-not-official", severity, reason=verdict)
            elif verdict is kod.Verdict.NONSTANDARD:
                case.evidence.append("kod1-failed:nonstandard")
                case.note("kod1-not-official", Severity.INFO, reason=verdict)
        elif link.environment != environment:
            case.evidence.append(f"kod1-failed:{link.environment}")
            case.note("ksef-environment", Severity.ERROR, environment=link.environment)
        else:
            found[link] = None
    return list(found)


def _judge_link(case: _Case, link: kod.Kod1, data: bytes | None) -> None:
    reading = case.reading
    agrees = True
    for name, printed, coded in (
        ("seller", reading.seller.vat_id, link.seller_nip),
        ("date", reading.issue_date, link.issued_on),
    ):
        if printed is None:
            continue
        if printed.value == coded:
            case.evidence.append(f"{name}-agrees")
        else:
            agrees = False
            case.evidence.append(f"{name}-agrees-failed")
            case.note(f"kod1-{name}-mismatch", Severity.ERROR, printed=printed.value, code=coded)
    if not agrees:
        return
    case.evidence.append("kod1")
    case.raise_to(TrustLevel.NUMBER)
    if not of_ksef(reading):
        return
    if link.sha256_hex == reading.document_sha256:
        case.evidence.append("xml-matches-kod1")
        case.raise_to(TrustLevel.XML_MATCHES_CODE)
        return
    case.evidence.append("xml-matches-kod1-failed")
    if changed := resaved(data, link.sha256) if data else ():
        case.note("not-original-file", Severity.WARNING, changed=",".join(changed))
    else:
        case.note("xml-differs-from-code", Severity.ERROR)


def _complete(case: _Case, link: kod.Kod1) -> None:
    """Fill in what the print did not give: a QR code carries its own error correction."""
    reading = case.reading
    if reading.seller.vat_id is None and identifiers.nip_valid(link.seller_nip):
        vat_id = Value(link.seller_nip, Proof.CHECKSUM)
        seller: Party = dataclasses.replace(reading.seller, vat_id=vat_id)
        reading = dataclasses.replace(reading, seller=seller)
    if reading.issue_date is None:
        day = Value(link.issued_on, Proof.CHECKSUM)
        reading = dataclasses.replace(reading, issue_date=day)
    case.reading = reading


def _number_from_codes(case: _Case) -> None:
    """A KSeF number in a bar code or a non-standard link, unless it contradicts the print."""
    found = {
        number.text: number
        for code in case.reading.codes
        if (number := ksef_number.parse(code.text.strip()) or kod.number_in_link(code.text))
    }
    if not found:
        return
    printed = case.reading.ksef_number
    if len(found) > 1 or (printed is not None and printed.value not in found):
        case.note("ksef-numbers-differ", Severity.ERROR, numbers=", ".join(sorted(found)))
    elif printed is None:
        value = Value(next(iter(found)), Proof.CHECKSUM)
        case.reading = dataclasses.replace(case.reading, ksef_number=value)


def _judge_number(case: _Case, today: date | None) -> None:
    reading = case.reading
    if reading.ksef_number is None:
        return
    number = ksef_number.parse(reading.ksef_number.value)
    if number is None:
        case.evidence.append("ksef-number-failed")
        case.note("ksef-number-checksum", value=reading.ksef_number.value)
        return
    if today is not None and number.accepted_on > today:
        case.evidence.append("ksef-number-failed")
        case.note("ksef-number-in-future", Severity.ERROR, number=number.text)
        return
    seller, issued = reading.seller.vat_id, reading.issue_date
    if seller is not None and number.issuer.isdigit() and seller.value != number.issuer:
        # Self-billing and bailiffs are rare and go to a person as well.
        case.evidence.append("ksef-number-failed")
        case.note(
            "ksef-number-seller-mismatch", Severity.ERROR, number=number.text, seller=seller.value
        )
        return
    if issued is not None and number.accepted_on < issued.value:
        case.evidence.append("ksef-number-failed")
        case.note(
            "ksef-number-before-issue", Severity.ERROR, number=number.text, issued=issued.value
        )
        return
    case.evidence.append("ksef-number")
    case.raise_to(TrustLevel.NUMBER)


def _judge_certificates(case: _Case, environment: str) -> None:
    """KOD II says that a certificate holder signed a hash; nobody outside can verify it."""
    found = [c for code in case.reading.codes if (c := kod.parse_kod2(code.text))]
    for certificate in found:
        if certificate.environment != environment:
            case.note("ksef-environment", Severity.ERROR, environment=certificate.environment)
            continue
        case.evidence.append("kod2-unverified")
        seller = case.reading.seller.vat_id
        if seller is not None and seller.value != certificate.seller_nip:
            case.note(
                "kod2-seller-mismatch",
                Severity.ERROR,
                printed=seller.value,
                code=certificate.seller_nip,
            )
    if found and case.reading.ksef_number is None:
        case.note("ksef-offline-pending", Severity.INFO)


def _judge_absence(case: _Case, links: Sequence[kod.Kod1], required_from: date | None) -> None:
    """A firm's invoice to a firm without any trace of KSeF is a reason to ask for the number."""
    reading = case.reading
    if required_from is None or links or reading.ksef_number is not None:
        return
    if any(finding.code == "ksef-number-checksum" for finding in reading.findings):
        return  # there is one, and it was called wrong
    if reading.kind is not DocumentKind.INVOICE or reading.route.startswith(("ksef", "ubl")):
        return
    firms = [party.vat_id for party in (reading.seller, reading.buyer)]
    if not all(vat_id and identifiers.nip_valid(vat_id.value) for vat_id in firms):
        return
    if reading.issue_date is not None and reading.issue_date.value >= required_from:
        case.note("ksef-number-expected")


def kod1_digests(codes: Sequence[Code], *, environment: str = "production") -> tuple[str, ...]:
    """Hexadecimal digests of the KOD I on a document: the key under which an XML may be known."""
    links = [kod.parse_kod1(code.text) for code in codes if code.kind == code_kinds.KSEF_KOD1]
    found = [link.sha256_hex for link in links if link and link.environment == environment]
    return tuple(dict.fromkeys(found))
