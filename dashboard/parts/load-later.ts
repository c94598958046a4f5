import { type ComponentType, lazy } from 'react';

/** Part of the page's code did not load: the server is unreachable, or a newer build has replaced the files. */
export class CodeNotLoaded extends Error {
  override readonly name = 'CodeNotLoaded';
}

/** Like `lazy`, but load failures throw `CodeNotLoaded`, which the error boundary recognises. */
export function loadLater<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() =>
    load().catch((cause: unknown) => {
      throw new CodeNotLoaded('A part of the dashboard could not be loaded.', { cause });
    }),
  );
}
