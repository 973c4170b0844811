"""Tickets: filed, worked on, found, escalated and counted; every kind of case by its own process, one engine for all."""
