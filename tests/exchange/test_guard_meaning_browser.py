"""A device fetches what reads meaning, once; until it is there words wait, or are counted only."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Route, expect

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.meaning_scene import ENDLESS, VEILED, Device, Host, Scene, model_host
from tests.journeys.house import IN_A_BROWSER, chromium_that_seals, sent_in
from upturn.exchange.models import Post
from upturn.exchange.views.guarding import SAYS

WITH_PAGES = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]
FINE = "We thank each other after every shift."
HARD = "We charge 42 euros an hour for weekend work."
SOFT = "Our margin on catering went down."
SAVES_DATA = 'Object.defineProperty(navigator, "connection", { get: () => ({ saveData: true }) })'
UNREAD = "The guard does not read every letter of this. Hold your words against the rules yourself."
MEANING = "This device reads meaning."
COUNTS = "This device counts words only. A guard"
UNTIL = "This device counts words only, until"
BRAKES = "Brakes, with this reason and no name"
ONLY = "Send after counting words only"

browser = pytest.fixture(chromium_that_seals)
host = pytest.fixture(model_host)


@pytest.fixture
def scene(browser: Browser, address: str, host: Host, monkeypatch: pytest.MonkeyPatch) -> Scene:
    talk.begin_now(monkeypatch)
    made = make.opened()
    return Scene(browser, address, host, made, talk.asked(made))


def handed_in(amber: Device) -> None:
    expect(amber.page.get_by_text("Your company has handed in.")).to_be_visible()


class TestOnPages:
    pytestmark = WITH_PAGES

    def test_meaning_stops_what_counting_lets_pass(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device()
        amber.answer.focus()
        expect(amber.line).to_have_text(MEANING)
        amber.write(VEILED)
        expect(amber.panel.locator("mark")).to_have_text(VEILED)
        amber.send.click()
        expect(amber.panel).to_be_focused()
        assert not amber.has_told("heron")
        assert amber.posts == []
        amber.write(FINE)
        amber.send.click()
        handed_in(amber)
        assert Post.objects.get(round=scene.round).words == FINE

    def test_who_only_reads_a_page_fetches_nothing(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device()
        expect(amber.line).to_contain_text(UNTIL)
        amber.page.get_by_role("link", name="Rules").first.focus()
        amber.page.wait_for_timeout(500)
        assert scene.host.asked == []
        amber.answer.focus()
        expect(amber.line).to_have_text(MEANING)
        assert len(scene.host.asked) == 1

    def test_a_writing_that_no_guard_reads_is_said_and_waits_for_nothing(
        self, scene: Scene
    ) -> None:
        amber = scene.device()
        amber.write("نشكر بعضنا بعضًا بعد كل وردية.")
        expect(amber.line).to_have_text(UNREAD)
        amber.write(FINE)
        expect(amber.line).to_contain_text(UNTIL)
        amber.write("نشكر بعضنا بعضًا بعد كل وردية.")
        amber.send.click()
        handed_in(amber)

    def test_a_form_without_words_waits_for_nothing(self, scene: Scene) -> None:
        amber = scene.device()
        amber.open(scene.talk)
        amber.page.get_by_role("button", name=BRAKES).first.click()
        expect(amber.page.get_by_text("stopped since")).to_be_visible()
        assert scene.host.asked == []

    def test_words_are_counted_at_once_and_read_again_with_meaning(self, scene: Scene) -> None:
        amber = scene.device()
        expect(amber.line).to_contain_text(UNTIL)
        amber.write(HARD)
        expect(amber.panel.locator("mark")).to_have_text(HARD)
        amber.write(VEILED)
        expect(amber.panel).to_be_hidden()
        scene.host.rest.set()
        expect(amber.panel.locator("mark")).to_have_text(VEILED)
        expect(amber.line).to_have_text(MEANING)
        assert not amber.has_told("heron")
        assert not amber.has_told("42 euros")

    def test_what_meaning_takes_back_is_no_change_of_words(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(SOFT)
        expect(amber.panel.locator("mark")).to_have_text(SOFT)
        scene.host.rest.set()
        expect(amber.line).to_have_text(MEANING)
        expect(amber.panel).to_be_hidden()
        amber.send.click()
        handed_in(amber)
        assert not [each for each in amber.posts if "/guard/notes" in each.url]

    def test_sending_waits_for_meaning_and_is_done_once(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(FINE)
        amber.send.dblclick()
        expect(amber.line).to_contain_text("(12 of 27 MB). Your words stay here.")
        bar = amber.line.get_by_role("progressbar")
        assert bar.evaluate("each => each.value") == pytest.approx(0.45, abs=0.01)
        amber.send.click()
        assert amber.posts == []
        assert not amber.has_told(FINE)
        scene.host.rest.set()
        handed_in(amber)
        assert len([each for each in amber.posts if FINE in sent_in(each)]) == 1

    def test_what_meaning_stops_is_not_sent_after_the_wait(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(VEILED)
        amber.send.click()
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        scene.host.rest.set()
        expect(amber.panel).to_be_focused()
        expect(amber.line).to_have_text(MEANING)
        assert amber.posts == []

    def test_what_counting_stops_does_not_wait(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(HARD)
        amber.send.click()
        expect(amber.panel).to_be_focused()
        expect(amber.line).to_contain_text(UNTIL)
        assert amber.posts == []

    def test_words_that_are_changed_meanwhile_do_not_go_by_themselves(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write("We thank each")
        amber.send.click()
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        amber.write(FINE)
        expect(amber.line).to_contain_text(UNTIL)
        scene.host.rest.set()
        expect(amber.line).to_have_text(MEANING)
        assert amber.posts == []
        amber.send.click()
        handed_in(amber)

    def test_who_does_not_want_to_wait_sends_after_counting(self, scene: Scene) -> None:
        amber = scene.device()
        amber.write(VEILED)
        amber.send.click()
        only = amber.line.get_by_role("button", name=ONLY)
        only.click()  # as a second tap that meets it where it has just appeared
        expect(only).to_be_visible()
        assert amber.posts == []
        amber.page.wait_for_timeout(700)
        only.click()
        handed_in(amber)
        assert Post.objects.get(round=scene.round).words == VEILED
        amber.open(scene.talk)
        amber.page.get_by_label("In a line").first.fill("We need a pause.")
        amber.page.get_by_role("button", name=BRAKES).first.click()
        expect(amber.page.get_by_text("stopped since")).to_be_visible()

    def test_a_fetch_that_breaks_off_sends_nothing_by_itself(self, scene: Scene) -> None:
        scene.host.breaks = True
        amber = scene.device()
        amber.write(FINE)
        amber.send.click()
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        scene.host.rest.set()
        expect(amber.line).to_contain_text("could not be fetched")
        amber.send.click()
        expect(amber.line).to_contain_text("could not be fetched")
        assert amber.posts == [], "nobody chose to go on by counting words"
        scene.host.breaks = False
        amber.line.get_by_role("button", name="Try again").click()
        handed_in(amber)

    def test_after_a_fetch_that_broke_off_words_are_counted(self, scene: Scene) -> None:
        scene.host.breaks = True
        scene.host.rest.set()
        amber = scene.device()
        amber.answer.focus()
        expect(amber.line).to_contain_text(COUNTS)
        expect(amber.line.get_by_role("button", name="Fetch it (27 MB)")).to_be_visible()
        amber.write(VEILED)
        amber.send.click()
        handed_in(amber)

    def test_a_device_that_saves_data_fetches_only_when_asked(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device(first=SAVES_DATA)
        fetch = amber.line.get_by_role("button", name="Fetch it (27 MB)")
        expect(amber.line).to_contain_text(COUNTS)
        amber.write(VEILED)
        amber.send.click()
        handed_in(amber)
        assert scene.host.asked == []
        amber.page.goto(reverse("exchange:side", args=[scene.made.exchange.ref]))
        fetch.click()
        expect(amber.line).to_have_text(MEANING)
        assert len(scene.host.asked) == 1

    @pytest.mark.parametrize("gone", ["no workers", "no worker's script"])
    def test_without_a_worker_the_page_counts_words(self, scene: Scene, gone: str) -> None:
        amber = scene.device(first="delete globalThis.Worker" if gone == "no workers" else "")
        if gone != "no workers":
            amber.page.route("**/guard_worker.js", lambda route: route.abort())
            amber.page.reload()
        expect(amber.line).to_contain_text(COUNTS)
        expect(amber.line.get_by_role("button")).to_have_count(0)
        amber.write(HARD)
        expect(amber.panel.locator("mark")).to_have_text(HARD)
        amber.write(FINE)
        amber.send.click()
        handed_in(amber)

    def test_a_fetch_that_stands_still_is_given_up(self, scene: Scene) -> None:
        amber = scene.device()
        amber.page.clock.install()
        amber.page.reload()
        amber.write(FINE)
        amber.send.click()
        expect(amber.line).to_contain_text("(12 of 27 MB). Your words stay here.")
        amber.page.clock.fast_forward(59_000)
        expect(amber.line.get_by_role("progressbar")).to_be_visible()
        amber.page.clock.fast_forward(2_000)
        expect(amber.line).to_contain_text("could not be fetched")
        assert amber.posts == []
        scene.host.rest.set()
        amber.line.get_by_role("button", name="Try again").click()
        handed_in(amber)

    def test_a_reader_that_hangs_is_given_up_and_words_are_counted(self, scene: Scene) -> None:
        scene.host.rest.set()
        amber = scene.device()
        amber.page.clock.install()
        amber.page.reload()
        amber.answer.focus()
        expect(amber.line).to_have_text(MEANING)
        amber.write(f"We thank each other {ENDLESS}.")
        amber.send.click()
        amber.page.clock.fast_forward(61_000)
        handed_in(amber)

    def test_a_host_without_the_model_offers_nothing(self, scene: Scene) -> None:
        amber = scene.device(meaning=False)
        expect(amber.line).to_contain_text(COUNTS)
        expect(amber.line.get_by_role("button")).to_have_count(0)
        amber.write(FINE)
        amber.send.click()
        handed_in(amber)
        assert scene.host.asked == []

    def test_a_second_tap_while_it_goes_sends_nothing(self, scene: Scene) -> None:
        amber = scene.device(meaning=False)
        expect(amber.line).to_contain_text(COUNTS)
        amber.write(FINE)
        held: list[Route] = []
        amber.page.route(f"**{scene.at}", lambda route: held.append(route))  # noqa: PLW0108
        press = "each => { each.click(); setTimeout(() => each.click(), 900); }"
        amber.send.evaluate(press)
        amber.page.wait_for_timeout(1500)
        posted = [each for each in amber.posts if each.url.endswith(scene.at)]
        assert len(posted) == 1

    def test_two_forms_fetch_it_once(self, scene: Scene) -> None:
        amber = scene.device(first=SAVES_DATA)
        amber.open(scene.talk)
        assert amber.line.count() > 1
        fetch = amber.line.get_by_role("button")
        expect(fetch).to_have_count(amber.line.count())
        fetch.evaluate_all("all => all.forEach((each) => each.click())")
        scene.host.rest.set()
        for line in amber.line.all():
            expect(line).to_have_text(MEANING)
        assert len(scene.host.asked) == 1


@pytest.mark.parametrize("language", ["de", "es", "ar"])
def test_which_guard_reads_is_said_in_the_languages_of_the_floor(language: str) -> None:
    words = list(SAYS)
    for name in words[words.index("reads_meaning") :]:
        with translation.override(None):
            english = str(SAYS[name])
        with translation.override(language):
            said = str(SAYS[name])
        assert said != english
        assert [each for each in ("{about}", "{got}", "{part}") if each in said] == [
            each for each in ("{about}", "{got}", "{part}") if each in english
        ]
