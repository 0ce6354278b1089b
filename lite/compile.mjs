// Runs bytecode.py in the Python that is in the browser: `node compile.mjs PACKAGES FOLDER`.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const [packages, folder] = process.argv.slice(2);
const python = await loadPyodide();
const places = { "/lite": fileURLToPath(new URL(".", import.meta.url)), "/from": packages, "/to": folder };
for (const [here, root] of Object.entries(places)) {
  python.FS.mkdirTree(here);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: fs.realpathSync(root) }, here);
}
python.runPython("import sys; sys.path.append('/lite'); sys.dont_write_bytecode = True");
python.pyimport("bytecode").pack("/from", "/to");
