"""The printable report: one PDF of a period, set on the server without a browser."""
