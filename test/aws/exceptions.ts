/** What the emulator, or a service of AWS itself, does otherwise than the embedded engine. */
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
      'behind buffered ones there and answer whole.',
    scenarios: [],
    provedBy: 'test/aws/streamed-answers.test.ts',
  },
  {
    name: 'agents-share-their-thread',
    reason:
      'A function executes an agent in the thread that has to watch its timeout: an agent that never gives it back ' +
      'is tried again when its lease has run out, which takes minutes instead of seconds.',
    scenarios: [
      'an agent that never gives its thread back does not keep the product from accepting, answering and running others, and ends at its timeout',
    ],
    provedBy: 'src/engines/aws/reconcile.aws.test.ts',
  },
  {
    name: 'scheduled-time',
    reason:
      "The emulator's scheduler looks every ten seconds, misses the first tick of a new schedule, and leaves " +
      "<aws.scheduler.scheduled-time> as it stands in what a schedule sends. The test feeds the schedule's own input " +
      'with the time put in.',
    scenarios: ['a schedule fires at its minute, once for each linked agent'],
    provedBy: 'src/engines/aws/ways/schedule/schedules.aws.test.ts',
  },
  {
    name: 'partial-stream-batches',
    reason:
      'The emulator goes on in the stream of a table when a function has said which record failed, and does not hand it out ' +
      'again: what could not be planned waits there for the reconciler.',
    scenarios: [],
    provedBy: 'test/aws/bundled-handlers.aws.test.ts',
  },
  {
    name: 'bucket-tags',
    reason:
      "The emulator's CloudFormation leaves the tags of a bucket away; they are set before the stack is destroyed.",
    scenarios: [],
    provedBy: 'test/stack/settings.ts',
  },
  {
    name: 'cloudfront-origins',
    reason:
      'The CloudFront of the emulator refuses origins at names of AWS: the API stands behind it at the address of the ' +
      'emulator. It ends no TLS, so a small server of the tests stands before it and says that HTTPS was used, and the ' +
      'buckets take requests without it.',
    scenarios: [],
    provedBy: 'test/stack/dashboard.ts',
  },
  {
    name: 'socket-addresses',
    reason:
      'The emulator serves a WebSocket API below a path of its own address, without TLS: functions get that address for clients ' +
      'and for their own calls.',
    scenarios: [],
    provedBy: 'test/stack/sockets.ts',
  },
  {
    name: 'socket-refusals',
    reason: 'The emulator answers 403 to every handshake that the function refuses, whatever status it gave.',
    scenarios: [
      'a client of a WebSocket connector with a wrong secret in the handshake learns that by the status 401',
    ],
    provedBy: 'test/aws/sockets.aws.test.ts',
  },
  {
    name: 'metric-math',
    reason:
      "The emulator's CloudFormation refuses an alarm on an expression of several metrics: it watches one of them there.",
    scenarios: [],
    provedBy: 'test/stack/alarms.ts',
  },
  {
    name: 'cognito-checks',
    reason:
      'The user pools of the emulator take any new password and any code. The tests answer once in their place, as the API ' +
      'reference of Cognito says.',
    scenarios: [],
    provedBy: 'test/dashboard/deployed/sign-in.test.ts',
  },
  {
    name: 'second-factor-challenge',
    reason:
      'The user pools of the emulator let a user in who has to have a second factor and has none. The test gives the ' +
      "challenge MFA_SETUP once in their place, as the API reference of Cognito says; secret and code are the emulator's.",
    scenarios: [],
    provedBy: 'test/dashboard/deployed/second-factor.test.ts',
  },
];
