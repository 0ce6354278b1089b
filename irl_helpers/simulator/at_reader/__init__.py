"""What a reader does with a customer: one file for each of Stripe's calls, and what those share."""
