"""What our figures rest on: each program runs alone, compares in one run, and prints its table."""
