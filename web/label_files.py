"""The codes of a batch as files for the printing house: a table, a sheet of labels, or both."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from enum import StrEnum

from starlette.responses import Response

from core.formats import Formats
from core.i18n import translations
from programs import code_labels
from programs.code_batches import ListedBatch
from web.texts.units import unit_word


class Form(StrEnum):
    """What the codes are handed out as."""

    ZIP = "zip"  # both of the others
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES = {Form.ZIP: "application/zip", Form.CSV: "text/csv", Form.PDF: "application/pdf"}


def answer(
    codes: Sequence[str],
    found: ListedBatch,
    *,
    program: str,
    base_url: str,
    language: str,
    gettext: Callable[[str], str],
    form: Form = Form.ZIP,
) -> Response:
    """A file to be downloaded, kept by nobody on the way."""
    text = code_labels.LabelText(
        product=found.product.name,
        sku=found.product.sku,
        program=program,
        batch=found.batch.number,
        link=f"{base_url}/k/",
        language=language,
        units=_units(found, language),
    )
    name = f"kody-{found.batch.number}"
    if form is Form.CSV:
        data = code_labels.table(codes, text, gettext=gettext)
    elif form is Form.PDF:
        data = code_labels.sheet(codes, text, gettext=gettext)
    else:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.csv", code_labels.table(codes, text, gettext=gettext))
            archive.writestr(f"{name}.pdf", code_labels.sheet(codes, text, gettext=gettext))
        data = packed.getvalue()
    headers = {
        "content-disposition": f'attachment; filename="{name}.{form}"',
        "cache-control": "no-store",
    }
    return Response(data, media_type=MEDIA_TYPES[form], headers=headers)


def _units(found: ListedBatch, language: str) -> str:
    """`10 szt.`, as the label says it; nothing for the usual one."""
    if found.batch.units_per_code == 1:
        return ""
    unit = unit_word(found.product.unit, translations(language).gettext)
    return f"{Formats(language).number(found.batch.units_per_code)}\u00a0{unit}"
