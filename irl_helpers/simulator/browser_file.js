// The account file, kept by the browser: IndexedDB holds it in pieces, for all notebooks of this site.
//
// Each notebook has a copy of its own in its memory. A turn is one readwrite transaction of IndexedDB: the
// browser lets one notebook at a time have one, on any origin. In its turn a notebook takes over what others
// have changed, works on its copy, and hands in what it wrote. Where it dies in between, nothing has happened.
(FS, path) => {
  // All projects of somebody may be at one origin, each below a folder of its own.
  const NAME = "get-paid-irl " + location.pathname.split("/extensions/")[0];
  const PIECE = 4096; // SQLite's page
  const REMEMBERED = 100; // turns whose changes are known; whoever missed more reads everything

  const NOTHING = { line: null, turn: 0 };
  let db = null;
  let known = NOTHING; // what the copy is: which file, after how many turns
  let node = null; // the copy, as the file system has it
  let size = 0;
  const written = new Set(); // pieces, in this turn

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  // What Python waits for never fails: Pyodide reports what does once more, to whoever runs a cell.
  const answered = (promise) =>
    promise.then(
      (value) => ({ value, trouble: "", why: "" }),
      (error) => ({ value: undefined, trouble: error?.name || "Error", why: String(error) }),
    );

  async function open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => ["files", "pieces"].forEach((each) => request.result.createObjectStore(each));
    const opened = await done(request);
    opened.onclose = () => (db = null);
    opened.onversionchange = () => (opened.close(), (db = null));
    return opened;
  }

  // -- the copy

  // From here on, what SQLite writes is noted. Whether that is a file it has not opened yet.
  function watch() {
    if (!FS.analyzePath(path).exists) FS.writeFile(path, "");
    const found = FS.lookupPath(path).node;
    if (found === node) return false;
    node = found;
    const own = node.stream_ops;
    const write = (stream, buffer, offset, length, position, ...rest) => {
      for (let n = Math.floor(position / PIECE); n * PIECE < position + length; n++) written.add(n);
      return own.write(stream, buffer, offset, length, position, ...rest);
    };
    node.stream_ops = { ...own, write };
    return true;
  }

  function change(flags, work) {
    const stream = FS.open(path, flags);
    try {
      return work(stream);
    } finally {
      FS.close(stream);
    }
  }

  function read(stream, from, length) {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, FS.read(stream, bytes, 0, length, from));
  }

  // What SQLite counts with each change: where it has grown, SQLite forgets what it knew of the file.
  function count() {
    const bytes = change("r", (stream) => read(stream, 24, 4));
    return bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0);
  }

  // -- turns

  // Take over what the browser has; whether SQLite has to open it again. Nothing but requests of the
  // transaction may be awaited here.
  async function catchUp(found, pieces) {
    const missed = found.turn - known.turn;
    const follows = found.line === known.line && missed > 0 && missed <= found.turns.length;
    const numbers = follows ? [...new Set(found.turns.slice(-missed).flat())] : null;
    const contents = follows
      ? await Promise.all(numbers.map((n) => done(pieces.get([path, n]))))
      : await done(pieces.getAll(all(0)));
    const before = count();
    change("r+", (stream) =>
      contents.forEach((bytes, i) => bytes && FS.write(stream, bytes, 0, bytes.length, (numbers ? numbers[i] : i) * PIECE)),
    );
    FS.truncate(path, found.size);
    written.clear();
    known = { line: found.line, turn: found.turn };
    size = found.size;
    return !follows || count() <= before;
  }

  const all = (from) => IDBKeyRange.bound([path, from], [path, Infinity]);

  // A turn: `afresh` says that SQLite has to open the file again, `end()` hands in what was written since.
  async function begin() {
    db ??= await open();
    const transaction = db.transaction(["files", "pieces"], "readwrite", { durability: "relaxed" });
    const [files, pieces] = ["files", "pieces"].map((each) => transaction.objectStore(each));
    // Known from the beginning: a browser may also end it in the middle, and tells only once.
    let aborted = false;
    const kept = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => {
        aborted = true;
        known = { line: "", turn: 0 }; // nothing of it is so: everything is read again
        reject(transaction.error ?? new Error("The browser has ended a turn."));
      };
    });
    kept.catch(() => {});
    const found = await done(files.get(path));
    if (!found && known !== NOTHING) {
      // Somebody has cleared what this site keeps.
      if (FS.analyzePath(path).exists) FS.unlink(path);
      [known, size] = [NOTHING, 0];
    }
    let afresh = watch();
    if (found && (found.line !== known.line || found.turn !== known.turn)) {
      afresh = (await catchUp(found, pieces)) || afresh;
    }

    // Python comes back later than a transaction lives that is asked for nothing.
    let last = null;
    const hold = () => (last ? last() : (files.get(path).onsuccess = hold));
    hold();

    // A promise that all is kept, or undefined where nothing was written.
    function end() {
      const { contents, shorter } = difference();
      const changed = contents.size > 0 || shorter;
      last = () => {
        if (changed) {
          contents.forEach((bytes, n) => pieces.put(bytes, [path, n]));
          if (shorter) pieces.delete(all(Math.ceil(size / PIECE)));
          const turns = [...(found?.turns ?? []), [...contents.keys()]].slice(-REMEMBERED);
          files.put({ ...known, turns, size }, path);
        }
        transaction.commit();
      };
      if (!changed) return undefined;
      if (!aborted) {
        known = { line: known.line ?? crypto.getRandomValues(new Uint32Array(2)).join("-"), turn: known.turn + 1 };
      }
      return answered(kept);
    }
    return { afresh, end };
  }

  // What this turn has written: pieces by their numbers, and whether there are fewer now.
  function difference() {
    const before = size;
    size = FS.stat(path).size;
    const pieces = Math.ceil(size / PIECE);
    // Where another file is in its place, all of it is new.
    const numbers = FS.lookupPath(path).node === node ? written : Array(pieces).keys();
    const contents = new Map();
    change("r", (stream) => {
      for (const n of numbers) if (n < pieces) contents.set(n, read(stream, n * PIECE, PIECE));
    });
    written.clear();
    return { contents, shorter: size < before };
  }

  return { begin: () => answered(begin()) };
}
