"""Everything that is made of widgets: a panel for each part, and what panels share."""

from __future__ import annotations

from .cancel import CancelPanel
from .cart import CartPanel
from .collect import CollectPanel
from .connect import ConnectPanel
from .counter import CounterPanel
from .request_log_view import RequestLogView
from .save_a_card import SaveCardPanel
from .setup import SetupPanel

__all__ = [
    "CancelPanel",
    "CartPanel",
    "CollectPanel",
    "ConnectPanel",
    "CounterPanel",
    "RequestLogView",
    "SaveCardPanel",
    "SetupPanel",
]
