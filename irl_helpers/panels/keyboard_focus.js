// The keyboard goes on to a button, unless whoever it belongs to has gone somewhere else meanwhile.

function initialize({ model }) {
  const goOn = async ({ button }) => {
    const { views } = await model.widget_manager.get_model(button);
    for (const { el } of await Promise.all(Object.values(views))) {
      // Nowhere: a button that is disabled has lost the focus to the page, or to the cell around the panel.
      const nowhere = document.activeElement ?? document.body;
      if (nowhere.contains(el.closest(".irl-panel"))) el.focus();
    }
  };
  model.on("msg:custom", goOn);
  return () => model.off("msg:custom", goOn);
}

export default { initialize };
