"""What happens in the county: load, decide, save; it knows nothing of how messages travel."""
