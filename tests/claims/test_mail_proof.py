"""What a mail server's own words say of a sender, and what anybody could have written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims import mail
from claims.mail_proof import is_proven

SERVER, SENDER = "mx.zalicz.example", "marek@firma.pl"


@pytest.mark.parametrize(
    "result",
    [
        "mx.zalicz.example; dmarc=pass header.from=firma.pl",
        "MX.Zalicz.example 1; spf=fail; dmarc=pass (p=none dis=none) header.from=Firma.pl",
        "mx.zalicz.example;\r\n dkim=pass header.d=firma.pl header.s=k1",
        "mx.zalicz.example; dkim=fail header.d=a.pl; dkim=pass header.i=@firma.pl",
    ],
)
def test_a_pass_for_the_senders_own_domain_is_proof(result: str) -> None:
    assert is_proven([result], sender=SENDER, server=SERVER)


@pytest.mark.parametrize(
    "results",
    [
        [],
        ["mx.zalicz.example; none"],
        ["mx.zalicz.example; spf=pass smtp.mailfrom=firma.pl"],
        ["mx.zalicz.example; dmarc=fail header.from=firma.pl; dkim=pass header.d=firma.pl"],
        ["mx.zalicz.example; dmarc=pass header.from=inna.pl"],
        ["mx.zalicz.example; dkim=pass header.d=pl"],
        ["mx.zalicz.example; dkim=pass header.d=zla-firma.pl"],
        ["mx.zalicz.example (dmarc=pass header.from=firma.pl); dmarc=none"],
        ["mx.zalicz.example.evil.example; dmarc=pass header.from=firma.pl"],
        ["evil.example; dmarc=pass header.from=firma.pl"],
        # Our server's own word stands first; what it received stands below.
        ["mx.zalicz.example; dmarc=fail", "mx.zalicz.example; dmarc=pass header.from=firma.pl"],
    ],
)
def test_nothing_else_is(results: list[str]) -> None:
    assert not is_proven(results, sender=SENDER, server=SERVER)


def test_no_server_and_no_sender_prove_nothing() -> None:
    result = ["mx.zalicz.example; dmarc=pass header.from=firma.pl"]
    assert not is_proven(result, sender=SENDER, server="")
    assert not is_proven(["; dmarc=pass"], sender=SENDER, server="")
    assert not is_proven(result, sender="", server=SERVER)


@given(st.text(max_size=200))
def test_no_header_makes_it_fail(text: str) -> None:
    is_proven([text, f"{SERVER};{text}"], sender=SENDER, server=SERVER)


@pytest.mark.parametrize(
    "head",
    [
        "From: marek@firma.pl, ewa@inna.pl",
        "From: marek@firma.pl\nFrom: ewa@inna.pl",
    ],
)
def test_two_senders_are_nobody(head: str) -> None:
    seen = mail.parse(f"{head}\nMessage-ID: <1@x>\n\nx".encode())
    assert seen.sender == ""
    assert seen.automatic  # Nobody is answered.
