import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** One file of the built dashboard, as it is sent. */
export interface DashboardFile {
  readonly contentType: string;
  /** Its name contains a digest of its content, so it never changes. */
  readonly isImmutable: boolean;
  /** Bytes by content coding; `identity` is always present. */
  readonly bodies: Readonly<Partial<Record<ContentCoding, Buffer>>> & { readonly identity: Buffer };
}

export type ContentCoding = 'br' | 'gzip' | 'identity';

/** The dashboard's files by their path below the server's root; empty if it was not built. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The build's folder for files whose names contain a digest. */
const immutableFolder = '/assets/';

/**
 * Reads the output of `npm run dashboard`, with the compressed forms of each file. Files of unknown kinds, such as the
 * build's own manifest, are not served.
 *
 * @param folder of the build
 */
export async function readDashboardFiles(folder: string): Promise<DashboardFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const known = new Set(paths);
  const served = paths.filter((path) => extname(path) in contentTypes);
  return new Map(
    await Promise.all(
      served.map(
        async (path) => [urlPathOf(folder, path), await readDashboardFile(folder, path, known)] as const,
      ),
    ),
  );
}

async function readDashboardFile(
  folder: string,
  path: string,
  known: ReadonlySet<string>,
): Promise<DashboardFile> {
  const [identity, br, gzip] = await Promise.all([
    readFile(path),
    known.has(`${path}.br`) ? readFile(`${path}.br`) : undefined,
    known.has(`${path}.gz`) ? readFile(`${path}.gz`) : undefined,
  ]);
  return {
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    isImmutable: urlPathOf(folder, path).startsWith(immutableFolder),
    bodies: { identity, ...(br && { br }), ...(gzip && { gzip }) },
  };
}

function urlPathOf(folder: string, path: string): string {
  return `/${relative(folder, path).split(sep).join('/')}`;
}
