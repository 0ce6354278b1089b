// What is typed or chosen reaches the kernel before the key or the button that is pressed next. By itself it
// would not: while the kernel is busy JupyterLab holds values back, and sends what is pressed at once.

const CHANGES = {
  "change:value": (input) => ({ value: input.get("value") }),
  "change:index": (input) => ({ label: input.get("_options_labels")[input.get("index")] }), // of a drop-down
};

function initialize({ model }) {
  const undo = [];
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
