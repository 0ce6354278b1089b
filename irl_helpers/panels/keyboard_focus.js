// The keyboard goes on to a button or a field, unless whoever it belongs to has gone somewhere else meanwhile;
// and a key that is held is one press, wherever the keyboard has gone since. Where text is selected, by a long
// touch too, the menu is the browser's: JupyterLab's is about the cell, and takes the focus.

const once = (event) => {
  if (!event.repeat || event.key !== "Enter" || event.target.localName === "textarea") return;
  if (!event.target.closest?.(".irl-panel")) return;
  event.preventDefault();
  event.stopPropagation();
};

const PRESSES = ["pointerdown", "keydown"];
const FIELDS = ".irl-panel :is(input, select, textarea)";
const TYPED = ".irl-panel input[type=text]";

// On a phone the first tap on a field takes all that stands in it, so that what is typed replaces it.
let untouched = null;
const enter = (event) => {
  untouched = event.target;
};
const takeAll = (event) => {
  const first = untouched === event.target;
  untouched = null;
  if (first && event.pointerType === "touch" && event.target.matches(TYPED)) event.target.select();
};
const ownMenu = (event) => {
  if (event.target.closest?.(FIELDS)) event.stopPropagation();
};

function initialize({ model }) {
  let drawn;
  // Whoever pressed with a pointer looks where it is: the page does not move for the keyboard's sake.
  let byPointer = false;
  const press = (event) => {
    byPointer = event.type === "pointerdown";
  };
  const goOn = async ({ widget }) => {
    drawn?.disconnect();
    // Told at once where it is drawn already, and else as soon as it is.
    drawn = new ResizeObserver(([{ target }], seen) => {
      seen.disconnect();
      // Nowhere: a button that is disabled loses the focus to the page, or to the cell around the panel; but
      // in the frame in which it is disabled it has it still.
      const focused = document.activeElement;
      const nowhere = !focused || focused.disabled ? document.body : focused;
      if (nowhere.contains(target.closest(".irl-panel"))) {
        (target.querySelector("select") ?? target).focus({ preventScroll: byPointer });
      }
    });
    const { views } = await model.widget_manager.get_model(widget);
    for (const { el } of await Promise.all(Object.values(views))) drawn.observe(el);
  };
  model.on("msg:custom", goOn);
  document.addEventListener("keydown", once, true);
  document.addEventListener("contextmenu", ownMenu, true);
  document.addEventListener("focusin", enter, true);
  document.addEventListener("click", takeAll, true);
  for (const kind of PRESSES) document.addEventListener(kind, press, true);
  return () => {
    document.removeEventListener("keydown", once, true);
    document.removeEventListener("contextmenu", ownMenu, true);
    document.removeEventListener("focusin", enter, true);
    document.removeEventListener("click", takeAll, true);
    for (const kind of PRESSES) document.removeEventListener(kind, press, true);
    model.off("msg:custom", goOn);
  };
}

export default { initialize };
