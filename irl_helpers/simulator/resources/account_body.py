"""What an account says of itself, as sandboxes were seen to answer it."""

from __future__ import annotations

import copy

from ..account import Object

_ACT = "specified_commercial_transactions_act_url"
_SUPPORT = ("support_address", "support_email", "support_phone", "support_url", "url")
_BUSINESS = ("annual_revenue", "estimated_worker_count", "mcc", "minority_owned_business_designation", "name")
_DESCRIPTORS = ("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji")
_PREFIXES = tuple(name.replace("descriptor", "descriptor_prefix") for name in _DESCRIPTORS)
_REQUIREMENTS: Object = {
    "alternatives": [],
    "current_deadline": None,
    "currently_due": [],
    "disabled_reason": None,
    "errors": [],
    "eventually_due": [],
    "past_due": [],
    "pending_verification": [],
}
# type -> who answers for a connected account of this type.
CONTROLLERS: dict[str, Object] = {
    "standard": {
        "fees": {"payer": "account"},
        "losses": {"payments": "stripe"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "full"},
    },
    "express": {
        "fees": {"payer": "application_express"},
        "losses": {"payments": "application"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": "express"},
    },
    "custom": {
        "fees": {"payer": "application_custom"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    },
}


def own(id: str, country: str, currency: str, name: str) -> Object:
    """The account that a key opens, as a fresh sandbox has it."""
    return {
        "id": id,
        "object": "account",
        "business_profile": {**dict.fromkeys((*_BUSINESS, _ACT, *_SUPPORT)), "name": name or None},
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": {"type": "account"},
        "country": country,
        "default_currency": currency,
        "details_submitted": False,
        "email": None,
        "payouts_enabled": False,
        "settings": settings(name or "Sandbox"),
        "type": "standard",
    }


def connected(id: str, type: str, country: str, currency: str, created: int) -> Object:
    """A connected account that nobody has said anything of yet."""
    return {
        "id": id,
        "object": "account",
        "business_profile": dict.fromkeys((*_BUSINESS, "product_description", _ACT, *_SUPPORT)),
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": {**CONTROLLERS[type], "is_controller": True, "type": "application"},
        "country": country,
        "created": created,
        "default_currency": currency,
        "details_submitted": False,
        "email": None,
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{id}/external_accounts",
        },
        "future_requirements": copy.deepcopy(_REQUIREMENTS),
        "metadata": {},
        "payouts_enabled": False,
        "requirements": copy.deepcopy(_REQUIREMENTS),
        "settings": settings(None),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": type,
    }


def settings(display_name: str | None) -> Object:
    """The settings that every account has."""
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": dict.fromkeys(_PREFIXES),
        "dashboard": {"display_name": display_name, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "offer"},
        "payments": dict.fromkeys((*_DESCRIPTORS, *_PREFIXES[1:])),
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }
