// The keyboard goes on to a button or a field, unless whoever it belongs to has gone somewhere else meanwhile;
// a key that is held is one press, wherever the keyboard has gone since; and a key in a panel is the panel's. In
// a panel too narrow to have all in sight, what comes next is brought there, with the state if there is room for
// both; a reader that asks for something does so by itself, and what it says of a card is read first.

const READING = 2000; // milliseconds

const once = (event) => {
  if (!event.repeat || event.key !== "Enter" || event.target.localName === "textarea") return;
  if (!event.target.closest?.(".irl-panel")) return;
  event.preventDefault();
  event.stopPropagation();
};

// JupyterLab takes letters and arrows for its commands, such as to cut the cell, or to go to another one. It leaves
// alone what is typed in an element that says so. To save, and to run the cell, stays JupyterLab's.
const own = (event) => {
  if (!event.target.closest?.(".irl-panel")) return;
  const runs = event.shiftKey && event.key === "Enter";
  event.target.toggleAttribute("data-lm-suppress-shortcuts", !runs && !event.ctrlKey && !event.metaKey && !event.altKey);
};

const PRESSES = ["pointerdown", "keydown", "wheel"];

function initialize({ model }) {
  let drawn;
  // Whoever pressed with a pointer looks where it is: where all is in sight, the page does not move.
  let byPointer = false;
  let atReader = false;
  let reads = 0;
  const press = (event) => {
    byPointer = event.type !== "keydown";
    atReader = Boolean(event.target.closest?.(".irl-touch"));
    clearTimeout(reads);
  };
  const bringIntoSight = (target, panel) => {
    if (!target.isConnected || panel.querySelector(".irl-touch-area")) return; // gone, or asking again
    target.scrollIntoView({ block: "nearest" });
    const state = panel.querySelector(".irl-state");
    const both = target.getBoundingClientRect().bottom - state.getBoundingClientRect().top;
    if (both < 0.8 * innerHeight) state.scrollIntoView({ block: "nearest" });
  };
  const goOn = async ({ widget, intoSight }) => {
    drawn?.disconnect();
    clearTimeout(reads);
    // Told at once where it is drawn already, and else as soon as it is.
    drawn = new ResizeObserver(([{ target }], seen) => {
      seen.disconnect();
      // Nowhere: a button that is disabled loses the focus to the page, or to the cell around the panel; but
      // in the frame in which it is disabled it has it still.
      const focused = document.activeElement;
      const nowhere = !focused || focused.disabled ? document.body : focused;
      const panel = target.closest(".irl-panel");
      if (nowhere.contains(panel)) (target.querySelector("select") ?? target).focus({ preventScroll: byPointer });
      const narrow = getComputedStyle(target).getPropertyValue("--irl-narrow");
      if (!intoSight || !byPointer || !narrow) return;
      if (atReader) reads = setTimeout(bringIntoSight, READING, target, panel);
      else bringIntoSight(target, panel);
    });
    const { views } = await model.widget_manager.get_model(widget);
    for (const { el } of await Promise.all(Object.values(views))) drawn.observe(el);
  };
  model.on("msg:custom", goOn);
  document.addEventListener("keydown", once, true);
  document.addEventListener("keydown", own, true);
  for (const kind of PRESSES) document.addEventListener(kind, press, true);
  return () => {
    document.removeEventListener("keydown", once, true);
    document.removeEventListener("keydown", own, true);
    for (const kind of PRESSES) document.removeEventListener(kind, press, true);
    clearTimeout(reads);
    model.off("msg:custom", goOn);
  };
}

export default { initialize };
