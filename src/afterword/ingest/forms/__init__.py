"""The forms that mappings and rules are built with. They work without script: each button is a submit."""
