"""Setting a programme up: enrolment, products, aliases, rule versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from stdnum.pl import nip as nip_rules

from core import audit
from core.errors import DomainError, Invalid, Kind
from programs import code_rates, policy_identity, product_history
from programs.matching import fold, fold_code
from programs.policy import Rules
from programs.product_tables import AliasKind, Product, ProductAlias, ProductGtin
from programs.rule_tables import RuleStatus, RuleVersion
from programs.tables import Participant, Program, Relation


class AlreadyEnrolled(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "already-enrolled"


class NipInvalid(Invalid):
    """Not ten digits with the right check digit."""

    code = "nip-invalid"


class OwnRules(DomainError):
    """Rules are published by another person than their author."""

    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "own-rules"


class NotADraft(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "not-a-draft"


def chain(program_id: UUID) -> str:
    """The audit chain of a programme."""
    return f"program:{program_id}"


def require_nip(text: str, *, field: str = "nip") -> str:
    """Ten digits with the right check digit. Raises `NipInvalid`."""
    try:
        compact: str = nip_rules.validate(text)
    except Exception as error:
        raise NipInvalid("the tax number is wrong", field=field) from error
    return compact


def enrol(
    session: Session,
    *,
    program: Program,
    person_id: UUID,
    company_name: str,
    nip: str,
    voivodeship: str,
    relation: Relation = Relation.OWNER,
    branch_id: UUID | None = None,
    at: datetime,
) -> Participant:
    """Enrol a person with the firm whose purchases count. Raises `AlreadyEnrolled`, `Invalid`."""
    known = session.exec(
        select(Participant.id).where(
            Participant.program_id == program.id, Participant.person_id == person_id
        )
    ).first()
    if known is not None:
        raise AlreadyEnrolled
    if not company_name.strip():
        raise Invalid("a firm has a name", field="company_name")
    participant = Participant(
        program_id=program.id,
        person_id=person_id,
        company_name=company_name.strip(),
        nip=require_nip(nip),
        relation=relation,
        voivodeship=voivodeship,
        enrolled_by_branch_id=branch_id,
        enrolled_at=at,
    )
    session.add(participant)
    session.flush()
    return participant


def add_product(
    session: Session,
    *,
    program_id: UUID,
    sku: str,
    name: str,
    family: str,
    unit: str,
    gtins: Sequence[tuple[str, Decimal]] = (),
    at: datetime,
) -> Product:
    """Add a product or update the one with the same code; GTINs are added, never moved silently.

    What was bought until today is judged by what the product was.
    """
    product = session.exec(
        select(Product).where(Product.program_id == program_id, Product.sku == sku)
    ).first()
    if product is None:
        product = Product(
            program_id=program_id, sku=sku, name=name, family=family, unit=unit, created_at=at
        )
    else:
        now = product_history.DayFacts(sku, family, unit)
        product_history.keep(session, {product.id: now}, at=at)
        product.name, product.family, product.unit = name, family, unit
    session.add(product)
    session.flush()
    for gtin, units in gtins:
        row = session.get(ProductGtin, (program_id, gtin))
        if row is not None and row.product_id != product.id:
            raise Invalid("the GTIN belongs to another product", field="gtin", gtin=gtin)
        if row is None:
            session.add(
                ProductGtin(program_id=program_id, gtin=gtin, product_id=product.id, units=units)
            )
    session.flush()
    return product


def known_aliases(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str,
    names: Sequence[tuple[AliasKind, str]],
) -> dict[tuple[AliasKind, str], tuple[UUID, Decimal]]:
    """What one seller's names mean by now: product and units by kind and text. One query."""
    keys = {name: _alias_key(*name) for name in names}
    rows = session.execute(
        sa.select(
            col(ProductAlias.kind),
            col(ProductAlias.text),
            col(ProductAlias.product_id),
            col(ProductAlias.units),
        ).where(
            col(ProductAlias.program_id) == program_id,
            col(ProductAlias.seller_nip) == seller_nip,
            col(ProductAlias.text).in_(set(keys.values())),
            col(ProductAlias.withdrawn_at).is_(None),
        )
    ).all()
    known = {(kind, text): (product_id, units) for kind, text, product_id, units in rows}
    return {name: known[name[0], key] for name, key in keys.items() if (name[0], key) in known}


