import os

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PHONE, LAPTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, settings):
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    return live_server.url


@pytest.fixture
def open_page(chromium, site):
    """Makes pages of fresh visitors; at the end nothing may have been blocked, broken or complained about."""
    contexts, complaints = [], []

    def make(viewport=None, *, script=True, cookies=None, watch=True, answers=(), **options):
        context = chromium.new_context(
            base_url=site, locale="vi-VN", viewport=viewport or LAPTOP, java_script_enabled=script, **options
        )
        contexts.append(context)
        if cookies:
            context.add_cookies(
                [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
            )
        page = context.new_page()
        expected = {404, 422, *answers}  # what the test itself asks for
        if watch:
            context.add_init_script(WATCH)
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text)
                    if message.type == "error"
                    and not any(f"status of {status}" in message.text for status in expected)
                    else None
                ),
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "response",
                lambda response: (
                    complaints.append(f"{response.status} {response.url}")
                    if response.status >= 400 and response.status not in expected
                    else None
                ),
            )
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page, official, password):
    page.goto("/tai-khoan/dang-nhap/")
    page.fill("[name=username]", official.username)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    return page
