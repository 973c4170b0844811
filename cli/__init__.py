"""The `flask …` commands, a file per family."""

from cli.assess import announce, close
from cli.county import export, load
from cli.inspect import commands, job, jobs
from cli.links import links
from cli.operate import backup, doctor, hold, migrate, rekey, release
from cli.run import clock, demo, serve, simulate, worker
from cli.system import system

COMMANDS = (
    serve,
    worker,
    clock,
    demo,
    simulate,
    migrate,
    load,
    export,
    links,
    close,
    announce,
    job,
    jobs,
    commands,
    doctor,
    backup,
    hold,
    release,
    rekey,
    system,
)
