"""The command `afterword`. Each command reads its arguments, calls one function and prints the result.

Django is loaded inside the commands that need it, so that `--help` and `version` answer at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from typing import Annotated, Any

import typer

from afterword import __version__
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal

app = typer.Typer(
    name="afterword",
    help="Afterword: alerts in, post-mortems out. Settings come from the environment (AFTERWORD_...).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Bind = Annotated[
    str,
    typer.Option(
        "--bind", metavar="HOST:PORT", help="Listen here instead of at AFTERWORD_BIND.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def main() -> None:
    """Run the command line. A failure that can be explained is one sentence on stderr, no traceback."""
    from afterword.config.env import SettingsError
    from afterword.lib.errors import AfterwordError

    try:
        app(prog_name="afterword")
    except SettingsError as error:
        _fail(str(error), CANNOT_AS_CONFIGURED)
    except Refusal as error:
        _fail(str(error), error.code)
    except AfterwordError as error:
        reasons = [f"{name}: {reason}" for name, reason in error.fields.items()]
        _fail(" ".join(reasons) or error.message, 1)


@app.command()
def serve(
    bind: Bind = "",
    migrate_first: Annotated[
        bool,
        typer.Option("--migrate/--no-migrate", help="Apply migrations first, or wait until they have been."),
    ] = True,
    with_demo: Annotated[
        bool,
        typer.Option("--demo", help="Load the demo organisation, unless there is an organisation already."),
    ] = False,
) -> None:
    """Run everything: the web and the worker, kept alive, until stopped with SIGTERM or Ctrl-C."""
    from afterword.config.env import make_data_folder, read_env
    from afterword.config.logs import start_logging
    from afterword.config.sockets import listen
    from afterword.config.supervisor import command_line, supervise

    _choose_bind(bind)
    env = read_env()
    make_data_folder(env)
    listener = listen(env)
    start_logging(env, "supervisor")
    if env.port == 0:
        _choose_bind(f"{env.bind.rpartition(':')[0]}:{listener.getsockname()[1]}")
        env = read_env()
    if with_demo:
        # Loading it takes a while, and a browser that comes already waits until it is answered.
        _say(f"Afterword starts at {env.public_url}: the first time, that takes a moment.")
    if migrate_first:
        # In a process of its own, so that the supervisor stays small and loads no Django.
        migrated = subprocess.run(
            command_line("migrate", "--quiet"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        if migrated.returncode:
            raise typer.Exit(migrated.returncode)
        for line in migrated.stdout.splitlines():
            _logger().info(line)

    def announce() -> None:
        if with_demo:
            subprocess.run(command_line("demo", "--unless-set-up"), stdin=subprocess.DEVNULL)
        if sys.stdout.isatty() or with_demo:
            print(f"Afterword serves {env.public_url} - stop it with Ctrl-C.", flush=True)
            if not env.smtp_host:
                again = " `afterword demo` says again how to sign in." if with_demo else ""
                print(f"Mails are printed below, as AFTERWORD_SMTP_HOST names no server.{again}", flush=True)
        else:
            _logger().info("Ready at %s", env.public_url)

    raise typer.Exit(
        supervise(listener, local_url=env.local_url, takes_mails=bool(env.smtp_bind), on_ready=announce)
    )


@app.command()
def web(
    bind: Bind = "", descriptor: Annotated[int, typer.Option(hidden=True, help="A socket that listens.")] = -1
) -> None:
    """Run one web process: pages, the API and the way in for alerts."""
    import socket

    from afterword.config.env import read_env
    from afterword.config.parts import begin_part
    from afterword.config.sockets import listen

    _choose_bind(bind)
    listener = listen(read_env()) if descriptor < 0 else socket.socket(fileno=descriptor)
    stop = begin_part("web")
    from afterword.config.server import run_web

    run_web(listener, stop)


@app.command()
def worker() -> None:
    """Run one worker: turns signals into incidents (on PostgreSQL) and keeps house."""
    from afterword.config.parts import begin_part

    stop = begin_part("worker")
    from afterword.config.worker import run_worker

    run_worker(stop)


@app.command()
def smtp(
    bind: Annotated[
        str,
        typer.Option(
            "--bind", metavar="HOST:PORT", help="Listen here, not at AFTERWORD_SMTP_BIND.", show_default=False
        ),
    ] = "",
) -> None:
    """Run one process that takes mails by SMTP: each to KEY@anything becomes an alert."""
    from afterword.config.env import read_env
    from afterword.config.mail import run_smtp
    from afterword.config.parts import begin_part
    from afterword.config.sockets import listen_at

    if bind:
        os.environ["AFTERWORD_SMTP_BIND"] = bind
        os.environ.pop("AFTERWORD_SMTP_BIND_FILE", None)
    chosen = read_env().smtp_bind
    if not chosen:
        raise Refusal("Say where to listen, with AFTERWORD_SMTP_BIND or --bind.", CANNOT_AS_CONFIGURED)
    listener = listen_at(chosen, hint="with AFTERWORD_SMTP_BIND or --bind")
    run_smtp(listener, begin_part("smtp"))


@app.command("receive-email")
def receive_email(
    key: Annotated[str, typer.Option(help="The key of the integration; KEY@anything will do.")],
) -> None:
    """Take one mail from standard input, as mail servers call it: from a pipe in their alias file.

    Exit codes are those that mail servers know: 0 taken, 65 the message cannot be read, 69 no integration
    has this key, 75 it cannot be taken now and shall be tried again.
    """
    from afterword.config.mail import receive

    raise typer.Exit(receive(sys.stdin.buffer, key=key))


@app.command()
def migrate(
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing when there is nothing to do.")
    ] = False,
) -> None:
    """Bring the database up to this version. Safe to run at any time, also by several machines at once."""
    _start_django()
    from afterword.config import database

    applied = database.migrate()
    if applied:
        noun = "migration" if applied == 1 else "migrations"
        _say(f"Applied {applied} {noun} to {database.describe_database()}.")
    elif not quiet:
        _say(f"Nothing to do: {database.describe_database()} is up to date.")


@app.command()
def createowner(
    email: Annotated[str, typer.Option(help="The address to sign in with.", show_default=False)] = "",
    name: Annotated[str, typer.Option(help="The owner's name.", show_default=False)] = "",
    organisation: Annotated[
        str,
        typer.Option(help="The organisation's name. Asked for only while there is none.", show_default=False),
    ] = "",
    time_zone: Annotated[str, typer.Option(help="The owner's time zone, as in Europe/Berlin.")] = "UTC",
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Read the password from the first line of standard input."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the organisation and its owner; in an install that has one, add a further owner.

    What is not given is asked for on a terminal. The password is asked for too, or read from standard
    input with --password-stdin, or from the environment (AFTERWORD_OWNER_PASSWORD, or
    AFTERWORD_OWNER_PASSWORD_FILE). It never stands on the command line, where others on the machine could
    read it.
    """
    _start_django()
    from afterword.config import database, owners

    database.check_database()
    if not organisation and not owners.is_set_up():
        organisation = _ask("Organisation", "--organisation")
    made = owners.create_owner(
        organisation=organisation,
        name=name or _ask("Name", "--name"),
        email=email or _ask("Email", "--email"),
        password=_read_password(password_stdin),
        time_zone=time_zone,
    )
    if as_json:
        _print_json(made)
    else:
        _say(f"{made['email']} is an owner of {made['organisation']}: sign in at {made['url']}.")


