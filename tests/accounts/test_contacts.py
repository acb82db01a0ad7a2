"""Contacts in one written form."""

from __future__ import annotations

import pytest

from accounts.contacts import Contact, ContactInvalid, ContactKind, parse


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ewa.Mroz@Example.COM ", "ewa.mroz@example.com"),
        ("a+b@sub.example.pl", "a+b@sub.example.pl"),
        ("biuro@żółw.pl", "biuro@xn--w-uga1v8h.pl"),
        ("601 234 567", "+48601234567"),
        ("+48 601-234-567", "+48601234567"),
        ("0048601234567", "+48601234567"),
        ("+49 1512 3456789", "+4915123456789"),
    ],
)
def test_what_people_type_becomes_one_form(typed: str, kept: str) -> None:
    assert parse(typed).text == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ewa",
        "ewa@",
        "@example.com",
        "ewa@example",
        "ewa@@example.com",
        "ewa@exa mple.com",
        "ewa@example.com\nBcc: x@example.com",
        "ewa\n@example.com",
        "a" * 65 + "@example.com",
        "12345",
        "601 234 567 ext. 5 and then some more text",
        "+48 000 000 000",
        "ewa@example.com\u0000",
    ],
)
def test_what_is_no_contact_is_refused(typed: str) -> None:
    with pytest.raises(ContactInvalid) as refused:
        parse(typed)
    assert refused.value.field == "contact"


def test_a_masked_contact_is_known_to_its_owner_only() -> None:
    assert Contact(ContactKind.EMAIL, "ewa@example.com").masked == "e•••@example.com"
    assert Contact(ContactKind.PHONE, "+48601234567").masked == "+48 ••• ••• 567"
