"""How much of the API a project's tests exercised."""

from __future__ import annotations

import pytest

from mockpbx.app import catalog

from .conftest import Run

TESTS = """
    import pytest

    def get(pbx, path):
        headers = {"Authorization": "Bearer " + pbx.token()}
        return pbx.session().get("http://mockpbx.test/api/ver1.0" + path, headers=headers)

    @pytest.mark.parametrize("number", range(4))
    def test_user(mockpbx, number):
        get(mockpbx, "/user/")

    def test_phone(mockpbx, make_mockpbx):
        get(mockpbx, "/extension/@101/phone/")
        get(make_mockpbx(), "/extension/@999/phone/")
"""


def shown(done: pytest.RunResult) -> list[str]:
    [at] = [number for number, line in enumerate(done.outlines) if "the API as exercised" in line]
    return [line for line in done.outlines[at + 1 :] if line and not line.endswith(": never")]


@pytest.mark.parametrize("workers", [0, 2])
def test_what_was_exercised(run: Run, workers: int) -> None:
    """Operations and statuses are counted over all worlds, and over all workers."""
    args, beside = (["-n2"], ("xdist",)) if workers else ([], ())
    done = run(TESTS, "--mockpbx-coverage", *args, beside=beside)
    done.assert_outcomes(passed=5)
    number = len(catalog().operations)
    lines = [line for line in shown(done) if not line.startswith("POST /oauth")]
    assert lines[:3] == [
        "GET /api/ver1.0/user/: 200 (4); never 401, 403, 404, 413, 429",
        "GET /api/ver1.0/extension/{extension_id}/phone/: 200 (1), 404 (1); "
        "never 401, 403, 413, 429",
        f"2 of {number} operations, {round(200 / number, 1)} %",
    ]


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(("percent", "code"), [("1", 0), ("50", 1)])
def test_a_threshold(run: Run, workers: int, percent: str, code: int) -> None:
    """Below the threshold the run fails, and says so."""
    args, beside = (["-n1"], ("xdist",)) if workers else ([], ())
    done = run(TESTS, f"--mockpbx-coverage-fail-under={percent}", *args, beside=beside)
    text = "FAIL: 50 % of the operations were required (--mockpbx-coverage-fail-under)"
    assert (done.ret, text in done.outlines) == (code, bool(code))


def test_an_ini_setting(run: Run) -> None:
    """The ini file may ask for it, and a run without it shows nothing."""
    assert shown(run(TESTS, ini="mockpbx_coverage = yes"))
    for ini in ("", "mockpbx_coverage = no"):
        assert "the API as exercised" not in str(run(TESTS, ini=ini).stdout)


def test_a_run_that_only_collects(run: Run) -> None:
    """Nothing was run, so nothing is told and nothing was too little."""
    done = run("def test_it(mockpbx): pass", "--collect-only", "--mockpbx-coverage-fail-under=50")
    assert done.ret == 0
    assert "mockpbx: the API as exercised" not in str(done.stdout)
