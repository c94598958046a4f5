import { basename, resolve } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { type LoadSettings, loadProject, type ProjectLoad } from './load-project.ts';

export interface ProjectWatch {
  /** Stops watching; a load that is going on is not handed over any more. */
  close(): Promise<void>;
}

/** How long a folder has to be quiet before it is loaded: editors and git write many files in one go. */
const quietMs = 100;

/**
 * Loads a project again whenever its files change, for developing. Loads follow one another, never overlap, and a change
 * that changes nothing (a comment in a YAML file) is not handed over.
 *
 * @param digest of the load that the caller has
 * @param onLoad gets each new load, or what is wrong with it: agents are then to stay as they were
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

/** Packages, hidden folders and our own bundles change without the project changing. */
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

/** One load at a time, started when it has been quiet; what changes during a load asks for another one. */
class Reloads {
  readonly #load: () => Promise<ProjectLoad>;
  readonly #onLoad: (load: ProjectLoad) => void;
  /** `null` after a broken load: the same project as before is news then. */
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
