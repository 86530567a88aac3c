"""What people do with an ask, by what they read and press."""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

READ_MS = 240_000
TURN_MS = 1_000


def wait_until_read(page: Page) -> None:
    """Home, until the server has read what customers wrote; it does so beside its pages."""
    page.goto("/")
    expect(page.get_by_text("still being read")).to_have_count(0, timeout=READ_MS)


def reload_until(page: Page, told: Locator, *, most: int = 60) -> None:
    """Open the page again until the worker beside the server has done its part."""
    for _ in range(most):
        page.reload()
        try:
            expect(told.first).to_be_visible(timeout=TURN_MS)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{page.url} never says {told}")


def wait_until_screened(page: Page) -> None:
    """The list of traces, once all touchpoints were looked at; that follows the reading."""
    wait_until_read(page)
    page.goto("/traces/")
    reload_until(page, page.get_by_role("heading", name=re.compile("Found in the screening")))


def ask_with_trace(page: Page, words: str) -> None:
    """From the page of an ask that a trace has filled in."""
    field = page.get_by_label("What would help you serve?")
    expect(field).not_to_be_empty()
    field.fill(words)
    expect(page.get_by_label("By how many points")).not_to_be_empty()
    page.get_by_role("button", name="Send the ask").click()
    expect(page.get_by_role("status")).to_contain_text("with the trace")


def walk_to_touchpoint(page: Page) -> None:
    """From home to what customers of the Mill say when the food arrives."""
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Customers").click()
    page.get_by_role("link", name="Food arrives").first.click()


def raise_from_touchpoint(page: Page, words: str, *, raised_as: str = "as a team") -> None:
    walk_to_touchpoint(page)
    page.get_by_role("link", name="Ask Kitchen").first.click()
    page.get_by_label("What would help you serve?").fill(words)
    page.get_by_text(raised_as, exact=True).click()
    page.get_by_role("button", name="Send the ask").click()


def ask_at_home(page: Page, words: str) -> Locator:
    """The ask as it stands on the home page of the team that answers it."""
    page.get_by_role("link", name="Upturn", exact=True).click()
    return page.locator("li.ask", has_text=words)


def ask_back(page: Page, words: str, *, question: str) -> None:
    ask_at_home(page, words).get_by_role("link", name="Ask back").click()
    page.get_by_label("Your words").fill(question)
    page.get_by_role("button", name="Ask back").click()
    expect(page.get_by_role("status")).to_contain_text("Your question is with them.")


def reply(page: Page, *, answer: str) -> None:
    """Answer a question, from the page of the ask."""
    page.get_by_role("link", name="Answer their question").click()
    page.get_by_label("Your words").fill(answer)
    page.get_by_role("button", name="Answer their question").click()
    expect(page.get_by_role("status")).to_contain_text("with them again")


def promise(page: Page, words: str, *, what: str, due_on: date | None = None) -> None:
    ask_at_home(page, words).get_by_role("link", name="Promise something").click()
    page.get_by_label("What you will do").fill(what)
    page.get_by_label("Who does it").fill("Whoever runs the pass")
    by = due_on or date.today() + timedelta(days=3)  # noqa: DTZ011
    page.get_by_label("By when").fill(by.isoformat())
    page.get_by_label("The sign by which they will notice").fill("A red card on the tray")
    page.get_by_role("button", name="Promise something").click()
    expect(page.get_by_role("status")).to_contain_text("Promised.")


def say_done(page: Page, words: str) -> None:
    ask_at_home(page, words).get_by_role("link", name="Say it is done").click()
    page.get_by_role("button", name="Say it is done").click()
    expect(page.get_by_role("status")).to_contain_text("only they can say")


def open_asked(page: Page, words: str) -> None:
    """One's own ask, from the home page."""
    page.get_by_role("link", name="Upturn", exact=True).click()
    page.get_by_role("region", name="What I asked").get_by_role("link", name=words).click()


def judge(page: Page, *, outcome: str, button: str = "Is it better?") -> None:
    """The verdict, from the page of the ask."""
    page.locator(".acts").locator("a, button").filter(has_text=button).first.click()
    page.get_by_text(outcome, exact=True).click()
    page.get_by_label("What you noticed (optional)").fill("Two plates less went back.")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_contain_text("Your verdict")


def thank(page: Page, words: str) -> None:
    """Thanks for a promise kept, from the page of the ask."""
    page.get_by_role("link", name="Thank them").click()
    page.get_by_label("Your thanks").fill(words)
    page.get_by_role("button", name="Thank them").click()
    expect(page.get_by_role("status")).to_contain_text("on their way")
