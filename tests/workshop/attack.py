"""What a hostile page tries in the browser of whoever looks at it, and browsers in which somebody looks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import NoChromium, chromium
from tests.workshop.rooms import PATIENCE, PIN

DOMAIN = "room.test"
# What it tries, as whoever looks at it: read the visitor's own file and another learner's, make a token,
# read with it, make its author an admin, and open the page for admins. What was answered, and what leaked.
ATTACK = """
async ([hub, files, author]) => {
  const got = {}, secret = 'Main Street';
  const ask = async (name, address, options = {}) => {
    try {
      const answer = await fetch(address, {credentials: 'include', referrer: hub + '/hub/home', ...options});
      got[name] = answer.status;
      return await answer.text();
    } catch (problem) { got[name] = 'refused'; return ''; }
  };
  const home = await ask('home', hub + '/hub/home');
  const xsrf = (/xsrf_token: "([^"]+)"/.exec(home) || [])[1] || '';
  const me = (/user: "([^"]+)"/.exec(home) || [])[1] || '';
  const headers = {'Content-Type': 'application/json', 'X-XSRFToken': xsrf};
  const told = await ask('token', `${hub}/hub/api/users/${me}/tokens`, {method: 'POST', headers, body: '{}'});
  const token = (/"token": "([^"]+)"/.exec(told) || [])[1];
  for (const [whose, address] of Object.entries(files)) {
    const path = `${address}api/contents/notebooks/01_setup.ipynb`;
    // Within one origin, a page sees into the windows that it opens.
    const opened = window.open(address + 'lab');
    let key = '', there = null;
    for (let tries = 0; tries < 50 && !key && there !== 'complete'; tries++) {
      await new Promise(resolve => setTimeout(resolve, 100));
      try {
        if (opened.location.href !== 'about:blank') there = opened.document.readyState;
        key = (/_xsrf=([^;]+)/.exec(opened.document.cookie) || [])[1] || '';
      } catch { break; }  // of another origin
    }
    opened.close();
    let text = await ask(whose, path, {headers: {'X-XSRFToken': key}, referrer: undefined});
    if (token) text += await ask('by token', path, {headers: {Authorization: `token ${token}`}});
    got[whose + ' read'] = text.includes(secret);
  }
  await ask('admin', `${hub}/hub/api/users/${author}`, {method: 'PATCH', headers, body: '{"admin": true}'});
  await ask('users', `${hub}/hub/api/users`, {headers});
  await ask('page', `${hub}/hub/admin`);
  return got;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One that finds the domain's names, as with a router that gives them."""
    try:
        with chromium(f"--host-resolver-rules=MAP {DOMAIN} 127.0.0.1,MAP *.{DOMAIN} 127.0.0.1") as running:
            yield running
    except NoChromium as reason:
        pytest.skip(str(reason))


@contextlib.contextmanager
def page_of(browser: Browser, address: str, name: str, password: str) -> Iterator[Page]:
    """A browser in which this one has logged in."""
    context = browser.new_context(bypass_csp=True)  # a hostile server sends no such rules
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    log_in(page, address, name, password)
    yield page
    context.close()


def log_in(page: Page, address: str, name: str, password: str, then: str = "**/hub/home") -> None:
    page.goto(f"{address}/hub/login?next=%2Fhub%2Fhome")
    page.get_by_label("Your name in this room").fill(name)
    page.get_by_label("A PIN that keeps it yours").fill(PIN)
    page.get_by_label("The room's password").fill(password)
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url(then)
