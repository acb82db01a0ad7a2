"""Who may claim: every participant, or those of the segment that the programme names."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from claims import code_intake, service
from claims.eligibility import NotEligible
from claims.service import StoredFile
from claims.tables import Channel, Claim
from core.columns import new_id
from core.errors import Invalid
from programs import segments, setup
from programs.policy_segments import Conditions
from programs.segment_tables import Segment
from programs.segments import SegmentInUse
from programs.setup import ProgramFacts
from tests import make
from tests.conftest import NOON
from tests.make import World


def choose(session: Session, of: World, key: str) -> None:
    """The manufacturer says in the programme's settings who may claim."""
    known = {name: getattr(of.program, name) for name in ProgramFacts.__dataclass_fields__}
    setup.change_program(
        session,
        program_id=of.program.id,
        facts=ProgramFacts(**known),
        settings={"eligible_segment": key},
        actor="person:manager",
        at=NOON,
    )


def listed(session: Session, of: World) -> Segment:
    return segments.create(
        session, program_id=of.program.id, name="Wybrane firmy", author="person:manager", at=NOON
    )


def test_only_people_of_the_chosen_segment_may_claim(session: Session) -> None:
    of = make.world(session)
    claim = make.submitted(session, of)
    segment = listed(session, of)
    choose(session, of, segment.key)
    with pytest.raises(NotEligible):
        make.submitted(session, of)
    assert session.exec(select(Claim.id)).all() == [claim.id], "what was sent before stays"
    segments.add_members(
        session, segment, nips=[of.participant.nip], author="person:manager", at=NOON
    )
    make.submitted(session, of)


def test_a_code_and_a_draft_follow_the_same_rule(session: Session) -> None:
    of = make.world(session)
    draft = service.submit(
        session,
        program=of.program,
        participant=of.participant,
        files=[StoredFile("c" * 64, "faktura.xml", "application/xml", 900)],
        channel=Channel.EMAIL,
        actor="mailbox",
        confirmed=False,
        at=NOON,
    )
    choose(session, of, listed(session, of).key)
    with pytest.raises(NotEligible):
        service.confirm(
            session,
            claim_id=draft.id,
            participant_id=of.participant.id,
            actor="person:test",
            at=NOON,
        )
    with pytest.raises(NotEligible):
        code_intake.open_claim(
            session,
            claim_id=new_id(),
            program=of.program,
            participant=of.participant,
            product=of.socket,
            actor="person:test",
            at=NOON,
        )
    assert session.exec(select(Claim.id)).all() == [draft.id]


def test_attributes_may_say_who_claims(session: Session) -> None:
    of = make.world(session)
    near, far = (
        segments.create(
            session,
            program_id=of.program.id,
            name=name,
            conditions=Conditions(voivodeships=(place,)),
            author="person:manager",
            at=NOON,
        )
        for name, place in (("Blisko", of.participant.voivodeship), ("Daleko", "32"))
    )
    choose(session, of, far.key)
    with pytest.raises(NotEligible):
        make.submitted(session, of)
    choose(session, of, near.key)
    make.submitted(session, of)


def test_a_segment_that_says_who_claims_is_there_and_stays(session: Session) -> None:
    of = make.world(session)
    with pytest.raises(Invalid) as error:
        choose(session, of, "nobody-knows-it")
    assert error.value.field == "eligible_segment"
    segment = listed(session, of)
    choose(session, of, segment.key)
    with pytest.raises(SegmentInUse):
        segments.archive(session, segment, at=NOON)
    choose(session, of, "")
    segments.archive(session, segment, at=NOON)
    with pytest.raises(Invalid):
        choose(session, of, segment.key)
