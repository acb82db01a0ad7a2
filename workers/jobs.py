"""Job names and what they do: the allow-list of background work. One line per job."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from analytics.rehearsals import REHEARSE
from claims import service as claims_service
from core.queue import Job
from messages import delivery
from messages import service as messages_service
from programs import product_imports
from verification import (
    intake,
    ksef_corrections,
    ksef_lookup,
    ksef_sync,
    reconciliation,
    reconciliation_run,
)
from workers import (
    debts,
    expiry,
    feeds,
    ksef,
    layouts,
    levels,
    mailbox,
    partner_rewards,
    promises,
    reading,
    rehearsals,
    retention,
    sweep,
    unanswered,
)
from workers import product_imports as product_writing
from workers.runtime import Handler
from workers.schedule import Turn

SWEEP = Job("workers.sweep")
ANCHOR = Job("workers.anchor")
EXPIRE = Job("workers.expire_points", timeout_s=300, lease_s=120)
WARN = Job("workers.warn_of_expiry", timeout_s=300, lease_s=120)
DEBTS = Job("workers.settle_debts")
UNANSWERED = Job("workers.expire_unanswered")
PROMISES = Job("workers.keep_promises")
MAILBOX = Job("workers.poll_mailbox", timeout_s=300, lease_s=120)
LEVELS = Job("workers.review_levels")
LAYOUTS = Job("workers.learn_layouts")
KSEF = Job("workers.ask_ksef")
PARTNER_REWARDS = Job("workers.pay_partners")
RETENTION = Job("workers.forget_documents", timeout_s=300, lease_s=120)

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        claims_service.READ.name: Handler(reading.read_claim, give_up=intake.give_up_reading),
        messages_service.DELIVER.name: Handler(delivery.deliver, give_up=delivery.give_up),
        reconciliation.COMPARE.name: Handler(
            feeds.compare_sales, give_up=reconciliation_run.give_up
        ),
        reconciliation.PROVE.name: Handler(feeds.prove_by_sales),
        KSEF.name: Handler(ksef.ask_syncs),
        PARTNER_REWARDS.name: Handler(partner_rewards.pay),
        ksef_sync.SYNC.name: Handler(ksef.sync),
        ksef_lookup.FETCH.name: Handler(ksef.fetch),
        ksef_corrections.FETCH.name: Handler(ksef.fetch_correction),
        product_imports.IMPORT.name: Handler(
            product_writing.import_products, give_up=product_imports.give_up
        ),
        SWEEP.name: Handler(sweep.sweep),
        ANCHOR.name: Handler(sweep.anchor),
        EXPIRE.name: Handler(expiry.expire),
        WARN.name: Handler(expiry.warn),
        DEBTS.name: Handler(debts.settle),
        UNANSWERED.name: Handler(unanswered.expire),
        PROMISES.name: Handler(promises.keep),
        MAILBOX.name: Handler(mailbox.poll),
        LEVELS.name: Handler(levels.review),
        REHEARSE.name: Handler(rehearsals.rehearse, give_up=rehearsals.give_up),
        LAYOUTS.name: Handler(layouts.learn),
        RETENTION.name: Handler(retention.forget_documents),
    }
)

TURNS = (
    Turn(SWEEP, every_s=3600),
    Turn(ANCHOR, every_s=3600),
    Turn(EXPIRE, every_s=900),
    Turn(WARN, every_s=6 * 3600),
    Turn(DEBTS, every_s=120),
    Turn(UNANSWERED, every_s=3600),
    Turn(PROMISES, every_s=300),
    Turn(MAILBOX, every_s=60),
    Turn(LEVELS, every_s=3600),
    Turn(LAYOUTS, every_s=300),
    Turn(RETENTION, every_s=3600),
    Turn(PARTNER_REWARDS, every_s=3600),
    Turn(KSEF, every_s=ksef_sync.EVERY_S),
)
