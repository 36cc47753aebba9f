"""Telling other programs what happened here: signed requests to addresses that administrators chose."""
