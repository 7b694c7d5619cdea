import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import url_for

import mockpbx
from mockpbx import create_app

ROOT = Path(__file__).resolve().parents[1]

HEAVY = ["apispec", "click", "flask", "httptools", "marshmallow", "urllib3"]


def loaded_by(statement: str) -> list[str]:
    """Run that statement in a new interpreter: those of HEAVY that it imported."""
    script = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in json.loads(done.stdout) if name in HEAVY]


def test_the_package_imports_nothing() -> None:
    """`import mockpbx` imports no dependency."""
    assert loaded_by("import mockpbx") == []


def test_freezing_time_imports_nothing() -> None:
    """freezegun, which reads the attributes of every module, imports no dependency by doing so."""
    freezing = "import mockpbx, freezegun; freezegun.freeze_time('2020-01-01').start()"
    assert loaded_by(freezing) == []


def test_the_command_imports_click_alone() -> None:
    """The command line imports no dependency but click before it knows what to do."""
    assert loaded_by("import mockpbx.cli") == ["click"]


def test_the_application_needs_no_apispec() -> None:
    """Making the application imports neither apispec nor the server nor the webhooks' client."""
    assert loaded_by("import mockpbx; mockpbx.create_app()") == ["click", "flask", "marshmallow"]


def test_data_is_found_in_an_archive(tmp_path: Path) -> None:
    """A package that is packed into an archive has its worlds and its table of facts there."""
    archive = tmp_path / "mockpbx.zip"
    with ZipFile(archive, "w") as packed:
        files = (("mockpbx", "**/*.py"), ("mockpbx", "core/*.txt"), ("fixtures", "*.json"))
        for folder, pattern in files:
            for path in (ROOT / folder).glob(pattern):
                inside = path.relative_to(ROOT).as_posix()
                packed.write(path, inside if folder == "mockpbx" else f"mockpbx/{inside}")
    script = (
        "from mockpbx import create_app, worlds; print(worlds.names());"
        "print(create_app('empty').extensions['mockpbx'].worlds.default.start.name);"
        "from mockpbx.core.facts import basis_of; print(basis_of(['BND-5']))"
    )
    environment = {**os.environ, "PYTHONPATH": str(archive)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("['documented', 'empty', 'office']\nempty\ndoc\n", "")


@pytest.mark.parametrize("name", mockpbx.__all__)
def test_public_names_are_there(name: str) -> None:
    """Every public name can be taken from the package."""
    assert getattr(mockpbx, name) is not None


def test_an_unknown_name_is_no_attribute() -> None:
    """A name that the package does not have is an AttributeError, as for any module."""
    with pytest.raises(AttributeError, match="module 'mockpbx' has no attribute 'nonsense'"):
        _ = mockpbx.nonsense


def test_a_route_builds_its_url() -> None:
    """Flask's `url_for` works, although rules prepare for it only then."""
    app = create_app("empty")
    with app.test_request_context():
        assert url_for("event.get_subscription", extension="1", subscription="2", a="b") == (
            "/api/ver1.0/extension/1/event/2?a=b"
        )
