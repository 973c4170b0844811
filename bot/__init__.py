"""The runtime: a message comes in, finds its handler, and its answer leaves; it knows nothing of what a county does."""
