"""Lists: cursors, limits and filters, and the list object around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import errors
from .account import Account, Object

_COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def list_object(url: str, data: list[Object], has_more: bool = False) -> Object:
    """Stripe's list object around these objects."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def page(
    account: Account,
    kind: str,
    url: str,
    params: Object,
    filters: tuple[str, ...] = (),
    conditions: Sequence[tuple[str, Sequence[Any]]] = (),
    **fixed: Any,
) -> Object:
    """A page of a list, newest first.

    `params` are the call's decoded parameters; those named in `filters` must equal the objects' fields.
    `conditions` are SQL on the objects' rows, each with its values.
    Raises StripeError for two cursors, or a cursor that is not such an object.
    """
    limit = page_size(params)
    for name in ("starting_after", "ending_before"):
        if name in params:
            account.get(params[name], kind, name)
    after, before = cursors(params)
    where = {name: params[name] for name in filters if params.get(name)} | fixed
    extra, args = _created(params.get("created"))
    for condition, values in conditions:
        extra.append(condition)
        args += values
    total = account.count(kind, where, " AND ".join(extra), tuple(args)) if account.wants_total else None
    if cursor := after or before:
        extra.append("id < ?" if after else "id > ?")
        args.append(cursor)
    found = account.select(
        kind, where, " AND ".join(extra), tuple(args), limit + 1, oldest_first=bool(before)
    )
    data = found[:limit]
    if before:
        data.reverse()
    listed = list_object(url, [account.view(obj) for obj in data], len(found) > limit)
    return listed if total is None else {**listed, "total_count": total}


def page_of(items: list[Object], url: str, params: Object) -> Object:
    """A page of a short list that another object holds, in its order.

    Raises StripeError as `page` does.
    """
    limit = page_size(params)
    after, before = cursors(params)
    first, end = 0, len(items)
    if cursor := after or before:
        places = [place for place, item in enumerate(items) if item["id"] == cursor]
        if not places:
            raise errors.no_such("line item", cursor, "starting_after" if after else "ending_before")
        first, end = (places[0] + 1, end) if after else (0, places[0])
    if before:
        return list_object(url, items[max(first, end - limit) : end], end - first > limit)
    return list_object(url, items[first : min(end, first + limit)], end - first > limit)


def page_size(params: Object) -> int:
    """How many objects a page shows: 1 to 100, whatever was asked for."""
    asked: int = params.get("limit", 10)
    return max(1, min(100, asked))


def cursors(params: Object) -> tuple[str | None, str | None]:
    """(starting_after, ending_before). Raises StripeError where both are given."""
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise errors.StripeError(
            "Received both starting_after and ending_before parameters. Please pass in only one."
        )
    return after, before


def _created(created: int | dict[str, int] | None) -> tuple[list[str], list[Any]]:
    """The `created` filter, a time or a range, as SQL."""
    if created is None:
        return [], []
    if isinstance(created, int):
        return ["created = ?"], [created]
    return [f"created {_COMPARE[name]} ?" for name in created], list(created.values())
