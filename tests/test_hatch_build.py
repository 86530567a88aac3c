"""What is built at installation: one file for browsers that fails takes no other along."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

HOOK = Path(__file__).parents[1] / "hatch_build.py"
DEEPEST = "hatchling.builders.hooks.plugin.interface"


@pytest.fixture
def building(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The hook, also where the tool that calls it at installation is not there."""
    pytest.importorskip("babel")
    parts = DEEPEST.split(".")
    for at in range(1, len(parts) + 1):
        name = ".".join(parts[:at])
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules[DEEPEST], "BuildHookInterface", object, raising=False)
    found = importlib.util.spec_from_file_location("hatch_build", HOOK)
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "hatch_build", made)
    found.loader.exec_module(made)
    return made


def test_one_file_that_comes_out_wrong_leaves_the_other_and_is_the_only_one_named(
    building: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, *others = building.BUNDLES
    (tmp_path / "browser").mkdir()
    for bundle in building.BUNDLES:
        code = bundle.source.encode()
        where = tmp_path / bundle.published_in
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(f'BROWSER_SHA256 = "{building._digest(code)}"\n', encoding="utf-8")
        for words in bundle.words:
            (tmp_path / words).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / words).write_text("oak", encoding="utf-8")
    monkeypatch.setattr(building, "_fetched", lambda _place: ["npm"])
    monkeypatch.setattr(
        building,
        "_bundled",
        lambda _npm, bundle, _place: b"other" if bundle is first else bundle.source.encode(),
    )
    said: list[str] = []
    hook = building.BuildHook()
    hook.root, hook.app = str(tmp_path), SimpleNamespace(display_warning=said.append)
    build: dict[str, list[str]] = {"artifacts": []}
    hook.initialize("standard", build)
    assert build["artifacts"] == [each.built for each in others]
    assert len(said) == 1
    assert first.lost in said[0]
    assert not any(each.lost in said[0] for each in others)
    assert "is not the published one" in said[0]
