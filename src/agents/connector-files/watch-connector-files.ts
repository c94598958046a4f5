import { join, relative, resolve, sep } from 'node:path';

/** How long the folder must be quiet: editors and git write many files in a row. */
const quietMs = 100;

/**
 * Calls `onChange` whenever a file in `connectors/` has changed, one call at a time.
 *
 * @returns stops watching; a call in progress is completed
 */
export async function watchConnectorFiles(
  projectDir: string,
  onChange: () => Promise<void>,
): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  const root = resolve(projectDir);
  const folder = join(root, 'connectors');
  const isOther = (path: string) => {
    const full = resolve(path);
    return full !== root && full !== folder && !full.startsWith(folder + sep);
  };
  const watcher = watch(root, { ignoreInitial: true, ignored: isOther, depth: 1 });
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const request = (path: string) => {
    if (!relative(folder, resolve(path)).match(/\.ya?ml$/)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      working = working.then(onChange);
    }, quietMs);
  };
  watcher.on('all', (_event, path) => request(path));
  await new Promise<void>((ready, failed) => watcher.once('ready', ready).once('error', failed));
  watcher.on('error', () => undefined);
  return async () => {
    clearTimeout(timer);
    await watcher.close();
    await working;
  };
}
