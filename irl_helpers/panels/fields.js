// What is typed or chosen reaches the kernel before the key or the button that is pressed next. By itself it
// would not: while the kernel is busy JupyterLab holds values back, and sends what is pressed at once.
// Where text is selected, by a long touch too, the menu is the browser's: JupyterLab's is about the cell, and
// takes the focus. On a phone the first tap on a field takes all that stands in it, so that what is typed
// replaces it; and an amount is typed on keys with digits.

const CHANGES = {
  "change:value": (input) => ({ value: input.get("value") }),
  "change:index": (input) => ({ label: input.get("_options_labels")[input.get("index")] }), // of a drop-down
};

const FIELDS = ".irl-panel :is(input, select, textarea)";
const TYPED = ".irl-panel input[type=text]";

const ownMenu = (event) => {
  if (event.target.closest?.(FIELDS)) event.stopPropagation();
};
let untouched = null;
const enter = (event) => {
  untouched = event.target;
};
const takeAll = (event) => {
  const first = untouched === event.target;
  untouched = null;
  if (first && event.pointerType === "touch" && event.target.matches(TYPED)) event.target.select();
};
const chooseKeys = (event) => {
  const [, keys] = event.target.closest?.(".irl-field")?.className.match(/irl-keys-(\w+)/) ?? [];
  if (keys && event.target.matches(TYPED)) event.target.inputMode = keys;
};
// The headings in a list of cards are none of them: arrow keys pass them by, and nobody can choose one.
const passHeadings = ({ target }) => {
  if (!target.matches?.(".irl-panel select")) return;
  for (const option of target.options) option.disabled = option.text.startsWith("──");
};
const MANNERS = {
  contextmenu: [ownMenu],
  pointerdown: [chooseKeys, passHeadings],
  keydown: [passHeadings],
  focusin: [enter, chooseKeys, passHeadings],
  click: [takeAll],
};

function initialize({ model }) {
  const undo = [];
  for (const [kind, manners] of Object.entries(MANNERS)) {
    for (const each of manners) {
      document.addEventListener(kind, each, true);
      undo.push(() => document.removeEventListener(kind, each, true));
    }
  }
  const follow = async (id) => {
    const input = await model.widget_manager.get_model(id);
    for (const [change, said] of Object.entries(CHANGES)) {
      const tell = (_, __, { updated_view: byHand }) => byHand && input.send(said(input));
      input.on(change, tell);
      undo.push(() => input.off(change, tell));
    }
  };
  for (const id of model.get("inputs")) follow(id);
  return () => undo.forEach((each) => each());
}

export default { initialize };