def _alias_key(kind: AliasKind, text: str) -> str:
    return fold_code(text) if kind is AliasKind.SELLER_INDEX else fold(text)


def learn_alias(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str,
    kind: AliasKind,
    text: str,
    product_id: UUID,
    units: Decimal,
    confirmed_by: str,
    at: datetime,
) -> None:
    """Remember what one seller calls a product. A different product replaces the older alias."""
    key = _alias_key(kind, text)
    if len(key) < 2:
        return
    session.execute(
        sa.update(ProductAlias)
        .where(
            col(ProductAlias.program_id) == program_id,
            col(ProductAlias.seller_nip) == seller_nip,
            col(ProductAlias.kind) == kind,
            col(ProductAlias.text) == key,
            col(ProductAlias.withdrawn_at).is_(None),
            sa.or_(col(ProductAlias.product_id) != product_id, col(ProductAlias.units) != units),
        )
        .values(withdrawn_by=confirmed_by, withdrawn_at=at)
    )
    session.execute(
        insert(ProductAlias)
        .values(
            program_id=program_id,
            seller_nip=seller_nip,
            kind=kind,
            text=key,
            product_id=product_id,
            units=units,
            confirmed_by=confirmed_by,
            confirmed_at=at,
        )
        .on_conflict_do_nothing()
    )


def draft_rules(
    session: Session,
    *,
    program_id: UUID,
    rules: Rules,
    valid_from: date,
    author: str,
    note: str = "",
    at: datetime,
) -> RuleVersion:
    """Write a new draft version. It judges nothing until another person publishes it.

    Raises `Invalid` where two bonuses are the same one.
    """
    rules = with_keys(session, program_id=program_id, rules=rules, valid_from=valid_from)
    # Two that draft at once take their numbers one after the other.
    session.execute(
        sa.select(col(Program.id))
        .where(col(Program.id) == program_id)
        .with_for_update(key_share=True)
    )
    number = session.exec(
        select(sa.func.coalesce(sa.func.max(RuleVersion.number), 0)).where(
            RuleVersion.program_id == program_id
        )
    ).one()
    version = RuleVersion(
        program_id=program_id,
        number=number + 1,
        valid_from=valid_from,
        rules=rules.model_dump(mode="json"),
        note=note,
        created_by=author,
        created_at=at,
    )
    session.add(version)
    session.flush()
    return version


def with_keys(session: Session, *, program_id: UUID, rules: Rules, valid_from: date) -> Rules:
    """The rules of a draft with the keys of bonuses that go on under another name."""
    known = session.exec(
        select(RuleVersion.rules)
        .where(
            RuleVersion.program_id == program_id,
            RuleVersion.status == RuleStatus.PUBLISHED,
            RuleVersion.valid_from < valid_from,
        )
        .order_by(col(RuleVersion.valid_from).desc())
        .limit(1)
    ).first()
    found = policy_identity.carried(rules, Rules.model_validate(known) if known else None)
    if (clause := policy_identity.repeated(found)) is not None:
        raise Invalid("two bonuses are the same one", field="bonuses", fault="same", clause=clause)
    return found


def publish_rules(
    session: Session, *, version_id: UUID, publisher: str, at: datetime
) -> RuleVersion:
    """Put a draft into force from its day.

    Raises `OwnRules`, `NotADraft`, `CodesNeedUnitRate`.
    """
    version = session.exec(
        select(RuleVersion)
        .where(RuleVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if version.status is not RuleStatus.DRAFT:
        raise NotADraft
    if version.created_by == publisher:
        raise OwnRules
    rules = Rules.model_validate(version.rules)
    code_rates.require_codes_counted(session, program_id=version.program_id, rules=rules)
    version.status = RuleStatus.PUBLISHED
    version.published_by, version.published_at = publisher, at
    session.add(version)
    session.flush()
    audit.record(
        session,
        chain=chain(version.program_id),
        actor=publisher,
        action="rules.publish",
        subject=f"rule_version:{version.id}",
        at=at,
        number=version.number,
    )
    return version
