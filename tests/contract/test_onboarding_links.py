"""Links with which a merchant accepts Apple's terms. C: the library's types; the address is a guess."""

from __future__ import annotations

import pytest

from .errors import refused

TERMS = {"merchant_display_name": "Corner Café"}


@pytest.mark.parametrize("more", [{}, {"allow_relinking": True}])
def test_link(client, more):
    link = client.v1.terminal.onboarding_links.create(
        {
            "link_type": "apple_terms_and_conditions",
            "link_options": {"apple_terms_and_conditions": {**TERMS, **more}},
        }
    )
    assert link.link_options.to_dict() == {
        "apple_terms_and_conditions": {"allow_relinking": False, **TERMS, **more}
    }
    assert link.redirect_url.startswith("https://")
    assert "id" not in link


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"link_options": {"apple_terms_and_conditions": TERMS}}, "link_type"),
        ({"link_type": "apple_terms_and_conditions"}, "link_options"),
        (
            {
                "link_type": "apple_terms_and_conditions",
                "link_options": {"apple_terms_and_conditions": {"allow_relinking": True}},
            },
            "link_options[apple_terms_and_conditions][merchant_display_name]",
        ),
    ],
)
def test_what_is_missing(client, params, param):
    assert refused(client.v1.terminal.onboarding_links.create, params).param == param
