"""What the calls of the scenario are made with."""

DECLINED = {"type": "card_present", "card_present": {"number": "4000000000000002"}}
REFUND_FAILS = {"type": "card_present", "card_present": {"number": "4000000000005126"}}
INTERAC = {"type": "interac_present", "interac_present": {"number": "4506445006931933"}}
AT_READER = {"allowed_payment_method_types": ["card_present"]}
ONLINE = {"amount": 2000, "currency": "usd", "allowed_payment_method_types": ["card"]}
HELD = {**AT_READER, "amount": 1000, "currency": "usd", "capture_method": "manual"}
CANADIAN = {
    "amount": 1000,
    "currency": "cad",
    "allowed_payment_method_types": ["card_present", "interac_present"],
}
CART = {
    "currency": "usd",
    "line_items": [{"description": "Latte", "amount": 659, "quantity": 1}],
    "tax": 54,
    "total": 713,
}
ITEMIZED = {
    "line_items": [
        {"product_name": "Lunch", "quantity": 1, "unit_cost": 1000},
        {
            "product_name": "Latte",
            "product_code": "L1",
            "quantity": 2,
            "unit_cost": 50,
            "tax": {"total_tax_amount": 10},
            "unit_of_measure": "cup",
            "payment_method_options": {"card_present": {"commodity_code": "50201706"}},
        },
    ],
    "shipping": {"amount": 90, "from_postal_code": "94111"},
}
UNCHECKED = {"enforce_arithmetic_validation": False}
QUESTIONS = [
    {
        "type": "selection",
        "custom_text": {"title": "Table", "description": "Which?", "submit_button": "Go"},
        "required": True,
        "selection": {"choices": [{"id": "a", "text": "A", "style": "primary"}, {"id": "b", "text": "B"}]},
        "toggles": [{"title": "News", "description": "Monthly", "default_value": "disabled"}],
    },
    *(
        {"type": type, "custom_text": {"title": "Yours", "skip_button": "No"}}
        for type in ("email", "numeric", "phone", "signature")
    ),
]
