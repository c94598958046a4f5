import { statSync } from 'node:fs';
import { RetryableError } from '../../../core/errors.ts';

/** Seconds after which it makes sense to ask again: somebody has to put a folder back first. */
const retryAfterSeconds = 5;

/**
 * Notices that files are no longer where they were: removed, moved away, or replaced by others of the same name. A process goes
 * on writing to a removed file without an error, and all of it is lost with the process.
 */
export class FilePlaces {
  /** By path; without a file that has not been there yet. */
  readonly #identities = new Map<string, string>();
  readonly #paths: readonly string[];

  /** @param paths of files and folders; one that is not there yet is known from the first time that it is */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    for (const path of paths) this.#isInPlace(path);
  }

  /** Whether everything lies where it lay when it was seen first. */
  areKept(): boolean {
    return this.#paths.every((path) => this.#isInPlace(path));
  }

  /** @throws RetryableError when something is not: whatever is written now would be lost */
  assertKept(): void {
    if (!this.areKept()) throw new RetryableError(dataFolderLost, { retryAfterSeconds });
  }

  #isInPlace(path: string): boolean {
    const found = identityOf(path);
    const known = this.#identities.get(path);
    if (known !== undefined) return found === known;
    if (found !== null) this.#identities.set(path, found);
    return true;
  }
}

export const dataFolderLost =
  'The data folder was removed or replaced while the system runs. Put it back, or stop the process and start it again.';

/** The same for the same file under any name, as long as somebody has it open; `null` where there is none. */
function identityOf(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
