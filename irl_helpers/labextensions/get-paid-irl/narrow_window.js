// An extension of JupyterLab, as its loader of built extensions wants it, with nothing to build. On a telephone
// JupyterLab's list of files leaves a notebook no room, and no setting of its own closes it there.

const NARROW = 760; // pixels: JupyterLab's own styles have the same limit

const plugin = {
  id: "get-paid-irl:narrow-window",
  description: "Closes the list of files where the window is narrow or becomes so, and once a file was opened from it.",
  autoStart: true,
  activate: (app) => {
    const close = () => innerWidth <= NARROW && app.shell.currentWidget && app.shell.collapseLeft?.();
    app.restored.then(() => {
      close();
      app.shell.currentChanged?.connect(close);
      matchMedia(`(max-width: ${NARROW}px)`).addEventListener("change", close);
    });
  },
};

(globalThis._JUPYTERLAB ??= {})["get-paid-irl"] = {
  init: () => undefined,
  get: async () => () => ({ __esModule: true, default: plugin }),
};
