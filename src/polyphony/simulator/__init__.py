"""The pretended world; it speaks to the product only as the world does."""
