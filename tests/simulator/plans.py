"""How SQLite finds what a list asks for."""

from __future__ import annotations

from irl_helpers.simulator import Simulator


def plans(simulator: Simulator, target: str, headers: dict[str, str]) -> list[str]:
    """The steps of the plans of every query on objects that a GET makes, as EXPLAIN QUERY PLAN says them."""
    queries: list[str] = []
    simulator.read(lambda db: db.set_trace_callback(queries.append))
    try:
        response = simulator.handle("GET", target, headers)
    finally:
        simulator.read(lambda db: db.set_trace_callback(None))
    assert response.status == 200, response.body
    return [
        step[3]
        for query in queries
        if " FROM objects " in query
        for step in simulator.read(lambda db, sql: db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall(), query)
    ]
