import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { compiledCode } from '../connectors-command.ts';
import { openSession, type ShellSession } from './shell-session.ts';

const root = join(import.meta.dirname, '../..');

/** For one block, on a busy machine. */
const stepMs = 120_000;

/** Somebody who follows the pages in a folder of their own, as if it were the clone. */
export interface Reader {
  /** Runs commands as they are printed, but for the ports. */
  type(...commands: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a command under a name, and waits until it says that it is ready. What it writes to stdout and to stderr goes to
 * two files. The shell around it removes the file with its process id once it has ended: the id itself stays known until
 * somebody has asked for the exit code.
 */
const inBackground = `#!/bin/bash
name="$READER/$1" out=$2 err=$3; shift 3
: >"$name"; : >"$err"
( "$@" >>"$out" 2>>"$err" & echo $! >"$name"; wait $!; rm "$name" ) >/dev/null 2>&1 &
until grep -q 'Press Ctrl+C to stop' "$err"; do
  [ -f "$name" ] || { cat "$err" >&2; exit 1; }
  sleep 0.1
done
`;

/** `npm ci` has been done; `npm start` starts the system in place of the one before, and returns once it is ready. */
const npm = `#!/bin/bash
[ "$1" = ci ] && exit 0
[ "$1" = start ] || { echo "npm $*: not known here" >&2; exit 64; }
shift; [ "$1" = -- ] && shift
stop-system
in-background system "$READER/screen" "$READER/screen" "$NODE" "$ROOT/bin/connectors.ts" start "$@" && cat "$READER/screen"
`;

const stopSystem = `#!/bin/bash
for name in "$READER/system" "$READER/receiver"; do
  [ -f "$name" ] && kill "$(cat "$name")"
  while [ -f "$name" ]; do sleep 0.1; done
done
exit 0
`;

/** `npx connectors` without the time that npx takes. */
const npx = `#!/bin/bash
[ "$1" = connectors ] || { echo "npx $1: not known here" >&2; exit 64; }
shift
exec "$NODE" "$ROOT/bin/connectors.ts" "$@"
`;

/** Runs a receiver: what a page has typed in a terminal of its own. */
const background = `#!/bin/bash
in-background receiver "$READER/received" "$READER/receiver-notes" "$@"
`;

/** @param ports what stands for the ports of the pages: `4000` of the system, `5050` and `5051` of receivers */
export async function openReader(ports: Readonly<Record<string, number>>): Promise<Reader> {
  const home = await mkdtemp(join(tmpdir(), 'page-reader-'));
  const folder = join(home, 'agent-connectors');
  const tools = join(home, 'tools');
  await mkdir(tools);
  await cp(join(root, 'project'), join(folder, 'project'), { recursive: true });
  await writeFile(join(home, 'received'), '');
  await writeFile(join(folder, 'invoice.pdf'), '%PDF-1.4\n%%EOF\n');
  // A refused request fails as a command does.
  await writeFile(join(home, '.curlrc'), 'silent\nshow-error\nfail-with-body\n');
  await installed(tools, {
    npm,
    npx,
    background,
    'in-background': inBackground,
    'stop-system': stopSystem,
  });
  const env = {
    PATH: [tools, dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: home,
    ...compiledCode,
    READER: home,
    ROOT: root,
    NODE: process.execPath,
    PORT: String(ports['4000']),
  };
  const session = await openSession({ folder, env, stepMs });
  return readerOf(session, home, ports);
}

async function installed(folder: string, scripts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(scripts)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
}

function readerOf(session: ShellSession, home: string, ports: Readonly<Record<string, number>>): Reader {
  const withPorts = (command: string) =>
    Object.entries(ports).reduce((text, [port, ours]) => text.replaceAll(`:${port}`, `:${ours}`), command);
  return {
    type: (...commands) => session.run(...commands.map(withPorts)),
    async close() {
      await session.run('stop-system');
      await session.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
