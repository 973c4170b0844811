"""Services that our own is measured beside."""
