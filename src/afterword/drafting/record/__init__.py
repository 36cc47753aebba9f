"""What a text says of times, durations, counts and names, held against the record. Pure in its core."""
