"""The pages of the post-incident flow."""
