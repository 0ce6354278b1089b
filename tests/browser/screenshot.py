"""`make screenshot`: the picture at the top of the README, taken of the page as it is now.

The point of sale with a customer in front of the reader, on an empty account.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from tests.browser.chromium import chromium
from tests.browser.servers import voila
from tests.browser.till import Till
from tests.notebooks.running import ROOT

PICTURE = ROOT / "notebooks/images/point_of_sale.png"
SALES = [["Cappuccino", "Croissant"], ["Sandwich", "Iced tea"]]


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="irl-screenshot-") as folder,
        chromium() as browser,
        voila(Path(folder)) as server,
        patch.dict(os.environ, IRL_ACCOUNT_FILE=str(server.account)),
    ):
        page = browser.new_page(viewport={"width": 1200, "height": 1100}, device_scale_factor=1)
        page.goto(server.url)
        till = Till(page)
        for products in SALES:
            till.press(*products, "Charge")
            till.choose("Tip", "No tip")
            till.press("Tap the card", "Capture", "New order")
            till.becomes("ready")
        till.press("Latte", "Latte", "Carrot cake", "Charge $17.60")
        till.becomes("in_flight")
        till.choose("Tip", "$2.00")
        till.sees("$19.60, tap")
        page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
        page.mouse.move(0, 0)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE, animations="disabled")
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} kB. Look at it.")


if __name__ == "__main__":
    main()
