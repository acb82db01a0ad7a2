"""Who sold to whom: blocks, tax numbers and, where no heading says it, the firm on the paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr import address_blocks
from ocr.address_blocks import AddressBlock
from ocr.addressee import addressed, addressee
from ocr.addresses import LEGAL_FORM, is_address
from ocr.labels import FIELD_LEXICON, squeeze
from ocr.parties import Block, find_blocks, party_of
from ocr.reading import Party, Proof, Value
from ocr.rows import Row, Token
from ocr.seller import guess_seller
from ocr.tax_numbers import TaxNumber
from ocr.token_values import text_of

_DELIVERY = re.compile(
    r"(?i)liefer|versand|dostaw|dostarcz|wysył|budowy|deliver|ship|livr|chantier|lever|bezorg|"
    r"entrega|consegna"
)
_SHORT = 4  # letters: such words do not tell two firms apart
_TWO = 2  # tax numbers: the issuer's and that of whom the paper is addressed to
_LIST = 14.0  # heights over and under a number that a list of the document's fields may take
_BLOCK, _WIDTH = 9.0, 0.2  # heights, and of the page's width: a firm's block under its name
_LISTED = 0.03  # of the page's width: values of one list
_EDGE = 0.004  # of the page's width


def seller_and_buyer(
    rows: Sequence[Row], taxes: Sequence[TaxNumber], tables: frozenset[int]
) -> tuple[Party, Party, tuple[Party, ...]]:
    """Seller, buyer and others; `tables` are the numbers of rows that belong to tables."""
    taxes = _of_customer(rows, taxes)
    blocks = find_blocks(rows, tables)
    named: dict[str, list[Party]] = {}
    for block in blocks:
        named.setdefault(block.role, []).append(party_of(block, taxes))
    seller = _first(named.get("seller", []))
    buyer = _first(named.get("buyer", []))
    claimed = {
        id(n.token)
        for b in blocks
        for n in taxes
        for line in b.lines
        for t in line.tokens
        if t is n.token
    }
    for number in taxes:
        if number.role == "buyer" and buyer.vat_id is None:
            buyer = _with(buyer, number.value)
        elif number.role == "seller" and seller.vat_id is None:
            seller = _with(seller, number.value)
    alone = named.get("recipient", [])
    delivered = any(b.role == "recipient" and _DELIVERY.search(b.heading.text) for b in blocks)
    if not delivered:
        buyer = _who_receives(buyer, named)
    unnamed = [] if seller.name or buyer.name or alone else address_blocks.find(rows, tables, taxes)
    if told := address_blocks.seller_first(unnamed):
        seller, buyer = _guessed(told[0], seller), _guessed(told[1], buyer)
        claimed |= {id(n.token) for n in taxes for block in told if block.holds(n)}
    if seller.name is None:
        buyers = next((b for b in blocks if b.role == "buyer"), None)
        free = [n for n in taxes if id(n.token) not in claimed and n.role != "buyer"]
        mine, strange = _issuers(rows, free)
        if strange and seller.vat_id is None and buyer.vat_id is None:
            seller, buyer = _with(seller, mine[0].value), _with(buyer, strange[0].value)
        own, foreign = [n.token for n in mine], [n.token for n in strange]
        guessed = guess_seller(rows, buyers, blocks, tables, own, foreign)
        seller = Party(guessed, seller.vat_id, seller.address, seller.customer_number, seller.role)
        own_block = next(
            (b for b in unnamed if guessed and b.party.name and _same(b, guessed)), None
        )
        if own_block is not None and len(unnamed) == _TWO:
            other = next(b for b in unnamed if b is not own_block)
            seller, buyer = _guessed(own_block, seller), _guessed(other, buyer)
            claimed |= {id(n.token) for n in taxes for block in unnamed if block.holds(n)}
        elif own_block is None and guessed is not None and len(unnamed) == 1:
            if not unnamed[0].foot and not _akin(unnamed[0], guessed):
                buyer = _guessed(unnamed[0], buyer)
            claimed |= {id(n.token) for n in taxes for block in unnamed if block.holds(n)}
    if buyer.name is None and seller.name is not None and "buyer" not in named:
        window = addressee(rows, tables, seller.name.value)
        if window is not None:
            inside = party_of(window, taxes).vat_id or _under(window, taxes)
            buyer = addressed(window, buyer.vat_id or inside)
    if delivered:  # first to whom the paper is addressed: the goods may go elsewhere
        buyer = _who_receives(buyer, named)
    if buyer.name is None and "buyer" not in named:
        buyer = replace(buyer, name=_named_at(rows, taxes, tables))
    if seller.vat_id is None:
        free = [
            n
            for n in taxes
            if id(n.token) not in claimed
            and n.role != "buyer"
            and (buyer.vat_id is None or n.value.value != buyer.vat_id.value)
        ]
        free.sort(key=lambda n: (not n.labelled, n.value.proof is not Proof.CHECKSUM, n.row))
        if free:
            seller = _with(seller, _nearest(seller.name, free))
    if (
        buyer.vat_id is None
        and seller.vat_id is not None
        and not named.keys() - {"seller", "buyer"}
    ):
        only = _other(taxes, seller.vat_id, min(tables, default=0))
        buyer = _with(buyer, only) if only else buyer
    others = [
        p for role in ("recipient", "third") for p in named.get(role, []) if p.name or p.vat_id
    ]
    return seller, buyer, tuple(others)


def _of_customer(rows: Sequence[Row], taxes: Sequence[TaxNumber]) -> list[TaxNumber]:
    """The numbers, where one straight under the customer's number is the customer's.

    Only where another firm's number stands elsewhere: the writer has to give its own.
    """
    if len({n.value.value for n in taxes}) < _TWO:
        return list(taxes)
    return [
        replace(n, role="buyer") if n.labelled and not n.role and _under_customer(rows, n) else n
        for n in taxes
    ]


def _under_customer(rows: Sequence[Row], number: TaxNumber) -> bool:
    own = next((p for p in rows[number.row].phrases() if number.token in p.tokens), None)
    if own is None or number.row == 0 or rows[number.row - 1].page != own.page:
        return False
    above = rows[number.row - 1]
    return own.middle - above.middle < _TWO * own.height and any(
        meaning == "customer_no"
        and ":" in p.text
        and abs(p.tokens[-1].x0 - number.token.x0) < _LISTED
        for p in above.phrases()
        for _, _, meaning in FIELD_LEXICON.beginnings([t.key for t in p.tokens[:4]])
    )


def _who_receives(buyer: Party, named: dict[str, list[Party]]) -> Party:
    """The only recipient as the buyer, where nobody else is named."""
    alone = named.get("recipient", [])
    if buyer.name is not None or "buyer" in named or len(alone) != 1:
        return buyer
    named["buyer"] = [named.pop("recipient")[0]]
    return replace(alone[0], vat_id=buyer.vat_id or alone[0].vat_id, role="buyer")


def _same(block: AddressBlock, name: Value[str]) -> bool:
    """Whether a block is that of the firm with this name."""
    own = block.party.name
    return own is not None and squeeze(name.value)[:12] == squeeze(own.value)[:12]


def _akin(block: AddressBlock, name: Value[str]) -> bool:
    """Whether two names share a long word: a logo and the firm's full name do."""
    own = block.party.name
    words = {w for w in name.value.casefold().split() if len(w) > _SHORT}
    return own is None or any(w in words for w in own.value.casefold().split())


