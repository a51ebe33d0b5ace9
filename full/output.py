"""Collects from the output of a run what is worth keeping: its figures and how its tests ended."""
import re

TAG_LIMIT = 20
LINE_LIMIT = 400
ENDED = re.compile(r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+), Time elapsed: .* -- in (\S+)")
GUARDS = re.compile(r"(\d+) of (\d+) guards ")
TAGGED = re.compile(r"\[(?!main\])([a-z][a-z -]*)\] \S")
FAILED = re.compile(r"\[ERROR\]\s+[\w.$]*\w+(IT|Test)\b")
PROGRESS = re.compile(r".*…$|\[faults\] .*, \d+ ms$")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Collected:
    """Takes each line of the output, and knows afterwards which tests ran and what they measured."""

    def __init__(self, root, named):
        """Named are the patterns of classes that the command asks for: each must run at least one test."""
        self.root = f"{root}/"
        self.named = named
        self.parts = []
        self.ran = {}
        self.closing = []
        self.failures = []
        self.left_out = []
        self.tags = {}
        self.in_report = False

    def take(self, line):
        line = COLOURS.sub("", line).rstrip().replace(self.root, "")[:LINE_LIMIT]
        ended = ENDED.search(line)
        guards = GUARDS.match(line)
        if ended:
            suite = ended[5].rpartition(".")[2].partition("$")[0]
            self.ran[suite] = self.ran.get(suite, 0) + int(ended[1]) - int(ended[4])
            if not self.named or any(matches(suite, pattern) for pattern in self.named):
                self.closing.append(line.split("] ", 1)[-1])
        elif guards:
            self.ran["guards"] = int(guards[2])
            self.closing.append(line)
        elif line.startswith("[windlass tests] LEFT OUT"):
            self.left_out.append(line)
        elif FAILED.match(line):
            self.failures.append(line.removeprefix("[ERROR]").strip())
        else:
            self.keep(line)

    def keep(self, line):
        tag = TAGGED.match(line)
        if line.startswith("### "):
            self.in_report = True
        elif line.startswith("["):
            self.in_report = False
        if tag and not PROGRESS.match(line):
            self.tags.setdefault(tag[1], []).append(line)
        elif line.startswith(("|", "median")) or self.in_report:
            self.parts.append(line)
        elif self.parts and self.parts[-1]:
            self.parts.append("")

    def is_red(self):
        """Why a run whose command ended well proves nothing; empty if it does."""
        if self.left_out:
            return "tests were left out: " + self.left_out[0]
        if not sum(self.ran.values()):
            return "no test ran"
        missing = [pattern for pattern in self.named
                   if not any(count and matches(suite, pattern) for suite, count in self.ran.items())]
        return f"no test of {', '.join(missing)} ran" if missing else ""

    def text(self):
        """A short page: what the tests printed and how they ended."""
        blocks = ["\n".join(self.parts).strip()]
        blocks += ["\n".join(f"- {line}" for line in shortened(lines)) for lines in self.tags.values()]
        if self.failures:
            failures = list(dict.fromkeys(self.failures))
            blocks.append("What failed:\n\n" + "\n".join(f"- {line}" for line in shortened(failures)))
        if self.left_out:
            blocks.append("\n".join(f"- {line}" for line in self.left_out))
        blocks.append("\n".join(f"- {line}" for line in self.closing) or "No test ran.")
        return "\n\n".join(block for block in blocks if block) + "\n"


def named_tests(command):
    """The patterns of classes that a Maven command names by -Dtest or -Dit.test."""
    names = ",".join(re.findall(r"-D(?:it\.)?test=(\S+)", command)).strip("'\"")
    return [name.partition("#")[0] for name in names.split(",")
            if name not in ("", "NONE") and not name.startswith("!")]


def matches(suite, pattern):
    return re.fullmatch(re.escape(pattern.rpartition(".")[2]).replace(r"\*", ".*"), suite) is not None


def shortened(lines):
    if len(lines) <= TAG_LIMIT:
        return lines
    half = TAG_LIMIT // 2
    return [*lines[:half], f"({len(lines) - TAG_LIMIT} lines are left out here)", *lines[-half:]]
