"""How a person is reached: their contact methods and quiet hours."""
