"""What a page shows while its kernel starts: the reader, and that it is coming. Voilà itself has a wheel."""

from __future__ import annotations

from pathlib import Path

from .screen import reader_screen

TEMPLATE = "spinner.macro.html.j2"
"""Voilà's name for it."""

_CSS = """
:root { --irl-what-then: "The program behind this page has ended. Load the page again."; }
#loading {
  display: flex; flex-direction: column; align-items: center; gap: 14px; padding: 7vh 16px 0;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--jp-ui-font-color1, #20242f);
}
#loading h1 { margin: 0; font-size: 26px; font-weight: 650; }
#loading p { margin: 0; }
#loading img { max-width: 100%; animation: irl-opening 1.8s ease-in-out infinite alternate; }
@keyframes irl-opening { from { opacity: .45; } }
@media (prefers-reduced-motion: reduce) { #loading img { animation: none; } }
"""

# Voilà knows a theme only by the page's address; what somebody names there counts.
_DARK = """
<style id="irl-dark" media="not all">CSS</style>
<script>
  if (!/[?&]theme=/.test(location.search) && matchMedia("(prefers-color-scheme: dark)").matches) {
    document.getElementById("irl-dark").media = "all";
    document.body.dataset.jpThemeLight = "false";
    document.body.dataset.jpThemeName = "JupyterLab Dark";
    document.body.classList.replace("theme-light", "theme-dark");
  }
</script>
"""

_HTML = """
<div id="loading">
  <h1></h1>
  <p role="status">is opening. This takes a few seconds.</p>
  PICTURE
</div>
<script>document.querySelector("#loading h1").textContent = document.title;</script>
"""


def write_opening(folder: Path, dark: str) -> None:
    """Write the template into a folder of its own, which has to come before Voilà's. `dark` is the css of
    JupyterLab's dark theme, for browsers that prefer it."""
    html = _DARK.replace("CSS", dark) + _HTML.replace(
        "PICTURE", reader_screen({"device_type": "simulated_stripe_s700"}).img()
    )
    parts = {"css": f"<style>{_CSS}</style>", "html": html}
    macros = [
        f"{{% macro {name}() %}}{{% raw %}}{text}{{% endraw %}}{{% endmacro %}}"
        for name, text in parts.items()
    ]
    (folder / TEMPLATE).write_text("\n".join(macros), "utf-8")
