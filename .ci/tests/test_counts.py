import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
JDK = subprocess.check_output(["sh", "-c", ". .mvn/find-jdk.sh && echo $JAVA_HOME"], cwd=ROOT, text=True).strip()
ANNOTATION = "import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface "
SOURCES = {
    "org/junit/jupiter/api/Test.java": "package org.junit.jupiter.api; " + ANNOTATION + "Test {}",
    "org/junit/jupiter/api/Disabled.java": "package org.junit.jupiter.api; " + ANNOTATION + "Disabled {}",
    "org/junit/jupiter/api/Nested.java": "package org.junit.jupiter.api; " + ANNOTATION + "Nested {}",
    "org/junit/jupiter/api/Tag.java": "package org.junit.jupiter.api; " + ANNOTATION + "Tag { String value(); }",
    "io/Contract.java": "package io; import org.junit.jupiter.api.*; abstract class Contract { @Test void a() {} @Test void b() {} }",
    "io/OneTest.java": """package io; import org.junit.jupiter.api.*; class OneTest extends Contract {
        @Override @Test void a() {} @Disabled @Test void off() {} @Test @Tag("finding") void known() {} void none() {}
        @Nested class Inner { @Test void c() {} } }""",
    "io/TwoIT.java": "package io; import org.junit.jupiter.api.*; class TwoIT extends Contract {}",
}


class CountsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        (cls.root / ".ci").mkdir()
        (cls.root / "job").mkdir()
        (cls.root / "job/pom.xml").write_text("")
        cls.tool = cls.root / "tool"
        cls.java("javac", "-d", cls.tool, ROOT / ".ci/TestMethods.java")
        cls.compile(SOURCES)

    @staticmethod
    def java(program, *arguments):
        return subprocess.run([f"{JDK}/bin/{program}", *map(str, arguments)], capture_output=True, text=True)

    @classmethod
    def compile(cls, sources):
        source = cls.root / "source"
        for name, text in sources.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text)
        classes = cls.root / "job/target/test-classes"
        done = cls.java("javac", "-proc:none", "-cp", classes, "-d", classes, *[source / name for name in sources])
        assert done.returncode == 0, done.stderr

    def counted(self, verb="check"):
        done = self.java("java", "-cp", self.tool, "TestMethods", verb, self.root)
        return done.returncode, done.stdout + done.stderr

    def expect(self, unit, it=2, finding=1):
        (self.root / ".ci/test-methods.tsv").write_text(
            f"module\tphase\tmethods\njob\tfinding\t{finding}\njob\tit\t{it}\njob\tunit\t{unit}\n")

    def test_should_count_own_inherited_and_nested_tests_but_no_disabled_ones(self):
        self.counted("write")
        self.assertEqual("module\tphase\tmethods\njob\tfinding\t1\njob\tit\t2\njob\tunit\t3\n",
                         (self.root / ".ci/test-methods.tsv").read_text())
        self.assertEqual(0, self.counted()[0])

    def test_should_fail_where_a_test_has_vanished(self):
        self.expect(unit=4)
        code, said = self.counted()
        self.assertEqual(1, code)
        self.assertIn("job (unit) has 3 test methods; .ci/test-methods.tsv names 4", said)

    def test_should_warn_where_there_are_more_than_the_file_names(self):
        self.expect(unit=2)
        code, said = self.counted()
        self.assertEqual(0, code)
        self.assertIn("WARNING: job (unit) has 3 test methods", said)

    def test_should_fail_where_tests_stand_in_a_class_that_nothing_runs(self):
        self.expect(unit=3)
        self.compile({"io/Lost.java": "package io; import org.junit.jupiter.api.*; class Lost { @Test void a() {} }"})
        self.addCleanup((self.root / "job/target/test-classes/io/Lost.class").unlink)
        code, said = self.counted()
        self.assertEqual(1, code)
        self.assertIn("Lost has tests, but neither plugin runs a class of that name", said)

    def test_should_name_the_file_that_is_missing(self):
        (self.root / ".ci/test-methods.tsv").unlink(missing_ok=True)
        code, said = self.counted()
        self.assertEqual(2, code)
        self.assertIn("make test-methods", said)


if __name__ == "__main__":
    unittest.main()