def _guessed(block: AddressBlock, known: Party) -> Party:
    """The party of a block whose role its place tells: its number proves no role by its digits."""
    vat_id = block.party.vat_id
    if vat_id is not None and known.vat_id is None:
        vat_id = replace(vat_id, proof=Proof.READ)
    return replace(block.party, vat_id=known.vat_id or vat_id)


def _named_at(
    rows: Sequence[Row], taxes: Sequence[TaxNumber], tables: frozenset[int]
) -> Value[str] | None:
    """The firm under the buyer's own number and over its address: `NIP nabywcy: …`."""
    own = [n for n in taxes if n.role == "buyer"]
    if len({n.value.value for n in own}) != 1:
        return None
    number = own[0]
    label = next((p for p in rows[number.row].phrases() if number.token in p.tokens), None)
    if label is None:
        return None
    straight: list[Row] = []
    for place in range(number.row + 1, min(number.row + 3, len(rows))):
        row = rows[place]
        if row.page != label.page or place in tables:
            return None
        middle = (label.x0 + label.x1) / 2
        below = (
            p
            for p in row.phrases()
            if abs(p.x0 - label.x0) < _EDGE or abs((p.x0 + p.x1) / 2 - middle) < _EDGE
        )
        straight += list(below)[:1]
    told = len(straight) == _TWO and is_address(straight[1].text) and ":" not in straight[0].text
    if not told or is_address(straight[0].text) or any(map(str.isdigit, straight[0].text)):
        return None
    return text_of(straight[0].text.strip(" ,;"), straight[0].tokens)


