"""Search: queries such as `status:'succeeded' AND amount>1000 AND -metadata['table']:'4'`.

https://docs.stripe.com/search#search-query-language
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from . import errors
from .account import Account, Object
from .paging import page_size
from .store import column

# Types of fields: how they compare, and with which operators.
NUMBER, TEXT, FLAG, ID = "number", "text", "flag", "id"
_OPERATORS = {NUMBER: (":", "=", ">", "<", ">=", "<="), TEXT: (":", "~"), FLAG: (":",), ID: (":",)}
_SHORTEST_PART = 3
_LONGEST = 5000
SEARCH_SINCE = "2020-08-27"
_CLAUSE = re.compile(
    r"""(?P<minus>-?)
    (?P<field>[A-Za-z_][\w.]*)
    (?:\[(?P<key>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\])?
    (?P<operator>>=|<=|[:~=<>])
    (?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|null(?!\w)|-?\d+(?![\w.]))""",
    re.VERBOSE | re.ASCII,
)
_JOIN = re.compile(r"\s+(?:(AND|OR)\s+)?", re.IGNORECASE)


def search(account: Account, kind: str, url: str, params: Object, fields: Mapping[str, str]) -> Object:
    """A page of what the query finds, newest first.

    `fields` are the names that the resource can be searched by, each with its type; `*` in a name stands for
    any one word. Raises StripeError for an invalid query, and for a page that no answer named.
    """
    if account.version < SEARCH_SINCE:
        raise errors.StripeError(
            f"Search is not supported on api version {account.version}. Update your API version, or set the "
            f"API Version of this request to {SEARCH_SINCE} or greater."
        )
    limit = page_size(params)
    resource = url.split("/")[2]
    condition, values = _parse(params["query"], kind, resource, fields)
    total = account.count(kind, None, f"({condition})", tuple(values)) if account.wants_total else None
    if page := params.get("page"):
        condition = f"({condition}) AND id < ?"
        values.append(_cursor(account, kind, page))
    found = account.select(kind, None, f"({condition})", tuple(values), limit + 1)
    data = found[:limit]
    more = len(found) > limit
    return {
        "object": "search_result",
        "data": [account.view(obj) for obj in data],
        "has_more": more,
        "next_page": base64.urlsafe_b64encode(data[-1]["id"].encode()).decode() if more else None,
        "url": url,
        **({} if total is None else {"total_count": total}),
    }


def _cursor(account: Account, kind: str, page: str) -> str:
    """The id after which the page begins."""
    try:
        id = base64.b64decode(page, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        id = ""
    if account.find(id, kind) is None:
        raise errors.invalid("Invalid page: use the next_page of an earlier answer.", "page")
    return id


def _parse(query: str, kind: str, resource: str, fields: Mapping[str, str]) -> tuple[str, list[Any]]:
    """The query as SQL on the objects' rows, and its values."""
    if len(query) > _LONGEST:
        raise errors.invalid(f"A query can have up to {_LONGEST} characters.", "query")
    query = query.strip()
    conditions: list[str] = []
    values: list[Any] = []
    joins: set[str] = set()
    place = 0
    while True:
        clause = _CLAUSE.match(query, place)
        if clause is None:
            raise _malformed(query, place)
        condition, more = _condition(clause, kind, resource, fields)
        conditions.append(condition)
        values += more
        place = clause.end()
        if place == len(query):
            break
        join = _JOIN.match(query, place)
        if join is None:
            raise _malformed(query, place)
        joins.add((join[1] or "AND").upper())
        place = join.end()
    if len(joins) > 1:
        raise errors.invalid("You can't combine AND and OR in the same query.", "query")
    return f" {joins.pop() if joins else 'AND'} ".join(conditions), values


def _condition(
    clause: re.Match[str], kind: str, resource: str, fields: Mapping[str, str]
) -> tuple[str, list[Any]]:
    name, operator, text = clause["field"], clause["operator"], clause["value"]
    type = _type(clause, resource, fields)
    if operator not in _OPERATORS[type]:
        raise errors.invalid(
            f"The field `{name}` cannot be searched with `{operator}`, only with "
            f"{' '.join(_OPERATORS[type])}",
            "query",
        )
    place = column(kind, name)
    values: list[Any] = []
    if clause["key"]:
        # A key may hold any character, which a JSON path may not.
        place, values = (
            "(SELECT value FROM json_each(body, '$.metadata') WHERE key = ?)",
            [_plain(clause["key"])],
        )
    if text == "null":
        condition = f"{place} IS NULL"
    elif type == NUMBER:
        condition = f"{place} {'=' if operator == ':' else operator} ?"
        values.append(_number(name, _plain(text)))
    elif type == FLAG:
        condition = f"{place} = ?"
        values.append(_flag(name, _plain(text)))
    elif operator == "~":
        condition = f"instr(lower({place}), lower(?)) > 0"
        values.append(_part(_plain(text)))
    else:
        # Ids are looked up in an index, so they are compared as they are.
        condition = f"{place} = ?" if type == ID else f"lower({place}) = lower(?)"
        values.append(_plain(text))
    return (f"NOT coalesce({condition}, 0)" if clause["minus"] else condition), values


def _type(clause: re.Match[str], resource: str, fields: Mapping[str, str]) -> str:
    name = clause["field"]
    if clause["key"] and name == "metadata":
        return TEXT
    for pattern, type in fields.items():
        if re.fullmatch(pattern.replace(".", r"\.").replace("*", r"\w+"), name) and not clause["key"]:
            return type
    raise errors.invalid(
        f"Field `{name}` is an unsupported search field for resource `{resource}`. See "
        f"http://stripe.com/docs/search#query-fields-for-{resource.replace('_', '')} for a list of "
        "supported fields.",
        "query",
    )


def _plain(text: str) -> str:
    """Without its quotes; a backslash takes the next character as it is."""
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text[0] in "\"'" else text


def _number(name: str, text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise errors.invalid(f"The field `{name}` needs a whole number.", "query")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise errors.invalid(f"The field `{name}` is 'true' or 'false'.", "query")
    return text.lower() == "true"


def _part(text: str) -> str:
    if len(text) < _SHORTEST_PART:
        raise errors.invalid(f"A search with ~ needs {_SHORTEST_PART} characters at least.", "query")
    return text


def _malformed(query: str, place: int) -> Exception:
    return errors.invalid(
        f"The query cannot be understood from here on: {query[place : place + 40] or 'its end'!r}. A clause "
        "is a field, an operator and a value without spaces between them, such as status:'succeeded', "
        "amount>1000 or metadata['table']:'4'; clauses are joined by AND, or by OR.",
        "query",
    )
