"""The organisation, its people and teams, what they may do, and how they and their programs sign in."""
