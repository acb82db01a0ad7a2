"""How rewards are taxed: chosen by people, from a day on, never by default; orders keep theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from core.audit import AuditEntry
from core.clock import local_date
from core.errors import DomainError
from programs import tax, tax_modes
from programs.tax import TaxMode
from programs.tax_tables import TaxChoice
from tests import make
from tests.conftest import NOON

TODAY = local_date(NOON)
LATER = TODAY + timedelta(days=10)


def choose(session: Session, of: make.World, mode: str, **changed: object) -> TaxChoice:
    facts = {"since": TODAY, "reason": "opinia doradcy", "actor": "person:x", "at": NOON}
    return tax_modes.choose(
        session,
        program_id=of.program.id,
        mode=mode,
        **{**facts, **changed},  # type: ignore[arg-type]
    )


def test_nothing_holds_until_somebody_chooses_and_each_day_keeps_its_own(session: Session) -> None:
    of = make.world(session)

    def told(days: int) -> TaxMode | None:
        on = TODAY + timedelta(days=days)
        return tax_modes.mode_on(session, program_id=of.program.id, on=on)

    assert told(0) is told(400) is None
    choose(session, of, "pit11")
    choose(session, of, "business", since=LATER)
    assert [told(days) for days in (-1, 0, 9, 10)] == [
        None,
        TaxMode.PIT11,
        TaxMode.PIT11,
        "business",
    ]
    # What is planned for a day can be planned anew before it comes.
    choose(session, of, "premium_sale_exempt", since=LATER)
    assert (told(9), told(10)) == (TaxMode.PIT11, TaxMode.PREMIUM_SALE_EXEMPT)
    modes = [choice.mode for choice in tax_modes.list_choices(session, of.program.id)]
    assert modes == ["premium_sale_exempt", "business", "pit11"]
    traces = session.exec(select(AuditEntry.facts).where(AuditEntry.action == "program.tax")).all()
    assert [facts["tax_mode"] for facts in traces] == [
        "– → pit11",
        "pit11 → business",
        "business → premium_sale_exempt",
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"mode": "lottery"}, "invalid"),
        ({"reason": " tak "}, "invalid"),
        ({"since": TODAY - timedelta(days=1)}, "day-passed"),
        ({"mode": "pit11"}, "tax-mode-unchanged"),
    ],
)
def test_a_choice_without_ground_or_change_writes_nothing(
    session: Session, changed: dict[str, object], code: str
) -> None:
    of = make.world(session)
    choose(session, of, "pit11")
    with pytest.raises(DomainError) as refused:
        choose(session, of, **{"mode": "business", **changed})  # type: ignore[arg-type]
    assert refused.value.code == code
    assert len(tax_modes.list_choices(session, of.program.id)) == 1


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE tax_choice SET mode = 'business'",
        "DELETE FROM tax_choice",
        "INSERT INTO tax_choice SELECT gen_random_uuid(), program_id, 'business', since - 1, "
        "reason, chosen_by, chosen_at FROM tax_choice",
    ],
)
def test_the_database_keeps_the_history(session: Session, tampering: str) -> None:
    choose(session, make.world(session), "pit11")
    with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
        session.execute(sa.text(tampering))


def test_an_order_has_the_mode_of_its_day_for_good(session: Session) -> None:
    of = make.world(session)
    make.give_points(session, of, 1_000)
    reward, carrier = make.stocked_reward(session, of), make.carrier(session)
    before = make.place(session, of, reward, by=carrier)
    choose(session, of, "flat10_with_gross_up")
    after = make.place(session, of, reward, by=carrier)
    choose(session, of, "pit11")
    session.refresh(after)
    assert (before.tax_mode, after.tax_mode) == (None, "flat10_with_gross_up")
    rewritten = sa.text("UPDATE redemption SET tax_mode = 'business' WHERE id = :id")
    for order in (before, after):
        with (
            pytest.raises(sa.exc.IntegrityError, match="keeps the tax mode"),
            session.begin_nested(),
        ):
            session.execute(rewritten, {"id": order.id})
    copied = sa.text(
        "INSERT INTO redemption SELECT (jsonb_populate_record(r, jsonb_build_object("
        "'id', gen_random_uuid(), 'number', 'N/1', 'tax_mode', 'business'))).* "
        "FROM redemption r WHERE r.id = :id"
    )
    with pytest.raises(sa.exc.IntegrityError, match="has the tax mode"), session.begin_nested():
        session.execute(copied, {"id": after.id})


@pytest.mark.parametrize("mode", [None, *TaxMode])
@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("ordered", [False, True])
def test_every_mode_is_said_in_both_languages(
    mode: TaxMode | None, language: str, ordered: bool
) -> None:
    said = " ".join(tax.sentences(mode, language=language, ordered=ordered))
    assert "%(" not in said
    after = "Zapytaj go." in said or "Ask the organiser." in said
    assert after is (mode is None and ordered)
    assert (said != " ".join(tax.sentences(mode, language="pl", ordered=ordered))) is (
        language == "en"
    )
    numbers = {
        TaxMode.PREMIUM_SALE_EXEMPT: ("2000", "10%"),
        TaxMode.FLAT10_WITH_GROSS_UP: ("2000", "10%", "1111%"),
    }
    plain = said.replace("\u00a0", "").replace(",", "").replace(".", "").replace(" ", "")
    assert all(number in plain for number in numbers.get(mode, ()))  # type: ignore[arg-type]
