"""`python -m workers operator E-MAIL NAME`: the first person of an installation."""

from __future__ import annotations

import sys

from accounts import grants, passwords, people
from accounts.contacts import ContactInvalid, parse_email
from accounts.roles import EVERYWHERE, Grant, Role
from core import clock
from core.runtime import App


def invite(app: App, *, email: str, name: str) -> int:
    """Make a person an operator and print the link for their password; the exit code.

    Whoever may run this command holds the machine already. The link is printed because the mail
    of a new installation may not work yet; it lasts a day and works once.
    """
    try:
        contact = parse_email(email)
    except ContactInvalid:
        sys.stderr.write(f"{email!r} is no e-mail address.\n")
        return 2
    if not name.strip():
        sys.stderr.write("A person has a name.\n")
        return 2
    now = clock.now()
    with app.database.unit_of_work() as session:
        person = people.get_or_create(
            session, contact=contact, language="pl", at=now, name=name.strip()
        )
        everything = Grant(Role.OPERATOR, EVERYWHERE)
        grants.grant(session, person_id=person.id, grant=everything, by="system:command", at=now)
        link_id = passwords.issue_link(session, person_id=person.id, at=now)
        key = app.settings.derive_key(passwords.PURPOSE)
        token = passwords.reveal_link(session, key=key, link_id=link_id)
    address = f"{app.settings.base_url}/password/{link_id}/{token}"
    sys.stdout.write(
        f"{name.strip()} is an operator. Set the password here, within a day:\n{address}\n"
    )
    return 0
