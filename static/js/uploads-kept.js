// Keeps files that are on their way to the hub in this browser until they have arrived, so that a reload or a crash costs none of them.
// Where the browser keeps nothing (a private window), an upload that is cut off has to be begun again.
const uploadsKept = (() => {
  const KEPT_MS = 24 * 60 * 60 * 1000;

  const opened = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("cxhub-uploads", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("files", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  let database;
  const within = async (mode, act) => {
    try {
      database ||= opened();
      const transaction = (await database).transaction("files", mode);
      const asked = act(transaction.objectStore("files"));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch {
      // Closed or full: the page itself still holds the file.
      database = null;
      return null;
    }
  };

  return {
    keep: (one) => within("readwrite", (files) => files.put({ ...one, at: Date.now() })),
    forget: (key) => within("readwrite", (files) => files.delete(key)),
    // Those of one person in one ticket, the earliest first. What was left behind long ago goes.
    of: async (owner) => {
      const all = await within("readonly", (files) => files.getAll()) || [];
      const [fresh, old] = [all.filter(({ at }) => Date.now() - at < KEPT_MS), all.filter(({ at }) => Date.now() - at >= KEPT_MS)];
      old.forEach(({ key }) => within("readwrite", (files) => files.delete(key)));
      return fresh.filter((one) => one.owner === owner).sort((one, other) => one.at - other.at);
    },
  };
})();
