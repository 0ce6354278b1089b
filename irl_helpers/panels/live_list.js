// A list that follows: lines come and go, and whatever somebody has opened, focused or scrolled to stays.
// All text is set as text. What an opened line says is asked for, and comes in `details`.

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

// A page that is not on https and not on this machine has no `navigator.clipboard`.
async function copy(text, button) {
  try {
    if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(text);
    else {
      const box = element("textarea");
      box.value = text;
      box.style.cssText = "position:fixed;opacity:0";
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      button.focus();
      if (!done) throw new Error("refused");
    }
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  } catch {
    button.textContent = "Select it and press Ctrl+C";
  }
}

function render({ model, el }) {
  const label = model.get("label");
  const list = element("div", "irl-live");
  list.setAttribute("role", "region");
  list.setAttribute("aria-label", label);
  const empty = element("p", "irl-live-empty");
  el.append(list, empty);
  const shown = new Map(); // a line's id -> {line, row, detail}, each as it was drawn last
  let preferred = ""; // the sample that was looked at last: whoever works in Node wants Node again

  const button = (text, pressed) => {
    const made = element("button", "irl-copy", text);
    made.type = "button";
    made.addEventListener("click", pressed);
    return made;
  };

  // The samples of a line: one is shown, the others are a press away.
  const samples = (given) => {
    const box = element("div", "irl-sample");
    const head = element("div", "irl-sample-head");
    const pre = element("pre");
    pre.tabIndex = 0;
    const note = element("span");
    const choose = (title) => {
      const one = given.find((each) => each[0] === title) ?? given[0];
      pre.textContent = one[1];
      pre.setAttribute("aria-label", one[0]);
      note.textContent = one[2] ?? "";
      for (const each of head.querySelectorAll(".irl-choice"))
        each.setAttribute("aria-pressed", String(each.textContent === one[0]));
    };
    for (const [title] of given) {
      const choice = button(title, () => choose((preferred = title)));
      choice.className = "irl-choice";
      head.append(choice);
    }
    const copies = button("Copy", () => copy(pre.textContent, copies));
    head.append(note, copies);
    box.append(head, pre);
    choose(preferred);
    return box;
  };

  const detail = (id, given) => {
    const parts = [];
    if (given.facts.length) {
      const facts = element("div", "irl-facts");
      for (const [name, value] of given.facts) facts.append(element("div", "", name), element("code", "", value));
      parts.push(facts);
    }
    if (given.actions.length) {
      const actions = element("div", "irl-live-actions");
      for (const [name, text] of given.actions) actions.append(button(text, () => model.send({ press: name, of: id })));
      parts.push(actions);
    }
    if (given.samples.length) parts.push(samples(given.samples));
    return parts;
  };

  const summary = (row) => {
    const outcome = element("span", `irl-outcome${row.tone ? ` irl-${row.tone}` : ""}`, row.outcome);
    return [
      element("span", "irl-time", row.time),
      element("span", `irl-verb irl-verb-${row.kind}`, row.mark),
      element("span", "irl-path", row.title),
      outcome,
      element("span", "irl-params", row.note),
      element("span", "irl-from", row.from),
    ];
  };

  const make = (row) => {
    const line = element("details", "irl-request");
    line.dataset.id = row.id;
    line.append(element("summary"), element("div", "irl-samples"));
    line.addEventListener("toggle", () => {
      if (line.open !== Object.hasOwn(model.get("details"), row.id)) model.send({ [line.open ? "open" : "close"]: row.id });
    });
    return { line, row: "", detail: "" };
  };

  const draw = () => {
    const rows = model.get("rows");
    const details = model.get("details");
    const above = list.scrollTop && list.scrollHeight;
    const kept = new Set(rows.map((row) => row.id));
    for (const [id, { line }] of shown) {
      if (kept.has(id)) continue;
      if (line.contains(document.activeElement)) list.querySelector("summary")?.focus();
      line.remove();
      shown.delete(id);
    }
    // A line that moves would lose its focus: only new ones are put in.
    let place = list.firstElementChild;
    for (const row of rows) {
      if (!shown.has(row.id)) shown.set(row.id, make(row));
      const one = shown.get(row.id);
      const [now, open] = [JSON.stringify(row), JSON.stringify(details[row.id] ?? null)];
      if (now !== one.row) one.line.firstElementChild.replaceChildren(...summary(row));
      if (open !== one.detail) {
        const inside = one.line.lastElementChild;
        const again = inside.contains(document.activeElement) ? document.activeElement.textContent : null;
        inside.replaceChildren(...(details[row.id] ? detail(row.id, details[row.id]) : []));
        if (again !== null) [...inside.querySelectorAll("button, pre")].find((each) => each.textContent === again)?.focus();
        if (details[row.id] || !["", "null"].includes(one.detail)) one.line.open = Boolean(details[row.id]);
      }
      [one.row, one.detail] = [now, open];
      if (one.line === place) place = place.nextElementSibling;
      else list.insertBefore(one.line, place);
    }
    if (above) list.scrollTop += list.scrollHeight - above;
    empty.textContent = rows.length ? "" : model.get("empty");
    list.hidden = !rows.length;
    empty.hidden = Boolean(rows.length);
  };

  draw();
  const changes = "change:rows change:details change:empty";
  model.on(changes, draw);
  return () => model.off(changes, draw);
}

export default { render };
