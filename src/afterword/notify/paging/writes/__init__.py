"""Every change to escalations, pages and their deliveries."""
