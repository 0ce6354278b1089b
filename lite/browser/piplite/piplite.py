"""The kernel's page sets these two; nothing here reads them."""

_PIPLITE_DISABLE_PYPI = True
_PIPLITE_URLS: list[str] = []
