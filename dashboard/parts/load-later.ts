import { type ComponentType, lazy } from 'react';

/** Code of the page did not come: the server is away, or has another build by now and this one's files no longer. */
export class CodeNotLoaded extends Error {
  override readonly name = 'CodeNotLoaded';
}

/** As `lazy`; what cannot be loaded throws `CodeNotLoaded`, which the error boundary around it knows. */
export function loadLater<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() =>
    load().catch((cause: unknown) => {
      throw new CodeNotLoaded('A part of the dashboard could not be loaded.', { cause });
    }),
  );
}
