"""The timeline: lines that people add, correct, star, mark and hide, and the evidence for them."""
