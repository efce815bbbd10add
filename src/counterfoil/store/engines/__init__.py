"""The engines: all dialect words, and everything that opens a database."""
