// What a kernel's worker imports in Pyodide's place: Pyodide, with all packages already there.
import { loadPyodide as load } from "./pyodide.mjs";

const SITE = "/lib/python3.14/site-packages";

// `packages` only tells the kernel what it need not install.
export async function loadPyodide({ packages, ...options }) {
  const archive = fetch(new URL("packages.zip", import.meta.url));
  const python = await load(options);
  const found = await archive;
  if (!found.ok) throw new Error(`packages.zip: ${found.status} ${found.statusText}`);
  python.unpackArchive(await found.arrayBuffer(), "zip", { extractDir: SITE });
  return python;
}
