"""Readers: registering them, looking at them. https://docs.stripe.com/api/terminal/readers"""

from __future__ import annotations

import uuid

from .. import errors
from ..account import Account, Object
from ..faults import active
from ..metadata import merge
from ..paging import cursors, list_object, page, page_size
from ..states import payment_intent_move
from . import tip_in_amount

KIND = "terminal.reader"
SIMULATED = {
    "simulated-wpe": "simulated_wisepos_e",
    "simulated-s700": "simulated_stripe_s700",
    "simulated-s710": "simulated_stripe_s710",
    "simulated-v660p": "simulated_verifone_v660p",
}
_CODES = {device_type: code for code, device_type in SIMULATED.items()}
OFFLINE_AFTER = 120


def create(account: Account, params: Object) -> Object:
    code = params["registration_code"]
    if code not in SIMULATED:
        raise errors.invalid(
            f"The registration code '{code[:60]}' is not valid. Offline there are only simulated readers: "
            f"{', '.join(SIMULATED)}.",
            "registration_code",
        )
    location = params.get("location")
    if location:
        account.get(location, "terminal.location", "location")
    serial = str(uuid.uuid4())
    return account.add(
        "tmr",
        KIND,
        action=None,
        device_sw_version="2.37.2.0",
        device_type=SIMULATED[code],
        ip_address="0.0.0.0",
        label=params.get("label") or f"{code}-{serial}",
        last_seen_at=int(account.time * 1000),
        livemode=False,
        location=location,
        metadata=merge({}, params.get("metadata")),
        serial_number=serial,
        status="online",
    )


def retrieve(account: Account, params: Object, id: str) -> Object:
    reader = account.find(id, KIND)
    return reader or account.get(id, KIND, "reader", in_path=True)


def update(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    if "label" in params:
        reader["label"] = params["label"] or f"{_CODES[reader['device_type']]}-{reader['serial_number']}"
    reader["metadata"] = merge(reader["metadata"], params.get("metadata"))
    account.save(reader)
    return reader


def delete(account: Account, params: Object, id: str) -> Object:
    reader = account.get(id, KIND, "reader", in_path=True)
    forget_collected_card(account, reader)
    return account.delete(reader, device_type=reader["device_type"], serial_number=reader["serial_number"])


def list(account: Account, params: Object) -> Object:
    status = params.pop("status", None)
    filters = ("device_type", "location", "serial_number")
    if status is None:
        return page(account, KIND, "/v1/terminal/readers", params, filters)
    # The status is worked out, not stored, so its pages are cut from all readers.
    where = {name: params[name] for name in filters if params.get(name)}
    shown = [account.view(reader) for reader in account.select(KIND, where)]
    limit = page_size(params)
    after, before = cursors(params)
    page(account, KIND, "", params | {"limit": 1})
    ids = [reader["id"] for reader in shown]
    if after:
        shown = shown[ids.index(after) + 1 :] if after in ids else []
    if before:
        shown = shown[: ids.index(before)] if before in ids else []
    matching = [reader for reader in shown if reader["status"] == status]
    data = matching[-limit:] if before else matching[:limit]
    return list_object("/v1/terminal/readers", data, len(matching) > limit)


def state(account: Account, reader: Object) -> str:
    """Which of `states.READER_STATES` a reader is in."""
    if active(account, "reader_offline", reader["id"]):
        return "offline"
    unplugged = active(account, "reader_unplugged", reader["id"])
    if unplugged:
        return "offline" if account.time >= unplugged["since"] + OFFLINE_AFTER else "unplugged"
    if active(account, "reader_busy", reader["id"]):
        return "updating"
    if active(account, "reader_driven_by_app", reader["id"]):
        return "driven"
    action = reader["action"]
    if action is None:
        return "idle"
    known = account.inner(reader).get("state")
    if action["status"] != "in_progress":
        return "lapsed" if known == "lapsed" else action["status"]
    return known or "waiting"


def forget_collected_card(account: Account, reader: Object) -> None:
    """A card that was collected and not charged yet is forgotten: its PaymentIntent asks for one again."""
    if "collected" not in account.inner(reader):
        return
    fields = reader["action"][reader["action"]["type"]]
    forget_card_of_intent(account, account.require(fields["payment_intent"], "payment_intent"))
    account.inner(reader).clear()
    account.save(reader)


def forget_card_of_intent(account: Account, intent: Object) -> None:
    """A PaymentIntent without the card that a reader collected for it."""
    if intent["status"] == "requires_confirmation":
        intent["status"] = payment_intent_move(intent["status"], "release")
        intent["payment_method"] = None
        tip_in_amount.take_out(intent)
        account.save(intent)


def view(account: Account, reader: Object) -> Object:
    """The Reader as answers show it: offline while a fault keeps it silent, or else seen just now."""
    if reader.get("deleted"):
        return reader
    silent = active(account, "reader_offline", reader["id"]) or active(
        account, "reader_unplugged", reader["id"]
    )
    if silent:
        status = "offline" if state(account, reader) == "offline" else "online"
        silence = OFFLINE_AFTER if silent["kind"] == "reader_offline" else 0  # before the fault began
        return {**reader, "last_seen_at": int((silent["since"] - silence) * 1000), "status": status}
    seen = int(account.time * 1000)
    if account.is_saved(reader):
        # What is shown is what is kept, and need not be written out twice.
        reader["last_seen_at"] = seen
        return reader
    return {**reader, "last_seen_at": seen, "status": "online"}
