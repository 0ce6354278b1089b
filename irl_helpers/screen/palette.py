"""The colors and letters of every picture. Each text color has a contrast of 4.5 or more on its ground."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"

PAPER = "#ffffff"
INK = "#171b2e"
MUTED = "#575e75"
HAIRLINE = "#d9dde7"
WASH = "#f1f3f8"  # quiet fields and keys
TABLE = "#e9edf4"  # what the device lies on: the picture's own background

ACCENT = "#4338ca"
ACCENT_WASH = "#eeefff"
NIGHT = "#1e1b4b"  # the splash

GOOD = "#0d7a4f"
GOOD_WASH = "#e3f5ec"
BAD = "#b42332"
BAD_WASH = "#fcebec"
WARN = "#8a5300"
WARN_WASH = "#fdf2dc"
