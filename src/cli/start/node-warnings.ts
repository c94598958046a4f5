/** kafkajs 2.2.4 sets timers in the past to mean "immediately" (tulios/kafkajs#1751). */
const expected = new Set(['TimeoutNegativeWarning']);

/** Prints Node's warnings as Node does, except those that operators cannot act on. */
export function printUnexpectedWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (!expected.has(name)) process.stderr.write(`(node:${process.pid}) ${name}: ${message}\n`);
  });
}
