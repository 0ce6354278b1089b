// The keyboard goes on to a button or a field, unless whoever it belongs to has gone somewhere else meanwhile;
// and a key that is held is one press, wherever the keyboard has gone since.

const once = (event) => {
  if (!event.repeat || event.key !== "Enter" || event.target.localName === "textarea") return;
  if (!event.target.closest?.(".irl-panel")) return;
  event.preventDefault();
  event.stopPropagation();
};

function initialize({ model }) {
  let drawn;
  const goOn = async ({ widget }) => {
    drawn?.disconnect();
    // Told at once where it is drawn already, and else as soon as it is.
    drawn = new ResizeObserver(([{ target }], seen) => {
      seen.disconnect();
      // Nowhere: a button that is disabled loses the focus to the page, or to the cell around the panel; but
      // in the frame in which it is disabled it has it still.
      const focused = document.activeElement;
      const nowhere = !focused || focused.disabled ? document.body : focused;
      if (nowhere.contains(target.closest(".irl-panel"))) (target.querySelector("select") ?? target).focus();
    });
    const { views } = await model.widget_manager.get_model(widget);
    for (const { el } of await Promise.all(Object.values(views))) drawn.observe(el);
  };
  model.on("msg:custom", goOn);
  document.addEventListener("keydown", once, true);
  return () => {
    document.removeEventListener("keydown", once, true);
    model.off("msg:custom", goOn);
  };
}

export default { initialize };
