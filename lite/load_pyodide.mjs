// What a kernel's worker imports in Pyodide's place: Pyodide, with the packages there and its kernel begun.
import { loadPyodide as load } from "./pyodide.mjs";

const SITE = "/lib/python3.14/site-packages";
const address = (name) => new URL(name, import.meta.url).href;

// `packages` only tells the kernel what it need not install.
export async function loadPyodide({ packages, ...options }) {
  const archive = fetch(address("at_start.zip"));
  const python = await load(options);
  const found = await archive;
  if (!found.ok) throw new Error(`at_start.zip: ${found.status} ${found.statusText}`);
  unpack(python, await found.arrayBuffer());
  python.pyimport("irl_start").begin((module) => {
    console.info(`${module} is not among the packages at the start.`);
    unpack(python, fetchNow(address("later.zip")));
  });
  return python;
}

function unpack(python, archive) {
  python.unpackArchive(archive, "zip", { extractDir: SITE });
}

// An import cannot wait for anything else: a worker may hold its breath.
function fetchNow(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${url}: ${request.status} ${request.statusText}`);
  return request.response;
}
