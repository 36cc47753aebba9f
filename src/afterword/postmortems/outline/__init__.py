"""The outline: which sections a post-mortem has, in which order, and how another template is applied."""
