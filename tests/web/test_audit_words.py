"""The audit chain is told in words: every action that some code records has one."""

from __future__ import annotations

import ast
from pathlib import Path

from core.i18n import translations
from verification.proof_tables import ProofKind
from web.views.audit_words import ACTIONS, PROOFS, action_of, actor_of, facts_of

ROOT = Path(__file__).resolve().parents[2]
# These keep their events in chains of their own, which the programme's auditor does not read.
ELSEWHERE = ("accounts", "partners", "verification/links.py", "verification/closing.py")


def recorded() -> set[str]:
    """Literal actions handed to `audit.record` or to a room's own `_record`."""
    found: set[str] = set()
    for room in ("claims", "programs", "points", "verification", "rewards", "logistics"):
        for path in sorted((ROOT / room).glob("*.py")):
            if path.relative_to(ROOT).as_posix().startswith(ELSEWHERE):
                continue
            for call in ast.walk(ast.parse(path.read_text())):
                if not isinstance(call, ast.Call):
                    continue
                name = ast.unparse(call.func)
                if name not in ("audit.record", "_record"):
                    continue
                for value in [*call.args, *(k.value for k in call.keywords if k.arg == "action")]:
                    if isinstance(value, ast.Constant) and "." in str(value.value):
                        found.add(str(value.value))
    return found


def test_every_recorded_action_has_words() -> None:
    actions = recorded()
    assert {"claim.decide", "codes.void", "points.adjust"} <= actions
    assert actions - set(ACTIONS) == set()
    assert set(PROOFS) == set(ProofKind)


def test_entries_are_told_in_the_readers_language() -> None:
    polish, english = (translations(language).gettext for language in ("pl", "en"))
    assert action_of("claim.decide", polish) == "Decyzja o zgłoszeniu"
    assert action_of("claim.decide", english) == "Decision on a claim"
    assert actor_of("clock", polish) == "zegar"
    facts = {
        "paid": False,
        "outcome": "approved",
        "kind": "ksef_registry",
        "rule_version": "01a20292-4599-7f2b-b548-69f3940b3abd",
        "strange": "as it is",
    }
    assert facts_of(facts, polish) == (
        "wypłacone: nie, wynik: Zaliczone, rodzaj: rejestr KSeF, wersja zasad: …940b3abd, "
        "strange: as it is"
    )
