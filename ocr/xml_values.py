"""Turns texts of an XML invoice into exact values, and reports the malformed ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ocr.reading import Finding, Proof, Severity, Value
from ocr.xml_source import date_in, decimal_in


@dataclass(slots=True)
class Values:
    """Builds structured values; an unreadable one becomes None and a finding, never a guess."""

    findings: list[Finding] = field(default_factory=list)

    def text(self, raw: str) -> Value[str] | None:
        clean = " ".join(raw.split())
        return Value(clean, Proof.STRUCTURED, raw=raw) if clean else None

    def decimal(self, raw: str, name: str) -> Value[Decimal] | None:
        if not raw:
            return None
        number = decimal_in(raw)
        if number is None:
            self.malformed(name, raw)
            return None
        return Value(number, Proof.STRUCTURED, raw=raw)

    def date(self, raw: str, name: str) -> Value[date] | None:
        if not raw:
            return None
        day = date_in(raw)
        if day is None:
            self.malformed(name, raw)
            return None
        return Value(day, Proof.STRUCTURED, raw=raw)

    def note(self, code: str, severity: Severity = Severity.WARNING, /, **facts: object) -> None:
        """Add a finding; facts keep the order in which they are given."""
        words = tuple((name, str(fact)) for name, fact in facts.items())
        self.findings.append(Finding(code, severity, words))

    def limited(self, most: int) -> tuple[Finding, ...]:
        """The findings, at most so many of one code; `more` on the last says how many were cut."""
        seen: Counter[str] = Counter()
        kept: list[Finding] = []
        for finding in self.findings:
            seen[finding.code] += 1
            if seen[finding.code] <= most:
                kept.append(finding)
        for code, count in seen.items():
            if count > most:
                last = max(i for i, finding in enumerate(kept) if finding.code == code)
                facts = (*kept[last].facts, ("more", str(count - most)))
                kept[last] = replace(kept[last], facts=facts)
        return tuple(kept)

    def malformed(self, name: str, raw: str) -> None:
        """Note a text that cannot be the value of a field."""
        self.note("value-malformed", Severity.ERROR, field=name, text=raw[:80])
