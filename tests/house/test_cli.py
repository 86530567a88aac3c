"""The command line: help at once, a clear end for bad settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def upturn(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "upturn.house.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


def test_help_names_every_command_without_loading_django() -> None:
    code = (
        "import sys, json\n"
        "from click.testing import CliRunner\n"
        "from upturn.house.cli import main\n"
        "out = CliRunner().invoke(main, ['--help']).output\n"
        "heavy = [m for m in ('django', 'numpy', 'scipy', 'sklearn') if m in sys.modules]\n"
        "print(json.dumps([out, heavy]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    text, heavy = json.loads(done.stdout)
    for name in ("demo", "init", "serve", "import", "export", "backup", "restore", "doctor"):
        assert f"\n  {name} " in text
    assert heavy == []


@pytest.mark.parametrize(
    ("name", "value", "help_text"),
    [
        ("UPTURN_THREADS", "many", "whole number from 1 to 256"),
        ("UPTURN_LANGUAGE", "xx", "Known: ar, de, en, es"),
        ("UPTURN_TIME_ZONE", "Mars", "Europe/Berlin"),
        ("UPTURN_DATABASE_URL", "mysql://x/y", "sqlite:///"),
        ("UPTURN_HTTPS", "perhaps", "yes or no"),
        ("UPTURN_SECRET_KEY", "short", "at least 32"),
        ("UPTURN_SECRET_KEY_FILE", "/nowhere", "cannot be read"),
    ],
)
def test_a_bad_setting_stops_the_start_by_name(
    tmp_path: Path, name: str, value: str, help_text: str
) -> None:
    done = upturn("doctor", UPTURN_DATA=str(tmp_path), **{name: value})
    assert done.returncode == 1
    assert help_text in done.stderr
    assert "Traceback" not in done.stderr
    assert name.removesuffix("_URL") in done.stderr or "mysql" in done.stderr


def test_a_secret_is_never_printed(tmp_path: Path) -> None:
    done = upturn("doctor", UPTURN_DATA=str(tmp_path), UPTURN_SECRET_KEY="hush-hush")
    assert "hush" not in done.stderr + done.stdout
