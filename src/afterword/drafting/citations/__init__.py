"""Whether the evidence that a claim cites says what the claim says. Pure: no Django, no model, no network."""
