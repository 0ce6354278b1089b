// The reader's picture with a button over each place that can be touched, and the customer's wallet beside it.
// What a touch means is decided in Python: this sends the place's name, or the card that was held to the reader.

const FAR = 6; // pixels from which a press is a drag
const JUST_NOW = 10000; // milliseconds
const LIFTED = 400; // milliseconds after which a finger that rests on a card has lifted it

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

// What a keyboard's keys are called on a pad of keys; it may be without the last two.
const KEYS = { Backspace: "erase", Delete: "erase", Escape: "clear", ".": ".", ",": "." };

// The element that an arrow key leads to, as they lie on the page; the same one where none lies there.
function neighbor(elements, from, [x, y]) {
  const middle = (each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const [left, top] = middle(from);
  let [nearest, least] = [from, Infinity];
  for (const each of elements) {
    const [right, down] = [middle(each)[0] - left, middle(each)[1] - top];
    const [ahead, aside] = [right * x + down * y, Math.abs(right * y) + Math.abs(down * x)];
    if (ahead > 1 && aside < 3 * ahead && ahead + 3 * aside < least) [nearest, least] = [each, ahead + 3 * aside];
  }
  return nearest;
}

function element(tag, name, attributes = {}) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function render({ model, el }) {
  const root = element("div", "irl-touch");
  const reader = element("div", "irl-touch-reader");
  const picture = element("div", "irl-touch-picture");
  const areas = element("div", "irl-touch-areas", { role: "group", "aria-label": "The reader's screen" });
  const aloud = element("span", "irl-aloud", { role: "status" });
  const wallet = element("div", "irl-wallet", { role: "group", "aria-label": "The customer's wallet" });
  const lead = element("div", "irl-wallet-note");
  const note = element("div", "irl-wallet-note");
  note.textContent = model.get("note");
  const purse = element("div", "irl-purse");
  const more = element("button", "irl-wallet-more", { type: "button", "aria-hidden": "true", tabindex: "-1" });
  purse.append(lead, wallet, more, note);
  reader.append(picture, areas);
  root.append(reader, aloud, purse);
  el.append(root);

  let drawing = false;
  const showPicture = () => {
    const template = document.createElement("template");
    template.innerHTML = model.get("value");
    const next = template.content.querySelector("img");
    const shown = picture.querySelector("img");
    // The same element: a new one would flicker, and be read aloud as another picture.
    if (next && shown) for (const { name, value } of next.attributes) shown.setAttribute(name, value);
    else picture.replaceChildren(template.content);
    aloud.textContent = next ? next.alt : "";
    root.classList.toggle("irl-empty", !next);
    if (!drawing) for (const canvas of areas.querySelectorAll("canvas")) canvas.remove(); // the picture has it now
  };

  // One types into an input that lies over the picture's field; while it is empty, the picture's hint is seen.
  const sendTyped = (input) => {
    model.set("typed", input.value);
    model.send({ typed: input.value }); // in the order of what is pressed, which saved changes are not
  };
  const typing = () => {
    const input = element("input", "irl-touch-area irl-touch-type", { type: "text", autocomplete: "off", placeholder: " " });
    input.value = model.get("typed");
    input.addEventListener("input", () => sendTyped(input));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) model.send({ touch: "submit" });
    });
    return input;
  };
  const showTyped = () => {
    const input = areas.querySelector(".irl-touch-type");
    if (input && input.value !== model.get("typed")) input.value = model.get("typed");
  };

  // Buttons that stay are kept, so that the keyboard's focus stays with them. From a card of the wallet it goes
  // to the keys that this card makes the reader show.
  const showAreas = () => {
    const before = new Map([...areas.children].map((each) => [each.dataset.name, each]));
    const keys = model.get("areas").some(({ name }) => name.startsWith("key:"));
    const shown = [...before.keys()].some((name) => name.startsWith("key:"));
    const focused = (keys && !shown ? root : areas).contains(document.activeElement);
    const now = model.get("areas").map(({ name, label, left, top, width, height }) => {
      const button = before.get(name) ?? (name === "type" ? typing() : element("button", "irl-touch-area", { type: "button" }));
      button.dataset.name = name;
      button.setAttribute("aria-label", label);
      button.tabIndex = name.startsWith("key:") && types() ? -1 : 0; // the field is there to type in
      Object.assign(button.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
      return button;
    });
    const same = now.length === areas.children.length && now.every((each, place) => each === areas.children[place]);
    if (same) return;
    const active = document.activeElement;
    areas.replaceChildren(...now);
    bringIntoSight();
    if (now.includes(active)) active.focus({ preventScroll: true });
    else if (focused && now.length) now[0].focus({ preventScroll: true });
  };

  // Whoever comes to the glass sees the whole reader, or its top; a finger or a mouse on it is there already.
  areas.addEventListener("focusin", (event) => {
    if (areas.contains(event.relatedTarget) || areas.matches(":active")) return;
    for (const each of [reader, aloud]) each.scrollIntoView({ block: "nearest" }); // the latter lies at the top
  });

  // In a panel too narrow for both, what the reader asks for next is seen by whoever has just pressed something,
  // and what it does with a card by whoever has pressed that.
  let pressed = -Infinity;
  let here = false;
  const press = (event) => {
    if (!el.closest(".irl-panel")?.contains(event.target)) return;
    pressed = performance.now();
    here = root.contains(event.target);
  };
  document.addEventListener("pointerdown", press, true);
  const bringIntoSight = () => {
    const narrow = getComputedStyle(el).getPropertyValue("--irl-narrow");
    const concerns = areas.children.length || here;
    if (narrow && concerns && performance.now() - pressed < JUST_NOW) reader.scrollIntoView({ block: "center" });
  };

  // What is typed on the glass or in the wallet goes to the field, or to the pad of keys.
  const types = () => model.get("areas").some(({ name }) => name === "type");
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const input = areas.querySelector(".irl-touch-type");
    if (ARROWS[event.key] && event.target !== input && areas.contains(event.target)) {
      event.preventDefault();
      neighbor(areas.children, event.target, ARROWS[event.key]).focus();
      return;
    }
    const meant = KEYS[event.key] ?? event.key;
    const writes = meant === "erase" || (event.key.length === 1 && event.key !== " ");
    if (event.target === input || !(writes || (meant === "clear" && !input))) return;
    if (input) {
      input.focus();
      input.setSelectionRange(input.value.length, input.value.length);
      return; // and the key goes there
    }
    const enter = areas.querySelector('[data-name="key:enter"]');
    const drawn = areas.querySelector(`[data-name="key:${CSS.escape(meant)}"]`);
    if (!enter || !(drawn || Object.values(KEYS).includes(meant))) return;
    event.preventDefault();
    model.send({ touch: `key:${meant}` });
    enter.focus(); // so that Enter is what it says
  });

  const showLead = () => {
    lead.textContent = model.get("lead");
  };

  // With a pad of keys on the glass one goes on there, as with the PIN of the card that is in the reader already.
  const hold = (number) => {
    model.send({ hold: number });
    if (!types()) areas.querySelector('[data-name^="key:"]')?.focus({ preventScroll: true });
  };

  const showWallet = () => {
    const cards = model.get("cards");
    purse.hidden = cards.length === 0;
    const focused = wallet.contains(document.activeElement) ? document.activeElement.dataset.number : null;
    wallet.replaceChildren(
      ...cards.map(({ number, brand, digits, words, kind }) => {
        const card = element("button", `irl-card irl-card-${kind}`, {
          type: "button",
          "aria-pressed": String(number === model.get("card")),
          tabindex: number === model.get("card") ? "0" : "-1",
        });
        card.dataset.number = number;
        for (const [name, text] of [["brand", brand], ["digits", digits], ["words", words]]) {
          const line = element("span", `irl-card-${name}`);
          line.textContent = text;
          card.append(line);
        }
        return card;
      }),
    );
    if (![...wallet.children].some((card) => card.tabIndex === 0)) wallet.firstChild?.setAttribute("tabindex", "0");
    if (focused) wallet.querySelector(`[data-number="${CSS.escape(focused)}"]`)?.focus();
    showMore();
  };

  // How many cards are out of sight: not every system draws a scrollbar. The arrow keys reach them anyway.
  const showMore = () => {
    const end = wallet.getBoundingClientRect().bottom;
    const below = [...wallet.children].filter((card) => card.getBoundingClientRect().bottom > end + 1).length;
    more.hidden = wallet.scrollHeight <= wallet.clientHeight;
    more.textContent = below ? `${below} more ${below === 1 ? "card" : "cards"} below` : "Back to the first card";
  };
  wallet.addEventListener("scroll", showMore);
  more.addEventListener("click", () => {
    const end = wallet.scrollTop + wallet.clientHeight >= wallet.scrollHeight - 1;
    wallet.scrollTo({ top: end ? 0 : wallet.scrollTop + wallet.clientHeight * 0.8, behavior: "smooth" });
  });
  const sized = new ResizeObserver(showMore);
  sized.observe(wallet);

  areas.addEventListener("click", (event) => {
    const area = event.target.closest(".irl-touch-area");
    const input = areas.querySelector(".irl-touch-type");
    const [kind, key] = area?.dataset.name.split(":") ?? [];
    if (kind === "key" && input) {
      input.value = key === "erase" ? input.value.slice(0, -1) : input.value + key;
      sendTyped(input);
    } else if (area && !["sign", "type"].includes(kind)) model.send({ touch: area.dataset.name });
    // What is pressed with a pointer is not what the Enter key means next.
    if (kind === "key" && event.detail > 0) areas.querySelector('[data-name="key:enter"]')?.focus();
    if (area && area.dataset.name === "sign" && event.detail === 0) model.send({ touch: "sign" }); // by keyboard
  });

  wallet.addEventListener("keydown", (event) => {
    const [right, down] = ARROWS[event.key] ?? [0, 0];
    const cards = [...wallet.children];
    const place = cards.indexOf(document.activeElement);
    const end = { Home: 0, End: -1 }[event.key];
    if ((!right && !down && end === undefined) || place < 0) return;
    event.preventDefault();
    // To the right it goes on in the next row.
    const aside = (place + right + cards.length) % cards.length;
    const next = down ? neighbor(cards, cards[place], [0, down]) : cards.at(end ?? aside);
    for (const card of cards) card.tabIndex = card === next ? 0 : -1;
    next.focus();
  });

  // A card is pressed, or dragged to the reader; the ghost follows the pointer. A finger lifts the card by
  // resting on it: one that moves at once scrolls the wallet, and the browser takes it away.
  let dragged = false;
  let ghost = null;
  wallet.addEventListener("pointerdown", (down) => {
    const card = down.target.closest(".irl-card");
    if (!card || down.button) return;
    dragged = false;
    let moved = false;
    const place = (event) => {
      const box = root.getBoundingClientRect();
      ghost.style.left = `${Math.max(0, event.clientX - box.left - card.offsetWidth / 2)}px`;
      ghost.style.top = `${event.clientY - box.top - card.offsetHeight / 2}px`;
    };
    const lift = (event) => {
      clearTimeout(resting);
      ghost = card.cloneNode(true);
      ghost.classList.add("irl-card-dragged");
      ghost.style.width = `${card.offsetWidth}px`;
      root.append(ghost);
      reader.classList.toggle("irl-waits", model.get("areas").some(({ name }) => name === "card"));
      dragged = true;
      place(event);
    };
    const byFinger = down.pointerType === "touch";
    const resting = byFinger ? setTimeout(lift, LIFTED, down) : 0;
    const move = (event) => {
      moved ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= FAR;
      if (ghost) place(event);
      else if (moved && byFinger) clearTimeout(resting);
      else if (moved) lift(event);
    };
    const up = (event) => {
      clearTimeout(resting);
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", up);
      reader.classList.remove("irl-waits");
      const lifted = ghost;
      lifted?.remove();
      ghost = null;
      const box = reader.getBoundingClientRect();
      const inside =
        event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
      // A long press that goes nowhere is a press.
      if (lifted && (inside || !moved) && event.type === "pointerup") hold(card.dataset.number);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", up);
  });
  const keepLifted = (event) => {
    if (ghost) event.preventDefault(); // no scrolling, and no menu of the long press
  };
  wallet.addEventListener("touchmove", keepLifted, { passive: false });
  wallet.addEventListener("contextmenu", keepLifted);
  wallet.addEventListener("click", (event) => {
    const card = event.target.closest(".irl-card");
    const byKeyboard = event.detail === 0; // which ends no drag
    if (card && (byKeyboard || !dragged)) hold(card.dataset.number);
    dragged = false;
  });

  // The signature is drawn where it is asked for; each line is sent as a path, the field being 300 units wide.
  areas.addEventListener("pointerdown", (down) => {
    const area = down.target.closest('[data-name="sign"]');
    if (!area) return;
    const box = area.getBoundingClientRect();
    const canvas = area.querySelector("canvas") ?? area.appendChild(element("canvas"));
    if (!canvas.width || canvas.width !== Math.round(box.width)) {
      canvas.width = Math.round(box.width);
      canvas.height = Math.round(box.height);
    }
    const pen = canvas.getContext("2d");
    Object.assign(pen, { lineWidth: 2.4, lineCap: "round", lineJoin: "round", strokeStyle: "#171b2e" });
    const point = (event) =>
      [event.clientX - box.left, event.clientY - box.top]
        .map((value) => Math.min(Math.max(Math.round((value * 300) / box.width), 0), 999))
        .join(" ");
    let path = `M${point(down)}`;
    drawing = true;
    pen.beginPath();
    pen.moveTo(down.clientX - box.left, down.clientY - box.top);
    const move = (event) => {
      pen.lineTo(event.clientX - box.left, event.clientY - box.top);
      pen.stroke();
      path += `L${point(event)}`;
    };
    const up = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", up);
      drawing = false;
      model.send({ stroke: path });
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", up);
    down.preventDefault();
  });

  // A kernel that is shut down is disposed of without a word to its widgets; one that is restarted, not.
  const ended = () => root.closest(".irl-panel")?.classList.add("irl-ended");
  const kernel = model.widget_manager?.kernel;
  kernel?.disposed?.connect(ended);

  showPicture();
  showAreas();
  showWallet();
  showLead();
  const changes = [
    ["change:value", showPicture],
    ["change:areas", showAreas],
    ["change:typed", showTyped],
    ["change:lead", showLead],
    ["change:cards change:card", showWallet],
  ];
  for (const [names, show] of changes) model.on(names, show);
  return () => {
    sized.disconnect();
    document.removeEventListener("pointerdown", press, true);
    kernel?.disposed?.disconnect(ended);
    for (const [names, show] of changes) model.off(names, show);
  };
}

export default { render };
