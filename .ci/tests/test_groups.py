import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class GroupsTest(unittest.TestCase):
    def test_should_run_each_end_to_end_test_in_exactly_one_group(self):
        named = re.findall(r"<include>\*\*/(\w+)\.java</include>", (ROOT / "e2e-tests/pom.xml").read_text())
        there = [f.stem for f in (ROOT / "e2e-tests/src/test/java").rglob("*IT.java")]
        self.assertEqual(sorted(there), sorted(named))

    def test_should_list_each_group_as_a_block(self):
        groups = re.findall(r"<id>(\w+)</id>\s*<goals>\s*<goal>integration-test", (ROOT / "e2e-tests/pom.xml").read_text())
        blocks = subprocess.check_output([ROOT / ".ci/run", "--list"], text=True).split()
        self.assertEqual([g for g in groups if g != "chosen"], [b for b in blocks if b in groups])
        properties = re.findall(r"<skip\.(\w+)>", (ROOT / "pom.xml").read_text())
        self.assertLessEqual(set(groups) | {"unit", "ports"}, set(properties))


if __name__ == "__main__":
    unittest.main()
