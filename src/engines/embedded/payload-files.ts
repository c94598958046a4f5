import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { RetryableError } from '../../core/errors.ts';

/** Texts above this size (in bytes of UTF-8) are kept in files (spec: runs.md, "Large payloads"). */
const maxInlineBytes = 100_000;

/** A text that lies in its row, or in the file of that name below the folder. */
export type StoredText =
  | { readonly text: string; readonly file: null }
  | { readonly text: null; readonly file: string };

/** Keeps large payloads and outputs as `ab/<uuid>` below a folder. */
export class PayloadFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Puts a large text into a new file that is on the disk when this resolves; a small one stays as it is.
   * @throws RetryableError when the disk is full or broken
   */
  async store(text: string): Promise<StoredText> {
    if (!isLarge(text)) return { text, file: null };
    const id = randomUUID();
    const file = `${id.slice(-2)}/${id}`;
    try {
      await this.#write(file, text);
    } catch (thrown) {
      throw new RetryableError('A large payload could not be written to the data folder.', { cause: thrown });
    }
    return { text: null, file };
  }

  /** @throws RetryableError when the file cannot be read */
  async load(stored: StoredText): Promise<string> {
    if (stored.file === null) return stored.text;
    try {
      return await readFile(path.join(this.#folder, stored.file), 'utf8');
    } catch (thrown) {
      throw new RetryableError('A large payload could not be read from the data folder.', { cause: thrown });
    }
  }

  async remove(file: string): Promise<void> {
    await rm(path.join(this.#folder, file), { force: true });
  }

  /** Every file that was last written before `timeMs` (Unix). */
  async *writtenBefore(timeMs: number): AsyncGenerator<string> {
    for (const folder of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(path.join(this.#folder, folder)).catch(() => [])) {
        const file = `${folder}/${name}`;
        const { mtimeMs } = await stat(path.join(this.#folder, file));
        if (mtimeMs < timeMs) yield file;
      }
    }
  }

  /** Written beside its place and renamed, so that a file under its final name is always whole. */
  async #write(file: string, text: string): Promise<void> {
    const target = path.join(this.#folder, file);
    const folder = path.dirname(target);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const part = `${target}.part`;
    try {
      await writeDurably(part, text);
      await rename(part, target);
      await syncFolder(folder);
      await syncFolder(this.#folder);
    } catch (thrown) {
      // What a full disk took of it would keep it full.
      for (const left of [part, target]) await rm(left, { force: true }).catch(() => undefined);
      throw thrown;
    }
  }
}

function isLarge(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes in UTF-8, so that short texts need no counting.
  return text.length * 3 > maxInlineBytes && Buffer.byteLength(text) > maxInlineBytes;
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
