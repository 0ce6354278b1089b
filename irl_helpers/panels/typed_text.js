// What is typed into a field reaches the kernel before the key or the button that is pressed next. By itself it
// would not: while the kernel is busy JupyterLab holds values back, and sends what is pressed at once.

function initialize({ model }) {
  const told = [];
  const tell = (field, value, { updated_view: byHand }) => byHand && field.send({ typed: value });
  const follow = async (id) => {
    const field = await model.widget_manager.get_model(id);
    field.on("change:value", tell);
    told.push(field);
  };
  for (const id of model.get("fields")) follow(id);
  return () => told.forEach((field) => field.off("change:value", tell));
}

export default { initialize };
