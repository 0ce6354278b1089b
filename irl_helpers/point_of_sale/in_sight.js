// What has just appeared is brought into sight, no further than it must be.

function initialize({ model }) {
  const show = async ({ widget }) => {
    const { views } = await model.widget_manager.get_model(widget);
    for (const { el } of await Promise.all(Object.values(views))) {
      // Told at once where it is drawn already, and else as soon as it is.
      new ResizeObserver((_, drawn) => {
        drawn.disconnect();
        el.scrollIntoView({ block: "nearest" });
      }).observe(el);
    }
  };
  model.on("msg:custom", show);
  return () => model.off("msg:custom", show);
}

export default { initialize };
