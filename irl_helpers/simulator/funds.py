"""The account's money as sums by day, so that nobody has to add up all balance transactions."""

from __future__ import annotations

from .account import Account


def move(account: Account, currency: str, available_on: int, amount: int) -> None:
    """Put `amount` (in the currency's smallest unit) into the balance, or take it out where it is negative;
    `available_on` is when (Unix, seconds)."""
    account.db.execute(
        "INSERT INTO funds VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
        (account.number, currency, available_on, amount),
    )


def sums(account: Account) -> list[tuple[str, int, int]]:
    """(currency, what is available, what is still pending) for each currency that there was money in."""
    return account.db.execute(
        "SELECT currency, coalesce(sum(amount) FILTER (WHERE available_on <= :now), 0), "
        "coalesce(sum(amount) FILTER (WHERE available_on > :now), 0) "
        "FROM funds WHERE account = :account GROUP BY currency ORDER BY currency",
        {"now": account.now, "account": account.number},
    ).fetchall()
