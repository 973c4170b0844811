"""The `flask …` commands, a file per family."""

from cli.county import export, load
from cli.inspect import commands, job, jobs
from cli.operate import backup, doctor, migrate
from cli.run import clock, demo, serve, simulate, worker

COMMANDS = (serve, worker, clock, demo, simulate, migrate, load, export, job, jobs, commands, doctor, backup)
