"""In real browsers: a device goes round to tap, and one tap puts a line into the field."""

import pytest
from playwright.sync_api import Browser, expect

from tests.exchange import factories as make
from tests.exchange.pages import convener_of
from tests.exchange.test_pages_host_browser import host_in
from tests.exchange.test_pages_meet_browser import sits
from tests.journeys.house import IN_A_BROWSER, PHONE, chromium_that_seals
from upturn.exchange.models import VisionVoice

pytestmark = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]

LINE = "Whoever calls is helped by the first who answers"


browser = pytest.fixture(chromium_that_seals)


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3])


def test_a_device_goes_round_and_a_double_tap_counts_once(
    made: make.Made, browser: Browser, address: str
) -> None:
    page = sits(browser, address, made["Amber"], **PHONE)
    page.goto(f"/exchanges/{made.exchange.ref}/charter/")
    page.get_by_label("Hand this device").select_option("managers")
    rings = page.get_by_role("button", name="It rings")
    rings.dblclick()
    expect(page.get_by_role("status").filter(has_text="Counted.")).to_be_visible()
    expect(page.get_by_label("Hand this device")).to_have_value("managers")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        rings.click()
    assert VisionVoice.objects.get().of == 2
    assert VisionVoice.objects.get().companies == 1


def test_a_suggested_line_is_checked_sent_and_put_into_the_field(
    made: make.Made, browser: Browser, address: str
) -> None:
    page = sits(browser, address, made["Amber"])
    page.goto(f"/exchanges/{made.exchange.ref}/charter/")
    page.get_by_label("Suggest another line").fill(LINE)
    page.get_by_role("button", name="Suggest it").click()
    expect(page.get_by_label("Your line")).to_have_value(LINE)
    host = host_in(browser, address, convener_of(made))
    host.goto(f"/exchanges/{made.exchange.ref}/charter/write/")
    vision = host.get_by_label("Vision, in one line")
    expect(vision).not_to_have_value(LINE)
    put = host.get_by_role("button", name="Put it into the field")
    put.focus()
    host.keyboard.press("Enter")
    expect(vision).to_have_value(LINE)
    expect(vision).to_be_focused()
    host.get_by_role("button", name="This holds from now on").click()
    expect(host.get_by_role("heading", level=1)).to_have_text(LINE)
    expect(host.get_by_text("Nobody has suggested another line.")).to_be_visible()
