"""Questions about what the record does not tell, asked of people who may know, and what they answer."""
