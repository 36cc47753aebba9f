"""Every limit of the documents package, each with its unit in its name."""

TEXT_BYTES_MAX = 1_048_576
"""One Markdown text, in UTF-8."""

NODES_MAX = 150_000
"""Blocks, list items, table cells and inlines of one parsed text, or of one whole document."""

DOCUMENT_CHARACTERS_MAX = 2_097_152
"""All the text of one PDF."""

BLOCK_DEPTH_MAX = 12
"""Quotes and lists inside one another, a list counting twice (itself, its item).

What lies deeper is kept, as plain text."""

INLINE_DEPTH_MAX = 12
"""Emphasis, strength and links inside one another. Deeper formatting is dropped, its text kept."""

INLINE_CHARACTERS_MAX = 65_536
"""One paragraph, heading or cell. A longer one is kept as plain text: finding its marks is not linear."""

UNMATCHED_BRACKETS_MAX = 500
"""So many `[` more than `]` in one paragraph, heading or cell: with more of them its brackets are text."""

FOOTNOTE_LABEL_CHARACTERS_MAX = 200

TABLE_ROWS_MAX = 5_000
TABLE_COLUMNS_MAX = 40

IMAGE_BYTES_MAX = 10 * 1_048_576
IMAGE_PIXELS_MAX = 24_000_000
"""Width times height as the header says it, read before anything is decoded."""

IMAGES_MAX = 100
"""Distinct pictures drawn in one document."""

SVG_BYTES_MAX = 2 * 1_048_576
SVG_ELEMENTS_MAX = 20_000
SVG_DEPTH_MAX = 64
SVG_REUSES_MAX = 500
"""`<use>` elements of one drawing: each one copies what it points at."""

PDF_TIMEOUT_SECONDS = 30.0
PDF_MEMORY_BYTES = 2 * 1_073_741_824
"""Address space of the process that makes the PDF."""

PDF_BYTES_MAX = 64 * 1_048_576
PDF_PROCESSES_MAX = 2
"""PDFs made at the same time by one process of ours; more wait their turn."""

PDF_PROCESS_RENDERS_MAX = 200
"""PDFs made by one process before it is replaced."""

PDF_PROCESS_RESIDENT_BYTES_MAX = 384 * 1_048_576
"""Memory with which a process is replaced after its document: Typst remembers what it has laid out."""

PDF_PROCESS_IDLE_SECONDS = 300.0
"""How long a warm process waits for work before it ends and gives its memory back."""

IMAGE_TRIAL_SECONDS = 3.0
"""How long one picture may take on its own before it is left out."""
