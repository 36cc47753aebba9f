"""Wiring only: settings, addresses, the command line. Nothing here decides anything about incidents."""
