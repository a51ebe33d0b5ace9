"""What the Git repository says about commits and changed files."""
import re
import subprocess

# a moved class changes these lines, and so does each class that uses it
MOVED_LINES = re.compile(r"[+-]\s*((package|import)\s.*)?")

PATCH = ("-p", "-U0", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/")


class GitFailed(Exception):
    """A Git command failed; the message has its error."""


class History:
    """The history of HEAD; the commits are those of the moment at which it was made."""

    def __init__(self, root):
        self.root = root
        # the newest first
        self.trees = dict(line.split() for line in self.git("log", "--format=%H %T", "HEAD").splitlines())
        self.renames = {}

    def git(self, *arguments, text=None):
        done = subprocess.run(["git", "-c", "core.quotePath=false", *arguments], cwd=self.root, input=text,
                              capture_output=True, text=True, errors="replace")
        if done.returncode:
            raise GitFailed(f"git {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def is_shallow(self):
        return self.git("rev-parse", "--is-shallow-repository").strip() == "true"

    def find(self, commit, tree):
        """The commit of HEAD's history that is this commit, or the newest with the same tree; else None."""
        if commit in self.trees:
            return commit
        return next((other for other, its_tree in self.trees.items() if its_tree == tree), None)

    def commits_since(self, commit, paths, limit):
        """How many commits changed these paths. Those that only renamed are left out if there are more than limit."""
        span = f"{commit}..HEAD"
        count = int(self.git("rev-list", "--count", span, "--", *paths))
        if count <= limit:
            return count
        touched = {}
        for block in self.git("log", "--format=%x00%H", "--name-only", "--no-renames", span, "--",
                              *paths).split("\0")[1:]:
            name, *files = block.split("\n")
            touched[name] = {file for file in files if file}
        self.read_renames([name for name in touched if name not in self.renames])
        return sum(not files or not files <= self.renames[name] for name, files in touched.items())

    def read_renames(self, commits):
        """For each commit: the paths, old and new, of which only the name changed, or lines that name packages."""
        if not commits:
            return
        shown = self.git("log", "--no-walk", "--stdin", "--format=%x00%H", "-M", "-l5000", *PATCH,
                         text="\n".join(commits) + "\n")
        for block in shown.split("\0")[1:]:
            name, _, patch = block.partition("\n")
            self.renames[name] = set()
            for part in re.split(r"^diff --git ", patch, flags=re.M)[1:]:
                self.renames[name] |= renamed(part)

    def lines_ever(self, file):
        """Each line that any commit of the history ever added to the file."""
        patches = self.git("log", "--format=", "--full-history", *PATCH, "HEAD", "--", file)
        return [line[1:] for line in patches.splitlines() if line.startswith("+") and not line.startswith("+++ ")]

    def at_head(self, file):
        """The text of the file in the commit HEAD; None if it is not there."""
        if not self.git("ls-tree", "HEAD", "--", file):
            return None
        return self.git("show", f"HEAD:{file}")


def renamed(part):
    """The paths of one file's diff if it is nothing but a rename, or what a rename of classes brings along."""
    head, _, hunks = part.partition("\n@@")
    old, new = re.search(r"^rename from (.*)$", head, re.M), re.search(r"^rename to (.*)$", head, re.M)
    if old and "\nsimilarity index 100%" in head:
        return {old[1], new[1]}
    changed = [line for line in hunks.split("\n")[1:] if line[:1] in ("+", "-")]
    before, after = re.search(r"^--- a/(.*)$", head, re.M), re.search(r"^\+\+\+ b/(.*)$", head, re.M)
    if not changed or not before or not after or not after[1].endswith(".java"):
        return set()
    return {before[1], after[1]} if all(MOVED_LINES.fullmatch(line) for line in changed) else set()
