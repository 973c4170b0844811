"""Customer groups: who is in them is read from WeCom whenever it says that something changed."""
