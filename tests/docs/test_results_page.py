"""The page on results: what it computes comes out as it says, from published and made-up data."""

import doctest
from typing import TYPE_CHECKING

from tests.docs.pages import FENCE, ROOT

if TYPE_CHECKING:
    import pytest

PAGE = "docs/background/results.md"


def test_every_example_of_the_page_prints_what_it_says(monkeypatch: "pytest.MonkeyPatch") -> None:
    monkeypatch.chdir(ROOT)
    blocks = FENCE.findall((ROOT / PAGE).read_text(encoding="utf-8"))
    text = "\n".join(content for language, content in blocks if language == "python")
    examples = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    told: list[str] = []
    done = doctest.DocTestRunner(verbose=False).run(examples, out=told.append)
    assert done.attempted > 20
    assert done.failed == 0, "".join(told)
