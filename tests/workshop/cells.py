"""What learners run in cells of theirs; some are hostile."""

from __future__ import annotations

PROMPT = """
from irl_helpers.account import stripe_client
from irl_helpers.cancel import cancel_payment, cancel_reader_action
from irl_helpers.collect import capture_payment, create_payment, process_payment, simulate_payment
from irl_helpers.setup import own_reader
reader = own_reader("Counter 1")
sold = create_payment({amount}, "usd")
process_payment(reader.id, sold.id)
simulate_payment(reader.id)
print(capture_payment(sold.id).amount_received)
prompted = create_payment({amount} + 1000, "usd")
print(process_payment(reader.id, prompted.id).action.status)
"""

CANCEL = """
print(cancel_reader_action(reader.id).action)
print(cancel_payment(prompted.id).status)
"""

ACCOUNT = """
client = stripe_client()
print([payment.amount for payment in client.v1.payment_intents.list().data])
print(len(client.v1.terminal.readers.list().data))
"""

FILE_OF_ANOTHER = """
from pathlib import Path
try:
    print(Path({path!r}).read_text()[:20])
except PermissionError as problem:
    print("refused", problem.errno)
"""

KILL = """
import os
try:
    os.kill({pid}, 9)
    print("killed")
except PermissionError:
    print("refused")
"""

TOO_MUCH = """
try:
    hoard = bytearray(2 * 1024**3)
    print("there was room")
except MemoryError:
    print("no more memory")
"""

PAST_THE_PROXY = """
import os, re, requests
hub = os.environ["JUPYTERHUB_API_URL"].removesuffix("/api")
browser = requests.Session()
browser.headers["X-Forwarded-For"] = "192.0.2.77"
form = {{"username": {name!r}, "pin": "0000", "password": {password!r}}}
form["_xsrf"] = re.search('name="_xsrf" value="([^"]+)"', browser.get(hub + "/login").text)[1]
answer = browser.post(hub + "/login", data=form)
print(re.search('class="login_error"[^>]*>(.*?)</p>', answer.text)[1])
"""

MEETING = """
import json, os
from ipykernel.connect import get_connection_info
print(json.loads(get_connection_info())["transport"])
print(os.environ["JUPYTER_RUNTIME_DIR"])
"""

THE_TASK_OF_PART_3 = """
payment = create_payment(2730, "usd")
process_payment(reader.id, payment.id)
simulate_payment(reader.id, "mastercard_debit")
capture_payment(payment.id)
from irl_helpers import checks
print(checks.progress().passed["collect"])
"""

BREAK = """
import os
from pathlib import Path
for path in Path(os.environ["IRL_ACCOUNT_FILE"]).parent.iterdir():
    path.unlink()
Path(os.environ["IRL_ACCOUNT_FILE"]).write_text("a letter to the bank, and no database at all")
"""

# Whatever is asked of this database, the answer never ends.
ENDLESS = """
import os, sqlite3
account = sqlite3.connect(os.environ["IRL_ACCOUNT_FILE"])
for (table,) in account.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
    columns = ", ".join(f"x AS {row[1]}" for row in account.execute(f"PRAGMA table_info({table})"))
    if columns and not table.startswith("sqlite_"):
        account.execute(f"ALTER TABLE {table} RENAME TO was_{table}")
        endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
        account.execute(f"CREATE VIEW {table} AS {endless} SELECT {columns} FROM n")
account.commit()
"""
