/** kafkajs 2.2.4 sets timers in the past where it means "at once" (tulios/kafkajs#1751). */
const expected = new Set(['TimeoutNegativeWarning']);

/** Prints Node's warnings as Node does, but for those that nobody who runs the system can do anything about. */
export function printUnexpectedWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (!expected.has(name)) process.stderr.write(`(node:${process.pid}) ${name}: ${message}\n`);
  });
}