def _nearest(name: Value[str] | None, free: Sequence[TaxNumber]) -> Value[str]:
    """The number in the block of the firm's name, else the first one.

    Of two numbers that no word gives to a party none is proven: right in itself, it may be another
    firm's, as the name over it is a guess too.
    """
    if len({n.value.value for n in free}) == 1:
        return free[0].value
    under = [n for n in free if name is not None and _under_name(name, n)]
    best = under[0] if len({n.value.value for n in under}) == 1 else free[0]
    return best.value if best.token.doubt else replace(best.value, proof=Proof.READ)


def _under_name(name: Value[str], number: TaxNumber) -> bool:
    box, token = name.box, number.token
    if box is None or box.page != token.page:
        return False
    tall = box.y1 - box.y0
    below = box.y0 - tall < token.box.y0 < box.y1 + _BLOCK * tall
    return below and box.x0 - 0.01 < token.x0 < max(box.x1, box.x0 + _WIDTH)


def _issuers(
    rows: Sequence[Row], free: Sequence[TaxNumber]
) -> tuple[list[TaxNumber], list[TaxNumber]]:
    """The numbers that are the issuer's, and another firm's, where it is told; else none."""
    values = {n.value.value for n in free}
    if len(values) < _TWO:
        return list(free), []
    mine = [n for n in free if _among_fields(rows, n.token)]
    others = [n for n in free if n not in mine]
    told, strange = ({n.value.value for n in group} for group in (mine, others))
    return (mine, others) if len(told) == len(strange) == 1 and told != strange else ([], [])


def _among_fields(rows: Sequence[Row], number: Token) -> bool:
    """Whether a tax number is listed with the document's own number and date, as its issuer's is.

    They stand under one another on one left edge, with no firm among them.
    """
    column = [
        phrase
        for row in rows
        if row.page == number.page and abs(row.y0 - number.y0) < _LIST * number.height
        for phrase in row.phrases(1.0)
        if abs(phrase.x0 - number.x0) < _EDGE
    ]
    keys = {"".join(t.key for t in phrase.tokens) for phrase in column}
    own = {FIELD_LEXICON.exact.get(key) for key in keys} >= {"number", "issue_date"}
    return own and not any(LEGAL_FORM.search(phrase.text) for phrase in column)


def _other(taxes: Sequence[TaxNumber], seller: Value[str], end: int) -> Value[str] | None:
    """The only labelled number beside the seller's, where the buyer has no heading or lost it.

    In a text layer it stands over the first table, whose row is `end`, and below the seller's.
    """
    own = min((n.row for n in taxes if n.value.value == seller.value), default=end)
    found = {
        n.value.value: n.value
        for n in taxes
        if n.labelled
        and (n.token.doubt or own < n.row < end)
        and n.value.proof is Proof.CHECKSUM
        and n.value.value[-10:] != seller.value[-10:]
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _under(window: Block, taxes: Sequence[TaxNumber]) -> Value[str] | None:
    """The tax number straight under an address, on its left edge."""
    tall = window.heading.height
    for number in taxes:
        token = number.token
        below = 0 <= token.y0 - window.end < 1.5 * tall
        if token.page == window.heading.page and below and 0 <= token.x0 - window.left < 0.12:
            return number.value
    return None


def _first(parties: Sequence[Party]) -> Party:
    """The most telling of several blocks of one role."""
    known = [p for p in parties if p.name or p.vat_id]
    if not known:
        return Party()
    best = max(known, key=lambda p: (p.vat_id is not None, p.name is not None))
    name = best.name or next((p.name for p in known if p.name), None)
    return Party(name, best.vat_id, best.address, best.customer_number, best.role)


def _with(party: Party, vat_id: Value[str]) -> Party:
    return Party(party.name, vat_id, party.address, party.customer_number, party.role)
