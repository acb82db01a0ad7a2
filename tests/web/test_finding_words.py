"""Every finding has a sentence in both languages, and the clerk sees the ones that matter."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from core.i18n import translations
from core.runtime import App
from ocr.finding_codes import MEANINGS
from ocr.reading import DocumentKind, Finding, Reading, Severity
from tests import make
from tests.web.conftest import SignIn
from tests.web.partner_world import open_counter
from web.texts.findings import FINDINGS
from web.views.findings import finding_views


def reading(*findings: Finding) -> Reading:
    return Reading(DocumentKind.INVOICE, "pdf-text", "test", findings=findings)


def plain(text: str) -> str:
    return text


def test_every_finding_has_a_sentence_and_no_other_has() -> None:
    assert set(FINDINGS) == set(MEANINGS)


def test_every_sentence_is_translated_with_the_same_facts() -> None:
    english = translations("en")
    for code, polish in FINDINGS.items():
        text = english.gettext(polish)
        assert text != polish, code
        assert re.findall(r"%\(\w+\)s", polish) == re.findall(r"%\(\w+\)s", text), code
        assert text % defaultdict(str)


def test_errors_come_first_and_what_only_informs_is_left_out() -> None:
    seen = finding_views(
        reading(
            Finding("schema-valid", Severity.INFO),
            Finding("line-without-value", Severity.WARNING, (("line", "3"),)),
            Finding("xml-differs-from-code", Severity.ERROR),
            Finding("line-without-value", Severity.WARNING, (("line", "3"),)),
        ),
        plain,
    )
    assert [(view.state, view.text) for view in seen] == [
        ("bad", "Plik XML nie jest tym, na który wskazuje kod QR."),
        ("warn", "Pozycja 3 nie ma wartości."),
    ]


def test_a_document_that_was_not_read_has_none() -> None:
    assert finding_views(None, plain) == ()


def test_the_clerk_reads_them_beside_the_document_and_as_text(app: App, sign_in: SignIn) -> None:
    counter = open_counter(app, sign_in)
    finding = Finding("nip-checksum", Severity.WARNING, (("value", "<b>1"),))
    with app.database.unit_of_work() as session:
        seen = replace(make.reading(counter.of), findings=(finding,))
        review = make.read(session, make.submitted(session, counter.of), seen)
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert "NIP &lt;b&gt;1 ma błędną cyfrę kontrolną." in page
