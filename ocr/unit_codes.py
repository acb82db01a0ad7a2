"""Units of measure as EN 16931 invoices code them (UN/ECE Recommendations 20 and 21), in Polish."""

from __future__ import annotations

from types import MappingProxyType

_NAMES = MappingProxyType(
    {
        "C62": "szt.", "H87": "szt.", "EA": "szt.", "PCE": "szt.", "NAR": "szt.", "NMB": "szt.",
        "SET": "kpl.", "KT": "kpl.", "PR": "para", "DZN": "tuzin", "MIL": "tys. szt.",
        "MTR": "m", "LM": "mb", "CMT": "cm", "MMT": "mm", "KMT": "km",
        "MTK": "m2", "CMK": "cm2", "MTQ": "m3", "LTR": "l", "MLT": "ml", "HLT": "hl",
        "KGM": "kg", "GRM": "g", "TNE": "t", "KWH": "kWh", "MWH": "MWh", "KWT": "kW",
        "HUR": "h", "MIN": "min", "DAY": "dzień", "WEE": "tydz.", "MON": "m-c", "ANN": "rok",
        "LS": "usł.", "E48": "usł.", "ACT": "usł.", "P1": "%",
        "PK": "opak.", "XPK": "opak.", "XPP": "szt.", "BX": "pudełko", "XBX": "pudełko",
        "CT": "karton", "XCT": "karton", "CS": "skrzynia", "XCS": "skrzynia",
        "BG": "worek", "XBG": "worek", "RO": "rolka", "XRO": "rolka", "NRL": "rolka",
        "PF": "paleta", "PX": "paleta", "XPX": "paleta", "CA": "puszka", "XCA": "puszka",
        "BJ": "wiadro", "XBJ": "wiadro", "CL": "krąg", "XCL": "krąg", "ST": "arkusz",
        "XST": "arkusz", "BO": "butelka", "XBO": "butelka", "TU": "tubka", "XTU": "tubka",
    }
)  # fmt: skip


def unit_name(code: str) -> str:
    """The Polish abbreviation of a code; the code itself when we have no name for it."""
    return _NAMES.get(code.strip().upper(), code.strip())
