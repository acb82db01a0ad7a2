"""Which rows never change once they are written or decided, and which of their columns.

Left out is what may change by right: what retention and erasure forget (names of files, words,
addresses, readings), what a later step fills in, and what proofs of relations look after.
"""

from __future__ import annotations

from dataclasses import dataclass

# Their tables are named below.
import accounts.tables  # noqa: F401
import claims.correction_tables
import claims.document_tables
import claims.purchase_tables
import claims.tables  # noqa: F401
import points.tables  # noqa: F401
import programs.code_tables
import programs.place_tables
import programs.product_tables
import programs.rule_tables
import programs.tax_tables
import programs.tier_tables  # noqa: F401
import rewards.tables  # noqa: F401
import verification.appeal_tables
import verification.automatic_tables
import verification.conversation_tables
import verification.ksef_tables
import verification.proof_tables
import verification.tables  # noqa: F401


@dataclass(frozen=True, slots=True)
class Sealed:
    """Rows of one table, in the order of `key`: their UUID of birth, or the moment they settled.

    `name` stands in the audit log: it never changes. Columns may be added; older entries keep
    theirs.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    key: str = "id"


def _of(table: str, columns: str, *, key: str = "id", name: str = "") -> Sealed:
    return Sealed(name or table, table, tuple(columns.split()), key)


SEALED = (
    _of("claim", "id number program_id participant_id"),
    _of("claim_event", "id claim_id status actor at note facts"),
    _of("purchase", "id program_id created_at"),
    _of("purchase_line", "id purchase_id position"),
    _of("document", "id claim_id program_id created_at"),
    _of("document_file", "id document_id position sha256 media_type file_bytes"),
    _of("correction", "id program_id created_at"),
    _of(
        "correction_line",
        "id correction_id number purchase_id position purchase_line_id claim_id printed_quantity"
        " units points to_debt given rule_version_id at",
    ),
    _of(
        "decision",
        "id claim_id review_id outcome reason automatic decided_by first_by submitted_by"
        " decided_at points note lines",
    ),
    _of("decision", "id undone_at undone_by", key="undone_at", name="decision.undone"),
    _of("automatic_opinion", "id claim_id verdict route course facts points limit_points at"),
    _of("second_look", "id program_id claim_id opinion_id route draws points drawn_at"),
    _of(
        "second_look",
        "id checked_by checked_at wrong_points",
        key="checked_at",
        name="second_look.checked",
    ),
    _of(
        "appeal",
        "id claim_id decision_id status points reason first_by decided_by decided_at",
        key="decided_at",
        name="appeal.decided",
    ),
    _of("proof", "id claim_id kind evidence actor at"),
    _of("ksef_sighting", "id claim_id link sight seen_by seen_at note"),
    _of("field_correction", "id claim_id review_id field before after corrected_by at"),
    _of("review_message", "id claim_id review_id side author_id template text at"),
    _of("point_lot", "id account reference points created_at"),
    _of("lot_use", "id lot_id reference points"),
    _of(
        "point_reversal",
        "id reference award_reference account points from_active from_expired to_debt at",
    ),
    _of(
        "point_restoration",
        "id reference award_reference account points to_active to_expired off_debt at",
    ),
    _of(
        "point_adjustment",
        "id program_id participant_id points reason status needs_second requested_by requested_at"
        " decided_by decided_at note",
        key="decided_at",
        name="point_adjustment.decided",
    ),
    _of(
        "rule_version",
        "id program_id number status valid_from rules created_by created_at published_by"
        " published_at",
        key="published_at",
        name="rule_version.published",
    ),
    _of("tax_choice", "id program_id mode since reason chosen_by chosen_at"),
    _of("program_partner_past", "id program_id partner_id joined_on left_on created_at"),
    _of("tier_standing", "id program_id participant_id level since measured rule_version_id"),
    _of("product_past", "product_id until sku family unit changed_at", key="changed_at"),
    _of(
        "product_code",
        "code_hmac batch_id claim_id used_by used_at",
        key="used_at",
        name="product_code.used",
    ),
    _of(
        "product_code",
        "code_hmac batch_id voided_by voided_at void_reason",
        key="voided_at",
        name="product_code.voided",
    ),
    _of("code_batch", "id program_id number product_id size units_per_code created_by created_at"),
    _of("redemption", "id number program_id participant_id points placed_at"),
    _of("redemption_line", "id redemption_id reward_id quantity price_points"),
    _of("redemption_event", "id redemption_id status actor at note facts"),
    _of("consent", "id person_id kind scope version given source at"),
)
