"""What setup.cfg cannot say: which worlds go into the wheel, and where README's links lead."""

import configparser
import re
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class WithWorlds(build_py):
    """The package with the worlds of `fixtures/`, which an editable one reads where they are."""

    def _worlds(self):
        folder = Path(self.build_lib, "mockpbx", "fixtures")
        return {str(folder / path.name): path for path in sorted(ROOT.glob("fixtures/*.json"))}

    def run(self):
        """Build the package, then copy the worlds into it."""
        super().run()
        if not self.editable_mode:
            for target, source in self._worlds().items():
                self.mkpath(str(Path(target).parent))
                self.copy_file(str(source), target)

    def get_outputs(self, include_bytecode=True):
        """Name the worlds, too."""
        return [*super().get_outputs(include_bytecode), *self._worlds()]

    def get_output_mapping(self):
        """Name the worlds, too, for an editable package that is made of links."""
        worlds = self._worlds().items()
        found = {target: str(source.relative_to(ROOT)) for target, source in worlds}
        return {**super().get_output_mapping(), **found}


def readme():
    """README.md with whole links, for who reads it away from the repository."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    files = dict(
        line.split(" = ") for line in config["metadata"]["project_urls"].strip().splitlines()
    )["Source"]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\]\((?!https?:|#)", f"]({files}/blob/main/", text)


setup(
    cmdclass={"build_py": WithWorlds},
    long_description=readme(),
    long_description_content_type="text/markdown",
)
