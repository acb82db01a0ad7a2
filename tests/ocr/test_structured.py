"""The gate for XML: which form it is, and what is refused with a typed reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr import intake, structured, xml_source
from ocr.reading import Reading, SourceFile, Unreadable, UnreadableReason
from tests.ocr import fa

PLAIN = fa.invoice(fa.goods())


def refused(data: bytes) -> UnreadableReason:
    with pytest.raises(Unreadable) as error:
        structured.read_xml(data)
    return error.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", UnreadableReason.EMPTY),
        (b" \r\n", UnreadableReason.EMPTY),
        (b"Faktura", UnreadableReason.DAMAGED),
        (PLAIN[:-20], UnreadableReason.DAMAGED),
        (PLAIN + PLAIN, UnreadableReason.DAMAGED),
        (b'<?xml version="1.0" encoding="no-such"?><Faktura/>', UnreadableReason.DAMAGED),
        (b'<?xml version="1.0" encoding="UTF-7"?><Faktura/>', UnreadableReason.DAMAGED),
        (b"<Faktura>\xff</Faktura>", UnreadableReason.DAMAGED),
        (b"<Faktura>&undefined;</Faktura>", UnreadableReason.DAMAGED),
        (b"<svg/>", UnreadableReason.UNSUPPORTED_TYPE),
        (b'<Invoice xmlns="http://example.com/"/>', UnreadableReason.UNSUPPORTED_TYPE),
        (b"<!DOCTYPE Faktura><Faktura/>", UnreadableReason.FORBIDDEN_XML),
        (b'<!DOCTYPE F SYSTEM "http://127.0.0.1/x"><Faktura/>', UnreadableReason.FORBIDDEN_XML),
        (
            b'<!DOCTYPE F [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><Faktura>&b;</Faktura>',
            UnreadableReason.FORBIDDEN_XML,
        ),
        (
            b'<!DOCTYPE F [<!ENTITY a SYSTEM "file:///etc/passwd">]><Faktura>&a;</Faktura>',
            UnreadableReason.FORBIDDEN_XML,
        ),
        (b"<a>" * 65 + b"</a>" * 65, UnreadableReason.TOO_COMPLEX),
        (b"<a>" + b"<b/>" * 400_001 + b"</a>", UnreadableReason.TOO_COMPLEX),
        (PLAIN + b" " * 3_000_000, UnreadableReason.TOO_LARGE),
    ],
    ids=range(18),
)
def test_what_cannot_be_read_has_a_typed_reason(data: bytes, reason: UnreadableReason) -> None:
    assert refused(data) is reason


def test_sixty_four_levels_are_read() -> None:
    source = xml_source.parse(b"<a>" * 64 + b"</a>" * 64)
    assert source.root.name == "a"


def test_an_encoding_that_only_resembles_its_name_is_the_one_it_means() -> None:
    assert b'encoding="UTF-8"' in PLAIN
    odd = PLAIN.replace(b'encoding="UTF-8"', b'encoding="UTF-8-W/O-BOM"')
    assert structured.read_xml(odd).invoice_number == structured.read_xml(PLAIN).invoice_number


def test_blank_lines_before_the_declaration_are_forgiven() -> None:
    reading = structured.read_xml(b"\r\n\n" + PLAIN)
    assert reading.lines == structured.read_xml(PLAIN).lines
    assert reading.document_sha256 != structured.read_xml(PLAIN).document_sha256


def test_a_wide_encoding_is_read() -> None:
    wide = PLAIN.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert structured.read_xml(wide).lines == structured.read_xml(PLAIN).lines


def test_comments_and_character_data_do_not_split_a_text() -> None:
    data = PLAIN.replace(b"FV/2/2026", b"<![CDATA[FV/]]><!-- x -->2/2026")
    reading = structured.read_xml(data)
    assert reading.invoice_number is not None
    assert reading.invoice_number.value == "FV/2/2026"


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_invoice_is_read_or_refused_but_never_breaks(data: st.DataObject) -> None:
    """Cut, doubled and overwritten pieces of a good file."""
    text = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 80)))
        text[start:end] = data.draw(
            st.sampled_from([b"", bytes(text[start:end]) * 2, b"\xc5", b"<"])
        )
    assert isinstance(_outcome(bytes(text)), Reading | UnreadableReason)


def _outcome(data: bytes) -> Reading | UnreadableReason:
    try:
        return structured.read_xml(data)
    except Unreadable as error:
        return error.reason


words = st.one_of(
    st.sampled_from(
        ["", "NaN", "1e9", "-0", "999999999999999999.99", "٣", "²", "9" * 5000, "1,5", "2026-13-40"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["P_8B", "P_9A", "P_11", "P_12", "GTIN", "P_6A"]), words))
def test_strange_values_are_read_or_reported_but_never_break(fields: dict[str, str]) -> None:
    reading = structured.read_xml(fa.invoice(fa.row(**fields), kind="KOR", currency="PLN"))
    (line,) = reading.lines
    for value in (line.quantity, line.unit_price_net, line.line_net):
        assert value is None or value.value.is_finite()


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", "1"), (" -1.50 ", "-1.50"), ("+2", "2"), (".5", "0.5"), ("5.", "5"), ("007", "7")],
)
def test_numbers_are_read_as_the_schema_writes_them(text: str, number: str) -> None:
    assert str(xml_source.decimal_in(text)) == number


@pytest.mark.parametrize("text", ["", "1 000", "1,5", "1e5", "NaN", "INF", "٣", "--1", "1" * 40])
def test_other_writings_of_numbers_are_none(text: str) -> None:
    assert xml_source.decimal_in(text) is None


@pytest.mark.parametrize(
    "text", ["2026-02-15", "2026-02-15Z", "2026-02-15+01:00", "2026-02-15T10:00:00Z", "20260215"]
)
def test_days_are_read_in_every_xml_form(text: str) -> None:
    day = xml_source.date_in(text)
    assert day is not None
    assert day.isoformat() == "2026-02-15"


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("windows-1250", "utf-8"),
        ("windows-1250", "utf-8-sig"),
        ("ISO-8859-2", "utf-8"),
        ("utf-16", "utf-8"),
        ("UTF-8", "utf-16"),
        ("UTF-8", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("windows-1250", "windows-1250"),
        ("ISO-8859-2", "iso-8859-2"),
    ],
)
def test_a_declaration_that_lies_spoils_no_letter(declared: str, written: str) -> None:
    data = PLAIN.decode().replace("UTF-8", declared).encode(written)
    (file,) = intake.accept([SourceFile(data)])
    assert file.kind is intake.FileKind.XML
    reading = structured.read_xml(data)
    assert reading.lines == structured.read_xml(PLAIN).lines
    assert "file-encoding" in {finding.code for finding in reading.findings}


def test_a_wide_file_hides_no_declaration_of_its_own() -> None:
    data = PLAIN.decode().replace("?>", '?><!DOCTYPE F [<!ENTITY a "b">]>').encode("utf-16")
    assert refused(data) is UnreadableReason.FORBIDDEN_XML
