// Our own extension of JupyterLab's pages: a notebook that was edited in this browser hides the site's, so a
// newer one of the site is offered, and what was edited stays. It lays fresh copies for a kernel, too, tells it what
// its notebook is, starts none that nobody needs yet, and asks the browser to keep what is stored.
(() => {
  const site = new URL("../../", document.currentScript.src);
  const LAY = "get-paid-irl:lay-beside";
  const KEEP = "get-paid-irl:keep-mine";
  const FRESH = "get-paid-irl:fresh-copy";
  const SAVED = "get-paid-irl:saved-notebook";
  const VIEW = "application/vnd.jupyter.widget-view+json";

  const fetched = async (path) => {
    const answer = await fetch(new URL(path, site), { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  };

  // What is remembered of this site; where nothing may be stored, nothing.
  const memory = {
    read(name) {
      try {
        return localStorage.getItem(`${site} ${name}`);
      } catch {
        return null;
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(`${site} ${name}`, value);
      } catch {}
    },
  };

  // Once: a browser that asks the learner first, as Firefox does, remembers what she said.
  async function keepStored() {
    if (!navigator.storage?.persist || memory.read("persist") || (await navigator.storage.persisted())) return;
    memory.write("persist", "asked");
    await navigator.storage.persist();
  }

  // A notebook that is older than the site's, unless she has said what to do about that one.
  async function offerNewer(app, { path, ready, model }) {
    if (!path.endsWith(".ipynb")) return;
    await ready;
    const version = (await fetched("versions.json"))[path];
    const began = model.getMetadata("get_paid_irl")?.version;
    if (!version || version === began || version === memory.read(path)) return;
    const args = { path, version };
    await app.commands.execute("apputils:notify", {
      message: `There is a newer ${name(path)}. Yours stays as it is.`,
      type: "info",
      options: {
        autoClose: false,
        actions: [
          { label: "Lay the new one beside mine", commandId: LAY, args, displayType: "accent" },
          { label: "Keep only mine", commandId: KEEP, args },
        ],
      },
    });
  }

  const name = (path) => path.split("/").pop();

  // Returns the name of the site's notebook beside hers.
  async function lay(app, path) {
    const { contents } = app.serviceManager;
    const folder = path.slice(0, -name(path).length);
    const taken = (await contents.get(folder.slice(0, -1), { content: true })).content.map((each) => each.name);
    const fresh = (n) => name(path).replace(/\.ipynb$/, `-fresh${n > 1 ? `-${n}` : ""}.ipynb`);
    let n = 1;
    while (taken.includes(fresh(n))) n++;
    const content = await fetched(`files/${path.split("/").map(encodeURIComponent).join("/")}`);
    await contents.save(folder + fresh(n), { type: "notebook", format: "json", content });
    return fresh(n);
  }

  async function layBeside(app, { path, version }) {
    const copy = await lay(app, path);
    memory.write(path, version);
    await app.commands.execute("docmanager:open", { path: path.slice(0, -name(path).length) + copy });
  }

  // A kernel asks for it: `irl_helpers/fresh_copy.py`.
  function listen(app, { session }) {
    session?.kernel?.registerCommTarget(FRESH, (comm, { content }) =>
      lay(app, `notebooks/${content.data.name}`).then(
        (copy) => comm.send({ copy }),
        (problem) => comm.send({ problem: problem.message }),
      ),
    );
  }

  // She returns with several notebooks open: only the one that she sees starts its kernel, each other one when she
  // comes to it. Until then its session is late, and not left out: without one, JupyterLab's manager of widgets
  // gives up for good.
  function startSeen(app) {
    const { serviceManager, shell } = app;
    const { contents, sessions } = serviceManager;
    const linked = new URLSearchParams(location.search).get("path");
    const { startNew } = sessions;
    const held = new Map(); // by its notebook's path, what lets a session start
    let reopened; // the paths of what was open already; nobody knows before all of them are
    sessions.startNew = async (options, ...more) => {
      const path = options.path.replace(/[^/]*$/, options.name); // it ends in a number that nobody else has
      const waits = options.type === "notebook" && path !== linked && (reopened?.has(path) ?? true);
      if (waits) await new Promise((start) => held.set(path, start));
      return startNew.call(sessions, options, ...more);
    };
    const letGo = (path) => {
      reopened.delete(path);
      held.get(path)?.();
    };
    // Until then each of them is in front for a moment, and what the address names may come after it.
    app.restored.then(() => {
      const seen = () => shell.currentWidget?.context?.path;
      reopened = new Set([...shell.widgets("main")].map(({ context }) => context?.path));
      if (!linked || linked === seen()) letGo(seen());
      shell.currentChanged.connect(() => letGo(seen()));
      contents.fileChanged.connect((_, { type, oldValue }) => type === "rename" && letGo(oldValue?.path));
    });
  }

  // A panel that was saved is its picture, and a reference to a widget of a kernel that went with its page. JupyterLab
  // prefers the reference, and waits for ever. A server leaves it out as well: `irl_helpers/notebook_files.py`.
  function showPictures({ serviceManager: { contents, sessions } }) {
    const { get } = contents;
    contents.get = async (path, ...more) => {
      const model = await get.call(contents, path, ...more);
      const live = [...sessions.running()].some((session) => session.path === path);
      const cells = model.type === "notebook" && !live ? (model.content?.cells ?? []) : [];
      for (const { data } of cells.flatMap(({ outputs }) => outputs ?? [])) if (data?.["text/html"]) delete data[VIEW];
      return model;
    };
  }

  // `browser/irl_start.py` keeps it for errors: which cell makes the name that another one lacks.
  function tell({ model, sessionContext }) {
    const kernel = sessionContext.session?.kernel;
    if (!kernel) return;
    const code = model.toJSON().cells.filter((cell) => cell.cell_type === "code");
    const comm = kernel.createComm(SAVED);
    comm.open({ cells: code.map(({ cell_type, source }) => ({ cell_type, source })) });
    comm.close();
  }

  // To each kernel of the notebook, to one that is started again, and after each time that it was saved.
  async function keepTold(context) {
    await context.ready;
    const { sessionContext } = context;
    tell(context);
    sessionContext.kernelChanged.connect(() => tell(context));
    context.saveState.connect((_, state) => {
      if (state === "completed") tell(context);
    });
  }

  function said(app, problem) {
    const message = `The newer notebook cannot be laid beside yours: ${problem.message}`;
    return app.commands.execute("apputils:notify", { message, type: "error" });
  }

  const plugin = {
    id: "get-paid-irl:page",
    autoStart: true,
    activate(app) {
      keepStored().catch(console.warn);
      startSeen(app);
      showPictures(app);
      app.commands.addCommand(LAY, {
        label: "Lay the newer notebook beside mine",
        execute: (args) => layBeside(app, args).catch((problem) => said(app, problem)),
      });
      app.commands.addCommand(KEEP, {
        label: "Keep only my notebook",
        execute: ({ path, version }) => memory.write(path, version),
      });
      const looked = new WeakSet();
      const look = () => {
        const context = app.shell.currentWidget?.context;
        if (!context?.sessionContext || looked.has(context)) return;
        looked.add(context);
        offerNewer(app, context).catch(console.warn);
        keepTold(context).catch(console.warn);
        listen(app, context.sessionContext);
        context.sessionContext.kernelChanged.connect((session) => listen(app, session));
      };
      app.shell.currentChanged.connect(look);
      app.restored.then(look);
    },
  };

  // As JupyterLab loads an extension that was built for it.
  const extension = { __esModule: true, default: plugin };
  (window._JUPYTERLAB ??= {})["get-paid-irl"] = { init() {}, get: async () => () => extension };
})();
