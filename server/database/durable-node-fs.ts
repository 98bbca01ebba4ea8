import { fdatasyncSync } from "node:fs";
import { open, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

type PgliteModuleOptions = Parameters<NodeFS["init"]>[1];

/** The parts of Emscripten that we use here; PGlite has no types for them. */
interface PgliteModule {
  readonly FS: {
    mkdirTree(path: string): void;
    mount(type: PgliteModule["NODEFS"], options: { root: string }, path: string): void;
  };
  readonly NODEFS: {
    /** `fsync` returns a WASI error number, 0 for success. PGlite's file system has none and does nothing. */
    readonly stream_ops: { fsync?: (stream: { readonly nfd: number; readonly path: string }) => number };
  };
}
const wasiIoError = 29;

export interface DiskWatch {
  /** Called before each file that PostgreSQL flushes to disk; a throw counts as a failure of the disk. */
  readonly onFlush: (path: string) => void;
  /** PostgreSQL cannot go on, mostly because of the disk. It must not be called again, not even in this callback. */
  readonly onPanic: () => void;
}

/**
 * PGlite's folder on disk, with the fsync that PGlite lacks. Its file system has no such operation, and it starts
 * PostgreSQL with `-F`: an acknowledged commit is only in the kernel's memory, and a power cut loses it. Here
 * PostgreSQL's fsync reaches the disk before the commit is acknowledged.
 */
export class DurableNodeFs extends NodeFS {
  // Emscripten reads the folder from this object at each access; `moveTo` relies on that.
  readonly #mounted: { root: string };
  readonly #watch: DiskWatch;

  constructor(folder: string, watch: DiskWatch) {
    super(folder);
    this.#mounted = { root: this.rootDir };
    this.#watch = watch;
  }

  override async init(
    pglite: PGlite,
    options: PgliteModuleOptions,
  ): Promise<{ emscriptenOpts: PgliteModuleOptions }> {
    this.pg = pglite;
    const preRun = [...(options.preRun ?? []), (module: PgliteModule) => this.#mount(module)];
    return { emscriptenOpts: { ...options, preRun, onAbort: this.#watch.onPanic } };
  }

  #mount({ FS, NODEFS }: PgliteModule): void {
    NODEFS.stream_ops.fsync = ({ nfd, path }) => {
      try {
        this.#watch.onFlush(path);
        fdatasyncSync(nfd);
        return 0;
      } catch {
        return wasiIoError; // PostgreSQL panics on it, which is right: its writes may be lost.
      }
    };
    FS.mkdirTree(PGlite.paths.PGDATA);
    FS.mount(NODEFS, this.#mounted, PGlite.paths.PGDATA);
  }

  /** Gives the folder of a running database its name. All files are on disk before, so the name never means half a database. */
  async moveTo(folder: string): Promise<void> {
    const from = this.#mounted.root;
    // Several at a time: a file system writes its journal once for all of them.
    const paths = [from, ...(await readdir(from, { recursive: true })).map((name) => join(from, name))];
    const flushRest = async (): Promise<void> => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) await flush(path);
    };
    await Promise.all(Array.from({ length: 16 }, flushRest));
    await rename(from, folder);
    this.#mounted.root = folder;
    await flush(dirname(folder));
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
