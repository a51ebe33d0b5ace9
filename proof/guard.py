"""What a row of docs/proof.md is made of."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Guard:
    name: str
    against: str  # what happens without the guard; of a mutation: the finding
    file: str
    text: str
    without: str  # the text with the guard switched off
    where: tuple[str, str]  # module, and the tests as Maven takes them: "ATest,B*Test" or "SomeIT"
    form: str = ""  # the full form that catches it, where the short size does not

    @property
    def module(self):
        return self.where[0]

    @property
    def tests(self):
        return self.where[1].split(",")

    @property
    def needs_cluster(self):
        return all(test.endswith("IT") for test in self.tests)
