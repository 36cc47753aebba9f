"""Post-mortems from before: Markdown files read into documents, once each."""
