/** Throws, as a tool does whose own service is away. */
export async function fail(payload: { reason?: string }): Promise<never> {
  throw new Error(payload.reason ?? 'out of stock');
}

/** Computes for ever without giving the thread back. */
export async function block(): Promise<never> {
  for (;;);
}

/** Ends the thread that it runs in, and all runs in it. */
export async function exit(): Promise<never> {
  process.exit(1);
}

/** Writes log lines. */
export async function chatty(payload: { lines: number }): Promise<string> {
  for (let line = 1; line <= payload.lines; line++) console.log(`line ${line}`);
  console.error('this is the end');
  return 'said';
}

/** Ends the process that it runs in, as broken native code does. */
export async function kill(): Promise<never> {
  process.kill(process.pid, 'SIGSEGV');
  for (;;);
}

/** Uses up all memory that it gets. */
export async function exhaust(): Promise<never> {
  const everything: unknown[] = [];
  for (;;) everything.push(new Array(100_000).fill({}));
}
