"""What the findings of structured invoices, corrections and trust mean, and which facts they carry.

The sentence that a person reads is made from code and facts where pages are made; this is the list
to make it from.
"""

from __future__ import annotations

from types import MappingProxyType

MEANINGS = MappingProxyType(
    {
        # the file
        "file-byte-order-mark": "The file begins with a byte order mark; KSeF accepts none.",
        "file-encoding": "The file is not UTF-8. Facts: encoding.",
        "file-processing-instruction": "The file has a processing instruction; KSeF accepts none.",
        "file-too-large": "Over 1 MB without an attachment. Facts: file_bytes.",
        "form-unknown": "The form's namespace is new to us; read as well as it goes. namespace.",
        "form-unsupported": "A form that no claim can rest on (farmers' invoices). Facts: form.",
        "schema-not-checked": "No schema file of this form was at hand.",
        "schema-valid": "The file is valid under its schema.",
        "schema-invalid": "The file breaks its schema. Facts: the first messages by line.",
        "value-malformed": "A number or date that cannot be read. Facts: field, text.",
        # parties
        "nip-checksum": "A tax number fails its check. Facts: party, value.",
        "regon-checksum": "The seller's REGON fails its check. Facts: value.",
        "seller-without-number": "The seller has no tax number.",
        "seller-is-buyer": "Seller and buyer are one firm. Facts: value.",
        "buyer-without-number": "No tax number of the buyer. Facts: consumer (True, False).",
        "buyer-corrected": "The buyer's data were corrected. Facts: before, after.",
        "related-parties": "Seller and buyer are related (TP).",
        "self-billing": "The buyer issued the invoice (P_17, 389).",
        # kind
        "receipt-invoice": "The same purchase also exists as a receipt (FP): a double claim.",
        "margin-scheme": "Margin scheme: no tax is shown.",
        "waiting-for-final-invoice": "An advance: nothing is delivered, nothing is credited yet.",
        "final-invoice": "Final after advances: full rows, although only the rest is due.",
        "advance-correction": "A correction of an advance changes no credited units.",
        "simplified-invoice": "Simplified (UPR): quantity and price may be missing.",
        "invoice-type-unknown": "The type is none that we know. Facts: value.",
        "number-missing": "The invoice has no number.",
        "number-corrected": "The correction gives the right number. Facts: number.",
        # dates, currency, sums
        "sale-period": "Sold over a period. Facts: start, end.",
        "sale-dates-differ": "The rows were sold on several days. Facts: first, last.",
        "issued-before-ksef": "The issue date is older than KSeF. Facts: value.",
        "currency-missing": "No currency is named.",
        "foreign-currency": "Not in PLN. Facts: currency, rate (empty when there is none).",
        "total-missing": "No total.",
        "total-negative": "A negative total on what is no correction. Facts: value.",
        "total-mismatch": "Net and tax do not make the total. Facts: lines, stated.",
        "rate-sum-mismatch": "Rows of a rate do not make its sum. Facts: rate, lines, stated.",
        "line-sum-mismatch": "The rows do not make the stated sum of rows. Facts: lines, stated.",
        "document-charge": "A charge on the whole document. Facts: amount, reason.",
        # rows
        "no-lines": "The invoice has no rows.",
        "rows-left-out": "Subtotals and notes among the rows were left out. Facts: rows.",
        "line-without-quantity": "Facts: line; more on the last of twenty.",
        "line-without-value": "Facts: line; more on the last of twenty.",
        "line-product-mismatch": "Quantity and price do not make the value. Facts: line, value.",
        "gtin-checksum": "A GTIN fails its check. Facts: line, value.",
        # corrections
        "correction-without-original": "The correction names no original.",
        "correction-without-rows": "A difference without rows on a single original.",
        "correction-sum-mismatch": "The rows do not explain the stated difference.",
        "correction-row-renamed": "One row number, two names: a misprint or other goods? line.",
        "correction-tangled": "Too many goods share a number, name or code to pair the rows.",
        "correction-quantity-missing": "Before or after lacks its quantity. Facts: line.",
        "correction-value-missing": "Before or after lacks its value. Facts: line.",
        "correction-unit-changed": "Before and after are in different units. Facts: line.",
        "correction-signs-unclear": "Signs of quantity and price contradict. Facts: line.",
        "correction-cancels-line": "A price row that leaves nothing of its line. Facts: line.",
        "correction-row-not-found": "The original has no such goods.",
        "correction-row-ambiguous": "Several rows of the original fit.",
        "correction-units-unknown": "Which units change is not known.",
        "correction-exceeds-original": "More is taken back than was left.",
        "correction-raises-quantity": "More goods than before: a supplementary claim.",
        "referenced-number-checksum": "A KSeF number referred to fails its check. Facts: value.",
        "referenced-number-format": "A KSeF number referred to is malformed. Facts: value.",
        # trust
        "kod1-not-official": "The code is no official KSeF link. Facts: reason.",
        "kod1-seller-mismatch": "Code and document name other sellers. Facts: printed, code.",
        "kod1-date-mismatch": "Code and document name other issue dates. Facts: printed, code.",
        "kod2-seller-mismatch": "The certificate code names another seller. Facts: printed, code.",
        "several-kod1": "Codes of several invoices on one document. Facts: codes.",
        "ksef-environment": "The code is of KSeF's demo or test system. Facts: environment.",
        "not-original-file": "Saved anew by a program, content unchanged. Facts: changed.",
        "xml-differs-from-code": "The XML is not the file that the print's code stands for.",
        "ksef-number-checksum": "The KSeF number fails its check. Facts: value.",
        "ksef-number-seller-mismatch": "The number is another seller's. Facts: number, seller.",
        "ksef-number-before-issue": "Accepted before it was issued. Facts: number, issued.",
        "ksef-numbers-differ": "Several KSeF numbers on one document. Facts: numbers.",
        "ksef-number-expected": "An invoice between firms without a trace of KSeF: ask for it.",
        "ksef-offline-pending": "Issued off-line: not in KSeF when it was printed.",
        "upo-not-verified": "The Ministry's receipt is not verified here. Facts: signed.",
        "upo-of-several": "The receipt is for several invoices or none. Facts: documents.",
    }
)
