"""Pictures and files that people send: fetched outside any transaction, cleaned and kept."""
