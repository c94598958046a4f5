/** What the emulator, or API Gateway itself, does otherwise than the embedded engine. */
export interface EmulatorException {
  readonly name: string;
  readonly reason: string;
  /** Full names of the scenarios that need it: skipped there, and nowhere else. */
  readonly scenarios: readonly string[];
  /** The test that proves in its place what can be proved. */
  readonly provedBy: string;
}

export const emulatorExceptions: readonly EmulatorException[] = [
  {
    name: 'response-streaming',
    reason:
      'The API Gateway of the emulator finds no function behind a streamed integration. The same functions stand ' +
      'behind buffered ones there and answer whole, so a stream without an end cannot be watched.',
    scenarios: ['the events of the product tell of every change of a run and a delivery'],
    provedBy: 'test/aws/streamed-answers.test.ts',
  },
  {
    name: 'text-bodies',
    reason:
      'API Gateway hands text bodies over as text: bytes that are no UTF-8 have become U+FFFD before any of our code ' +
      'runs (docs/deploying.md, "Limits").',
    scenarios: ['a webhook refuses with one clear sentence 400 JSON that is no UTF-8'],
    provedBy: 'src/engines/aws/entry/http-event.test.ts',
  },
];
