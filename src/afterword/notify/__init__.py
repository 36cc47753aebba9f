"""Messages out: what stakeholders are told by mail."""
