import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * The durable floor, which shows the cost of durability on a machine: the bare server with one SQLite row per request,
 * written to disk before the answer. Concurrent requests share a commit, and everything runs in one thread. Sends its
 * port to its parent.
 */
const folder = mkdtempSync(join(tmpdir(), 'durable-floor-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit());

const database = new DatabaseSync(join(folder, 'floor.db'));
// The product's own settings, so that the comparison shows only its own work.
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4096;
  CREATE TABLE events (id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, payload TEXT NOT NULL);
`);
const insert = database.prepare('INSERT INTO events (received_at, payload) VALUES (?, ?)');
const runId = '0199f7a0-5b1c-7d2e-8f3a-4b5c6d7e8f90';

interface Waiting {
  readonly text: string;
  readonly answer: () => void;
}
let waiting: Waiting[] = [];

function commit(): void {
  const stored = waiting;
  waiting = [];
  database.exec('BEGIN IMMEDIATE');
  for (const { text } of stored) insert.run(Date.now(), text);
  database.exec('COMMIT');
  for (const { answer } of stored) answer();
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString();
    const payload: unknown = JSON.parse(text);
    const answer = () => {
      const body = JSON.stringify({ status: 'ok', dispatched_to: 1, run_ids: [runId] });
      response.writeHead(payload === undefined ? 400 : 200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    };
    if (waiting.length === 0) setImmediate(commit);
    waiting.push({ text, answer });
  });
});

server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
