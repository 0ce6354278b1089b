"""Stripe's objects, and the calls that need no reader: one file for each noun."""
