"""Every finding of the structured readers is documented, and nothing else is."""

import re
from pathlib import Path

import ocr
from ocr import finding_codes

_MODULES = (
    "ksef ksef_findings ksef_parties ksef_rows ksef_schema ksef_totals row_checks en16931 cii"
    " cii_rows ubl ubl_rows upo structured trust corrections correction_match xml_values"
)
_RAISED = re.compile(
    r'(?:note|Finding)\(\s*"([a-z0-9-]+)"'
    r'|"(correction-[a-z-]+)"'
    r'|\bnote\(f"([a-z0-9{}-]+)"'
)


def raised() -> set[str]:
    folder = Path(ocr.__file__).parent
    found = set()
    for name in _MODULES.split():
        for match in _RAISED.finditer((folder / f"{name}.py").read_text()):
            code = match[1] or match[2] or match[3]
            names = ("seller", "date") if "{name}" in code else ("",)
            found |= {code.replace("{name}", name) for name in names}
    return found


def test_every_code_has_a_meaning_and_every_meaning_a_code() -> None:
    assert raised() == set(finding_codes.MEANINGS)