@app.command()
def demo(
    as_json: AsJson = False,
    unless_set_up: Annotated[
        bool,
        typer.Option("--unless-set-up", help="Leave another organisation, and a changed password, alone."),
    ] = False,
) -> None:
    """Load the demo organisation, into a running install or a stopped one, and print how to sign in.

    The alerts go through the real way in, over HTTP: to the server that runs, else to one that is started
    for the moment. Run again, it loads nothing twice and prints what is there.
    """
    _start_django()
    from afterword.config import demonstration

    shown = demonstration.load(unless_set_up=unless_set_up)
    if shown is None:
        return
    if as_json:
        _print_json(shown)
        return
    _say(
        f"""
  The demo organisation is ready.

    Address      {shown["url"]}
    Sign in as   {shown["email"]}
    Password     {shown["password"] or "(it was changed; `afterword demo` makes a new one)"}
    Incident     {shown["url"]}/incidents/{shown["incident"]}
    Post-mortem  {shown["url"]}/postmortems/{shown["postmortem"]}
    PDF          {shown["pdf"]}
"""
    )


@app.command()
def reindex(as_json: AsJson = False) -> None:
    """Make the indexes anew: of words, and of what was seen before. People can go on working."""
    _start_django()
    from afterword.config.indexing import rebuild

    count = rebuild(lambda words: print(words, file=sys.stderr, flush=True))
    if as_json:
        _print_json({"documents": count})
    else:
        _say(f"Indexed {count:,} {'post-mortem' if count == 1 else 'post-mortems'}.")


