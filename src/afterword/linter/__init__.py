"""The language check outside the server: `afterword lint`, `afterword lsp` and `.afterword.toml`.

Nothing here imports Django, and what `lint` needs is loaded in some hundredths of a second.
"""
