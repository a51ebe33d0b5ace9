import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import quick  # noqa: E402

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><artifactId>{name}</artifactId><dependencies>{needs}</dependencies></project>"""
NEED = "<dependency><groupId>io.windlass</groupId><artifactId>{}</artifactId></dependency>"


class QuickTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "pom.xml").write_text(POM.format(name="all", needs=""))
        for module, needs in {"common/job": [], "store": ["job"], "web": ["store"], "cli": [],
                              "architecture-tests": ["job", "store", "web", "cli"]}.items():
            tests = self.root / module / "src/test/java/io"
            tests.mkdir(parents=True)
            name = module.split("/")[-1]
            (self.root / module / "pom.xml").write_text(POM.format(name=name, needs="".join(map(NEED.format, needs))))
            (tests / f"{name.capitalize()}Test.java").write_text("")
            (tests / f"{name.capitalize()}IT.java").write_text("")
        for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
            subprocess.run(["git", *command], cwd=self.root, check=True)

    def test_should_run_the_unit_tests_of_a_module_and_of_what_needs_it(self):
        self.assertEqual(["-pl", "common/job,store", "-am", "-Dtest=io/JobTest,io/StoreTest"],
                         quick.arguments(self.root, "common/job", ""))
        self.assertEqual(["-pl", "web", "-am", "-Dtest=io/WebTest"], quick.arguments(self.root, "web", ""))

    def test_should_find_the_modules_that_git_shows_as_changed(self):
        self.assertIsNone(quick.arguments(self.root, "changed", ""))
        (self.root / "store/src/test/java/io/StoreTest.java").write_text("x")
        self.assertEqual("-Dtest=io/StoreTest,io/WebTest", quick.arguments(self.root, "changed", "")[-1])
        (self.root / "cli/New.java").write_text("new")
        self.assertIn("io/CliTest", quick.arguments(self.root, "changed", "")[-1])
        (self.root / "pom.xml").write_text((self.root / "pom.xml").read_text() + "\n")
        self.assertEqual([], quick.arguments(self.root, "changed", ""))

    def test_should_leave_the_architecture_to_the_whole_check_unless_it_is_asked_for(self):
        self.assertEqual(["-pl", "!architecture-tests"], quick.arguments(self.root, "", ""))
        self.assertEqual("-Dtest=io/Architecture-testsTest", quick.arguments(self.root, "architecture-tests", "")[-1])

    def test_should_name_what_there_is_when_asked_for_what_there_is_not(self):
        with self.assertRaisesRegex(quick.Wrong, "common/job"):
            quick.arguments(self.root, "nothing", "")
        with self.assertRaisesRegex(quick.Wrong, "no test 'NoneTest'"):
            quick.arguments(self.root, "", "NoneTest")


if __name__ == "__main__":
    unittest.main()