@app.command()
def similar(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Words of an alert, a symptom, a sentence.")],
    by: Annotated[
        str,
        typer.Option(
            help="The address of who asks, and sees what is found: an owner, unless given.",
            show_default=False,
        ),
    ] = "",
    limit: Annotated[int, typer.Option(help="How many to print, at most 20.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Find incidents and post-mortems that are like a text, with the reason and what is still open of them.

    The exit code is 1 when nothing is like it.
    """
    _start_django()
    from afterword.config.lookup import look_for

    found = look_for(text, by=by, limit=limit)
    if as_json:
        _print_json({"similar": found})
    else:
        for one in found:
            _say(f"{one['title']}\n    {one['url']}\n    {one['at'][:10]}: {'; '.join(one['reasons'])}")
            for item in one["follow_ups"]:
                _say(f"    still open: {item}")
    if not found:
        if not as_json:
            _say("Nothing like it was found.")
        raise typer.Exit(1)


@app.command()
def evidence(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its number or its unique id.")],
    by: Annotated[
        str, typer.Option(help="The address of who reads: an owner, unless given.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Print what is known of an incident, each piece with the id by which drafts cite it.

    Only what the reader may see: private incidents are their members' alone.
    """
    _start_django()
    from afterword.config import database, evidence

    database.check_database()
    told = evidence.tell_evidence(incident, by=by)
    if as_json:
        _print_json(told.as_json())
    else:
        for line in evidence.lines_of(told):
            _say(line)


@app.command()
def draft(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its number or its unique id.")],
    with_model: Annotated[
        bool, typer.Option("--model/--record", help="Let the model write, or the record alone.")
    ] = False,
    by: Annotated[
        str, typer.Option(help="The address of who reads: an owner, unless given.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Print a draft of an incident's post-mortem: what the record says, or what a model makes of it.

    Nothing is kept of it. What a model could not write, the record has written, and it is said why.
    """
    _start_django()
    from afterword.config import database, drafting

    database.check_database()
    told = drafting.tell_draft(incident, by=by, with_model=with_model)
    if as_json:
        _print_json(told.as_json())
    else:
        for line in drafting.lines_of(told):
            _say(line)


@app.command("import")
def import_(
    what: Annotated[str, typer.Argument(metavar="postmortems", help="What to import: postmortems.")],
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A folder, a Markdown file or a zip archive of them.")
    ],
    team: Annotated[
        str,
        typer.Option(
            help="The team they go to, by name. Needed where there are several.", show_default=False
        ),
    ] = "",
    by: Annotated[
        str, typer.Option(help="The address of who imports them: an owner, unless given.", show_default=False)
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import old post-mortems from Markdown files: headings become sections, and every word stays.

    A line for each file tells what became of it. The same file again does nothing, and a changed one is
    pointed out. The exit code is 1 when a file failed.
    """
    if what != "postmortems":
        raise Refusal(f"There is no import of {what}: say `afterword import postmortems PATH`.", 2)
    _start_django()
    from afterword.config import database, importing

    database.check_database()
    report = importing.import_postmortems(
        path, team=team, by=by, is_trial=dry_run, say=None if as_json else _say
    )
    if as_json:
        _print_json(report)
    if report["failed"]:
        raise typer.Exit(1)


@app.command(
    add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def lint(context: typer.Context) -> None:
    """Check Markdown and plain text for blame and unclear words, offline: see `afterword lint --help`."""
    # Most calls never come here: config.entry answers them before typer is loaded.
    from afterword.linter.command import main as check

    raise typer.Exit(check(context.args))


@app.command()
def lsp(
    stdio: Annotated[
        bool,
        typer.Option("--stdio", help="Speak on standard input and output, as it does without the option."),
    ] = False,
) -> None:
    """Run the language server: editors show the findings of `afterword lint` while somebody writes."""
    try:
        from afterword.linter.server import run_server
    except ModuleNotFoundError as error:
        raise Refusal(
            f"The language server needs {error.name}: install afterword[lsp].", CANNOT_AS_CONFIGURED
        ) from error
    run_server()


@app.command()
def version(as_json: AsJson = False) -> None:
    """Print the version."""
    if as_json:
        python = ".".join(str(part) for part in sys.version_info[:3])
        _print_json({"afterword": __version__, "django": metadata.version("django"), "python": python})
    else:
        _say(f"afterword {__version__}")


def _choose_bind(bind: str) -> None:
    if bind:
        os.environ["AFTERWORD_BIND"] = bind
        os.environ.pop("AFTERWORD_BIND_FILE", None)


def _start_django() -> None:
    from afterword.config.parts import start_django

    start_django("afterword")


def _logger() -> Any:
    import logging

    return logging.getLogger("afterword.supervisor")


def _ask(what: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise Refusal(f"The {what.lower()} is missing: give it with {option}.", CANNOT_AS_CONFIGURED)
    return str(typer.prompt(what))


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    from afterword.config.env import read_owner_password

    given = read_owner_password()
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refusal(
            "The password is missing: give it in AFTERWORD_OWNER_PASSWORD or with --password-stdin.",
            CANNOT_AS_CONFIGURED,
        )
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _say(text: str) -> None:
    print(text, flush=True)


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _fail(sentence: str, code: int) -> None:
    from afterword.config.parts import SUPERVISOR_PIPE

    if SUPERVISOR_PIPE in os.environ:
        # Nobody sits before a part of `serve`: what it says is a line of the log like any other.
        _logger().critical(sentence)
    else:
        print(f"afterword: {sentence}", file=sys.stderr, flush=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
