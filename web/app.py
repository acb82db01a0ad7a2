"""The web application: every area's routes, behind one guard."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from types import ModuleType

from fastapi import FastAPI

from core import logs, settings
from core.runtime import App, open_app
from core.settings import Environment
from web import openapi, problems
from web.access import every_route
from web.api import account_links as api_account_links
from web.api import adjustments as api_adjustments
from web.api import analytics as api_analytics
from web.api import automation as api_automation
from web.api import claims as api_claims
from web.api import code_batches as api_code_batches
from web.api import code_claims as api_code_claims
from web.api import level as api_level
from web.api import me
from web.api import orders as api_orders
from web.api import partner_branches as api_partner_branches
from web.api import partner_statements as api_partner_statements
from web.api import partners as api_partners
from web.api import piles as api_piles
from web.api import points as api_points
from web.api import product_aliases as api_product_aliases
from web.api import product_imports as api_product_imports
from web.api import product_seller_units as api_product_seller_units
from web.api import products as api_products
from web.api import program as api_program
from web.api import program_branches as api_program_branches
from web.api import program_tax as api_program_tax
from web.api import programs as api_programs
from web.api import rehearsals as api_rehearsals
from web.api import reviews as api_reviews
from web.api import rewards as api_rewards
from web.api import rule_drafts as api_rule_drafts
from web.api import rules as api_rules
from web.api import sales_files as api_sales_files
from web.api import segments as api_segments
from web.api import team as api_team
from web.api import warehouse as api_warehouse
from web.routers import (
    account,
    adjustments,
    analytics_sales,
    auditor,
    automation,
    claim_answers,
    claim_appeals,
    claim_lines,
    claim_receipts,
    claims,
    code_batches,
    code_claims,
    code_lists,
    corrections,
    demo_sign_in,
    identity_links,
    joining,
    keys,
    levels,
    operations,
    operator_support,
    orders,
    outbox,
    own_data,
    packing,
    participant,
    partner_branches,
    partner_bulk,
    partner_counter,
    partner_decisions,
    partner_enrolled,
    partner_escalations,
    partner_feeds,
    partner_history,
    partner_ksef,
    partner_queue,
    partner_results,
    partner_reviews,
    partner_team,
    piles,
    points,
    preferences,
    product_import,
    product_names,
    product_seller_units,
    products,
    program,
    program_branches,
    program_claims,
    program_lists,
    program_setup,
    program_tax,
    program_team,
    program_wholesalers,
    public,
    rewards,
    rule_rehearsals,
    rules,
    rules_editor,
    rules_terms,
    segments,
    sign_in,
    staff_sign_in,
    tracking,
    warehouse,
)
from web.security import Answering
from web.static_files import VersionedFiles

# One line per area: modules with a `router`.
PAGES: Sequence[ModuleType] = (
    operations,
    openapi,
    public,
    preferences,
    sign_in,
    staff_sign_in,
    account,
    own_data,
    keys,
    levels,
    participant,
    claims,
    code_claims,
    code_lists,
    points,
    rewards,
    orders,
    tracking,
    warehouse,
    packing,
    claim_answers,
    claim_appeals,
    claim_lines,
    claim_receipts,
    corrections,
    piles,
    partner_branches,
    partner_counter,
    partner_bulk,
    partner_decisions,
    partner_escalations,
    partner_feeds,
    partner_history,
    partner_enrolled,
    partner_ksef,
    partner_results,
    partner_team,
    joining,
    partner_queue,
    partner_reviews,
    program,
    automation,
    program_claims,
    analytics_sales,
    product_import,
    products,
    product_names,
    product_seller_units,
    code_batches,
    rule_rehearsals,
    rules,
    rules_editor,
    rules_terms,
    segments,
    program_lists,
    program_setup,
    program_tax,
    program_team,
    program_branches,
    program_wholesalers,
    operator_support,
    identity_links,
    adjustments,
    auditor,
)
API: Sequence[ModuleType] = (
    me,
    api_claims,
    api_piles,
    api_program,
    api_partners,
    api_program_branches,
    api_program_tax,
    api_programs,
    api_rehearsals,
    api_team,
    api_products,
    api_product_aliases,
    api_product_seller_units,
    api_product_imports,
    api_code_batches,
    api_code_claims,
    api_points,
    api_adjustments,
    api_rewards,
    api_rules,
    api_rule_drafts,
    api_segments,
    api_level,
    api_orders,
    api_warehouse,
    api_analytics,
    api_reviews,
    api_sales_files,
    api_partner_statements,
    api_partner_branches,
    api_account_links,
    api_automation,
)
# What makes the demo easy would make a real installation unsafe: there these do not exist.
DEMO: Sequence[ModuleType] = (demo_sign_in, outbox)


def create() -> FastAPI:
    """The application of this process's settings; what uvicorn calls."""
    loaded = settings.load()
    logs.configure(loaded.log_format, process="web")
    # It warns about every malformed body: strangers must not be able to fill the log.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    return build(open_app(loaded))


def build(opened: App) -> FastAPI:
    """The application around opened engines. Raises `UndeclaredAccess`."""
    app = FastAPI(title="Zalicz", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.opened = opened
    app.state.demo = opened.settings.demo and (
        opened.settings.environment is not Environment.PRODUCTION
    )
    for module in (*PAGES, *API, *(DEMO if app.state.demo else ())):
        app.router.routes.extend(module.router.routes)
    routes = every_route(app.router.routes)
    app.state.permissions = sorted({r.rules.permission for r in routes if r.rules} - {""})
    app.mount("/static", VersionedFiles(), name="static")
    problems.install(app)
    app.add_middleware(Answering, https=opened.settings.base_url.startswith("https://"))
    return app
