"""Measuring: what a payment, a page of records, a check of the log cost, each beside a reference of the same run."""
