"""The hostile texts in a real Chromium: nothing runs, nothing is fetched, nothing stands on the page that may not."""

from xml.etree import ElementTree

import pytest
from django.urls import reverse

from feedback.models import Case
from notifications.models import Message
from notifications.services import as_email
from parcai.lib import html
from tests.factories import make_article, make_case
from tests.lib.hostile_html import HARMLESS, KINDS
from tests.lib.test_hostile import put_raw, storable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ATOM = "{http://www.w3.org/2005/Atom}"
ALLOWED = {
    **{tag: sorted(html.ATTRIBUTES.get(tag, ())) for tag in html.TAGS},
    "a": ["href", "title", "rel"],
    "div": ["class", "role", "tabindex", "aria-label"],
    "h2": ["id"],
}
INSPECT = r"""([allowed, own]) => {
  const wrong = [];
  const within = own ? document.querySelector(own) : document.body;
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      const runs = /^on/i.test(name) || ["srcdoc", "formaction", "ping", "is", "nonce"].includes(name);
      if (runs || /^[\s\x00-\x1f]*(?:javascript|vbscript|data):/i.test(value)) wrong.push(`${each.tagName} ${name}=${value}`);
    }
  }
  const never = "iframe, frame, object, embed, applet, base, portal, meta[http-equiv], script:not([src^='/static/'], head > [type='application/ld+json'])";
  const foreign = "link:not([href^='/'], [rel=canonical]), form[action^=http], form[action^='//'], img[src^=http], img[src^='//']";
  for (const each of document.querySelectorAll(`${never}, ${foreign}`)) wrong.push(each.outerHTML.slice(0, 200));
  for (const each of within.querySelectorAll("*")) {
    const poster = each.closest("figure.video > a[data-embed^='https://www.youtube-nocookie.com/embed/'], figure.video");
    if (own && poster) continue;
    const names = allowed[each.localName];
    if (!names || each.namespaceURI !== "http://www.w3.org/1999/xhtml") wrong.push(`<${each.tagName}>`);
    for (const { name, value } of each.attributes) {
      if (!names?.includes(name)) wrong.push(`<${each.tagName} ${name}>`);
      if (name === "href" && !/^(?:\/(?![\/\\])|#|https?:\/\/|mailto:|tel:)/i.test(value)) wrong.push(value);
      if (name === "src" && !/^\/tep\/anh\/[0-9a-f-]+\.webp$/.test(value)) wrong.push(value);
      if (name === "class" && value !== "scroll") wrong.push(`class ${value}`);
    }
  }
  return wrong;
}"""
MAIL = {
    **ALLOWED,
    "div": ["style"],
    "td": ["align", "style", "colspan", "rowspan"],
    "table": None,
    "a": ["href", "title", "rel", "style"],
}
MAIL |= {"table": ["role", "width", "cellpadding", "cellspacing", "style"], "p": ["style"], "body": ["style"]}


class Witness:
    """Notes every dialog and every request that leaves the portal; lets none of the latter out."""

    def __init__(self, page, home=None):
        self.seen = []
        page.on("dialog", self._dialog)
        page.on("popup", lambda popup: self.seen.append(f"popup {popup.url}"))
        page.route("**/*", lambda route: self._request(route, home))

    def _dialog(self, dialog):
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _request(self, route, home):
        url = route.request.url
        if home and url.startswith(home) and route.request.method == "GET":
            route.continue_()
        else:
            if not url.split("?")[0].endswith(".webp"):
                self.seen.append(f"{route.request.method} {url}")
            route.abort()


@pytest.fixture
def bare_page(chromium):
    """A page without any policy: only the cleaning protects it."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def show_bare(page, text):
    page.set_content(f"<!doctype html><meta charset=utf-8><main>{text}</main>")


def test_the_witness_sees_what_text_nobody_cleaned_would_do(bare_page):
    witness = Witness(bare_page)
    show_bare(bare_page, "<img src=https://evil.vn/x onerror=alert(1)><p onclick=x>x</p><iframe></iframe>")
    bare_page.wait_for_timeout(200)
    assert "GET https://evil.vn/x" in witness.seen
    assert "dialog 1" in witness.seen
    assert len(bare_page.evaluate(INSPECT, [ALLOWED, "main"])) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_where_only_the_cleaning_protects(bare_page, kind):
    witness = Witness(bare_page)
    for payload in KINDS[kind]:
        show_bare(
            bare_page, f"<div class=scroll>{html.show(payload)}</div>{html.show_on_page(payload)}<p>Hết</p>"
        )
        assert bare_page.evaluate(INSPECT, [ALLOWED, "main"]) == [], payload
        assert bare_page.locator("main > p").last.inner_text() == "Hết", payload
    bare_page.wait_for_timeout(150)
    assert witness.seen == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_on_the_page_of_an_article(open_page, site, kind):
    page = open_page()
    witness = Witness(page, site)
    raw, cleaned = make_article(published=True), make_article(published=True)
    put_raw(raw, "".join(map(storable, KINDS[kind])))
    put_raw(cleaned, "".join(html.clean(payload) for payload in KINDS[kind]) + "<p>Hết bài</p>")
    for article in (raw, cleaned):
        page.goto(article.get_absolute_url())
        assert page.evaluate(INSPECT, [ALLOWED, ".rich"]) == []
        assert page.locator(".rich").count() == 1
        assert page.locator("footer.footer").count() == 1
    assert page.locator(".rich > p").last.inner_text() == "Hết bài"
    page.wait_for_timeout(150)
    assert witness.seen == []


def test_nothing_runs_in_a_reader_of_the_feed_or_of_the_mail(bare_page, client):
    witness = Witness(bare_page)
    for kind, payloads in KINDS.items():
        put_raw(make_article(published=True, title=kind), "".join(map(storable, payloads)))
        make_case(status=Case.Status.ANSWERED, email=f"{kind}@vidu.vn")
    feed = ElementTree.fromstring(client.get(reverse("feed-articles")).content)  # noqa: S314 - our own
    entries = {
        entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}summary")
        for entry in feed.findall(f"{ATOM}entry")
    }
    letters = list(Message.objects.filter(template="case_answered", channel=Message.Channel.EMAIL))
    for kind, payloads in KINDS.items():
        show_bare(bare_page, entries[kind])
        assert bare_page.evaluate(INSPECT, [ALLOWED, "main"]) == [], kind
        message = next(each for each in letters if each.recipient == f"{kind}@vidu.vn")
        message.context["rich"] = "".join(map(storable, payloads))
        letter = as_email(message).alternatives[0].content
        bare_page.set_content(letter)
        assert bare_page.evaluate(INSPECT, [MAIL, ""]) == [], kind
        assert "Thư tự động" in bare_page.locator("body").inner_text()
    bare_page.wait_for_timeout(150)
    assert witness.seen == []


def test_harmless_texts_stand_on_the_page_as_they_were_written(bare_page):
    for snippet in filter(None, HARMLESS):
        show_bare(bare_page, html.show(snippet))
        assert bare_page.evaluate(INSPECT, [ALLOWED, "main"]) == []
        # What a browser reads out of it and writes down again is what was stored: nothing was repaired on the way.
        assert bare_page.locator("main").inner_html() == html.clean(snippet).replace("\u00a0", "&nbsp;")
