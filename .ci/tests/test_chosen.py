"""-Dit.test=NAME runs that test once and alone: every block of the end-to-end tests but the chosen one stays out."""
import pathlib
import unittest
import xml.etree.ElementTree as tree

ROOT = pathlib.Path(__file__).resolve().parents[2]
POM = "{http://maven.apache.org/POM/4.0.0}"


class ChosenTest(unittest.TestCase):
    def test_leaves_out_every_other_block(self):
        pom = tree.parse(ROOT / "pom.xml").getroot()
        profile = next(p for p in pom.iter(POM + "profile") if p.findtext(POM + "id") == "chosen-it")
        properties = {p.tag.removeprefix(POM): p.text for p in profile.find(POM + "properties")}
        executions = tree.parse(ROOT / "e2e-tests/pom.xml").getroot().iter(POM + "execution")
        blocks = {e.findtext(POM + "id") for e in executions} - {"default", "chosen", "verdict"}
        self.assertGreater(len(blocks), 3)
        self.assertEqual({f"skip.{b}": "true" for b in blocks} | {"skip.unit": "true", "skip.chosen": "false"},
                         {name: value for name, value in properties.items() if name.startswith("skip.")})


if __name__ == "__main__":
    unittest.main()
