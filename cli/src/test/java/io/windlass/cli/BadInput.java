package io.windlass.cli;

import java.util.List;

/** What is given, what comes of it, and what is then said. */
enum BadInput {
    NO_SUCH_COMMAND(2, "Unmatched argument at index 0: 'sbumit'; did you mean", "sbumit"),
    NO_SUCH_OPTION(2, "Unknown option: '--bad'; see: windlass list --help", "list", "--bad"),
    NO_NUMBER(2, "'many' is not an int; see: windlass list --help", "list", "--limit", "many"),
    NO_JOB_NAMED(2, "Missing required parameter: 'JOB'; see: windlass get --help", "get"),
    NO_SUCH_FORMAT(2, "expected one of [text, wide, json, yaml, name]", "list", "-o", "xml"),
    NO_URL(2, "--server is no URL of a server", "list", "--server", "ht!tp://x"),
    NO_SCHEME(2, "such as https://jobs.example.com", "list", "--server", "localhost:8080"),
    NO_HOST(2, "--server is no URL of a server: 'http://'", "list", "--server", "http://"),
    NO_PORT(2, "is no URL of a server", "list", "--server", "http://localhost:99999"),
    URL_WITH_QUERY(2, "is no URL of a server", "list", "--server", "http://localhost/?a=b"),
    CLOSED_PORT(
            1,
            "the connection is refused; is `windlass up` running?",
            "list",
            "--server",
            "http://127.0.0.1:{closed}"),
    STALE_ADDRESS(
            1,
            "stored by `windlass up` in stale/address): the connection is refused; is `windlass up` running?",
            "list"),
    ADDRESS_OF_ANOTHER_MACHINE(
            1, "foreign/address names http://jobs.example.com, which is another machine;", "list"),
    FILE_NAME_BEYOND_ASCII(2, "is no name of a file here", "submit", "-f", "gr\u00f6\u00dfe.yaml"),
    ODD_ERRORS(1, "400 Bad: (and 1 more)\n  a\n  b", "list", "--server", "{other}/odd"),
    UNKNOWN_HOST(
            1,
            "its name is not known; check the address",
            "list",
            "--server",
            "http://nowhere.invalid"),
    HTML(1, "does not answer as Windlass does: text/html", "list", "--server", "{other}"),
    HTML_FOR_A_LOG(
            1,
            "does not answer as Windlass does: 200 text/html",
            "logs",
            "01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
            "--server",
            "{other}"),
    HTML_WITH_A_STATUS(
            1, "does not answer as Windlass does: 503", "list", "--server", "{other}/503"),
    REDIRECT(1, "does not answer as Windlass does: 302", "list", "--server", "{other}/302"),
    NOTHING(1, "does not answer as Windlass does", "list", "--server", "{other}/empty"),
    NO_OBJECT(1, "does not answer as Windlass does", "list", "--server", "{other}/list"),
    NO_NUMBER_OF_BYTES(
            1,
            "does not answer as Windlass does",
            "logs",
            "01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
            "--server",
            "{other}/logs"),
    NO_HEADER_FILE(1, "no token: set WINDLASS_TOKEN", "list", "--auth-header", "none"),
    BAD_HEADER_FILE(
            1, "bad-header: no Authorization header", "list", "--auth-header", "bad-header"),
    EMPTY_HEADER_FILE(1, "empty: no Authorization header", "list", "--auth-header", "empty"),
    BAD_KEY(2, "--idempotency-key", "submit", "--image", "a", "--idempotency-key", "a\nb"),
    UNKNOWN_ID(
            1, "404 No such job: there is no job", "get", "01a202bf-c96b-73a6-97d0-4eff2f4e44ed"),
    ALL_FIELDS(
            1,
            """
            422 What was sent is not valid: /image must be a text (and 1 more)
              /image must be a text
              /timeout must be a duration\
            """,
            "submit",
            "-f",
            "job.json"),
    NO_IMAGE(2, "give --image, or a job with --file", "submit"),
    NO_SUCH_CONTEXT(1, "no context nowhere", "list", "--context", "nowhere"),
    CONTEXT_WITHOUT_URL(2, "is no URL of a server", "context", "set", "a", "--server", "x"),
    NO_FILE(1, "none.json cannot be read: there is no such file", "submit", "-f", "none.json"),
    NO_FOLDER(1, "cannot be read: Not a directory", "submit", "-f", "job.json/more/job.json"),
    UNREADABLE(1, "/proc/self/mem cannot be read: ", "submit", "-f", "/proc/self/mem"),
    SET_IN_AN_EMPTY_FOLDER(
            1, "has no .yaml, .yml or .json files", "apply", "--set", "a", "-f", "folder"),
    SET_THAT_IS_NO_YAML(1, "no.yaml", "apply", "--set", "a", "-f", "no.yaml"),
    SET_THAT_IS_NO_TEXT(
            1,
            "bytes.yaml cannot be read: it is no text in UTF-8",
            "apply",
            "--set",
            "a",
            "-f",
            "bytes.yaml"),
    SET_THAT_IS_DEEP(1, "more than 64 levels", "apply", "--set", "a", "-f", "deep.yaml"),
    SET_THAT_REPEATS(
            1,
            "repeats.yaml has more than 1000000 values",
            "apply",
            "--set",
            "a",
            "-f",
            "repeats.yaml"),
    SET_WITH_BYTES(
            1,
            "binary.yaml has a value that is no text, number, true or false",
            "apply",
            "--set",
            "a",
            "-f",
            "binary.yaml"),
    BLANK_IN_AN_ID(1, "there is no job 'a b'", "get", "a b"),
    UNKNOWN_NAME(1, "there is no job 'nobody': give its id", "logs", "nobody"),
    SEVERAL_SLASHES(2, "'a/b/c' names no job", "cancel", "a/b/c"),
    AMBIGUOUS_ENDING(
            1,
            """
            several jobs fit 'feedbeef': give the id of one
              01a202bf-c96b-73a6-97d0-0001feedbeef  team/a  RUNNING  2026-01-01T00:00:00Z
              01a202bf-c96b-73a6-97d0-0002feedbeef  team/b  RUNNING  2026-01-01T00:00:00Z\
            """,
            "get",
            "feedbeef"),
    NO_SUCH_COMMAND_TO_HELP_WITH(2, "there is no command 'sbumit'", "help", "sbumit"),
    EMPTY_FOLDER(1, "has no .yaml, .yml or .json files", "submit", "-f", "folder"),
    EMPTY_FILE(1, "empty has no job: it is empty", "submit", "-f", "empty"),
    NO_YAML(1, "no.yaml", "submit", "-f", "no.yaml"),
    NO_JSON(1, "no.json: ", "submit", "-f", "no.json"),
    NO_JOB(1, "text.yaml is no job: a job has fields", "submit", "-f", "text.yaml"),
    DEEP(1, "deep.yaml has more than 64 levels", "submit", "-f", "deep.yaml"),
    SEVERAL_TO_RUN(2, "run takes one job, and there are 2", "run", "-f", "two.yaml"),
    TWO_WAYS(2, "not both", "submit", "-f", "job.json", "--image", "a"),
    DATA_IN_A_FILE(2, "--data: job.json is no folder", "up", "--data", "job.json"),
    NO_PORT_TO_LISTEN_ON(2, "--port must be from 0 to 65535", "up", "--port", "70000"),
    NO_KUBECONFIG(2, "--kubeconfig: none cannot be read", "up", "--kubeconfig", "none");

    final int code;
    final String said;
    final List<String> arguments;

    BadInput(int code, String said, String... arguments) {
        this.code = code;
        this.said = said;
        this.arguments = List.of(arguments);
    }
}
