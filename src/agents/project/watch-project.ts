import { basename, resolve } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { type LoadSettings, loadProject, type ProjectLoad } from './load-project.ts';

export interface ProjectWatch {
  /** Stops watching; a load in progress is discarded. */
  close(): Promise<void>;
}

/** How long a folder must be quiet before it is loaded: editors and git write many files in a row. */
const quietMs = 100;

/**
 * Reloads a project whenever its files change, for development. Loads never overlap, and a change without effect (a
 * comment in a YAML file) is not reported.
 *
 * @param digest of the load that the caller has
 * @param onLoad receives each new load or its problems; after problems, agents should stay as they were
 * @returns once the folder is being watched
 */
export async function watchProject(
  projectDir: string,
  settings: LoadSettings,
  digest: string,
  onLoad: (load: ProjectLoad) => void,
): Promise<ProjectWatch> {
  const { watch } = await import('chokidar');
  const root = resolve(projectDir);
  const reloads = new Reloads(() => loadOrExplain(root, settings), digest, onLoad);
  const watcher = watch(root, { ignoreInitial: true, ignored: (path) => isForeign(path, root, settings) });
  watcher.on('all', () => reloads.request());
  await new Promise<void>((ready, failed) => watcher.once('ready', ready).once('error', failed));
  watcher.on('error', () => reloads.request());
  return {
    close: async () => {
      reloads.stop();
      await watcher.close();
    },
  };
}

/** Packages, hidden folders and our own bundles change independently of the project. */
function isForeign(path: string, root: string, { buildDir }: LoadSettings): boolean {
  const full = resolve(path);
  if (full === root) return false;
  const name = basename(full);
  return name === 'node_modules' || name.startsWith('.') || full === resolve(buildDir);
}

async function loadOrExplain(root: string, settings: LoadSettings): Promise<ProjectLoad> {
  try {
    return await loadProject(root, settings);
  } catch (thrown) {
    const message = `The project cannot be loaded: ${messageOf(thrown)}.`;
    return { outcome: 'broken', problems: [{ file: '.', line: null, field: null, message }] };
  }
}

/** One load at a time, after a quiet period; a change during a load requests another one. */
class Reloads {
  readonly #load: () => Promise<ProjectLoad>;
  readonly #onLoad: (load: ProjectLoad) => void;
  /** `null` after a broken load: then even the previous project is news. */
  #digest: string | null;
  #timer: NodeJS.Timeout | undefined;
  #isLoading = false;
  #isStopped = false;

  constructor(load: () => Promise<ProjectLoad>, digest: string, onLoad: (load: ProjectLoad) => void) {
    this.#load = load;
    this.#digest = digest;
    this.#onLoad = onLoad;
  }

  request(): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#start(), quietMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #start(): Promise<void> {
    if (this.#isLoading) return this.request();
    this.#isLoading = true;
    const load = await this.#load();
    this.#isLoading = false;
    const digest = load.outcome === 'loaded' ? load.digest : null;
    if (this.#isStopped || (digest !== null && digest === this.#digest)) return;
    this.#digest = digest;
    this.#onLoad(load);
  }
}
