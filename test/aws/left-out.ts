/** Scenarios that need the process of the embedded engine, and what shows of AWS what they show of it. */
export interface LeftOut {
  readonly reason: string;
  /** Full names, one by one. */
  readonly scenarios: readonly string[];
  readonly shownBy: readonly ShowingTest[];
}

/** A test, by its file and its title. */
export interface ShowingTest {
  readonly file: string;
  readonly test: string;
}

const killedFunctions: ShowingTest = {
  file: 'test/aws/deployed/killed-functions.test.ts',
  test: 'everything that was accepted is executed and delivered, under one id each, and nothing else is',
};

export const leftOut: readonly LeftOut[] = [
  {
    reason:
      'They kill the process in the middle of a load, and read in a file on its disk what it has executed. Functions share ' +
      'no disk. They are killed in the middle of what they do as well, once: what was interrupted waits there until ' +
      'its lease runs out.',
    scenarios: [
      ...[
        'a process that is killed while triggers are accepted',
        'a process that is killed while triggers are accepted and runs are delivered',
        'a process that is killed while the last runs are executed and delivered',
      ].flatMap((killed) => [
        `${killed} has lost none of the runs that it had accepted`,
        `${killed} has made no run that nobody asked for: at most one for each request that was not answered`,
        `${killed} executes no run to completion twice`,
        `${killed} leaves runs as they were that had ended before`,
        `${killed} delivers every run, each under one webhook-id`,
      ]),
      'a process that is killed again and again under load completes and delivers everything that it has accepted, and ends nothing twice',
      'a process that is killed again and again under load answers each message of clients that connect again, and starts one run for it',
      'a tool that takes the run id as its idempotency key, as documented charges once, though the process is killed in between and the run is executed twice',
      'a tool that sends messages, as documented sends nothing twice that was recorded, though the process is killed in between',
    ],
    shownBy: [
      killedFunctions,
      {
        file: 'test/aws/deployed/accepted.test.ts',
        test: 'is executed once, although the answers to its claim and to its end were lost',
      },
      {
        file: 'test/scenarios/websocket.test.ts',
        test: 'that was cut off sends a message again over another connection, and gets the same run by its UUID',
      },
    ],
  },
  {
    reason:
      'A function executes one run at a time, so that a run that breaks it breaks no other. It is tried again when its ' +
      'lease has run out: three times of minutes.',
    scenarios: [
      'an agent that breaks what executes it, among 200 runs of others kill fails alone, and says why; the others are completed',
      'an agent that breaks what executes it, among 200 runs of others exhaust fails alone, and says why; the others are completed',
    ],
    shownBy: [
      killedFunctions,
      {
        file: 'test/scenarios/misbehaving-agents.test.ts',
        test: 'fails, and takes no other run with it',
      },
      {
        file: 'src/core/runs/execute-run.test.ts',
        test: 'a run that never ended is given up after its leases have run out three times, and its payload not read again',
      },
    ],
  },
  {
    reason:
      'Nobody asks a function to stop: Lambda lets it end what it does, and gives further calls to others. A caller waits ' +
      'for its answer until the deadline of its connector, whatever else happens.',
    scenarios: [
      'a process that is asked to stop answers whoever waits, ends by itself, and goes on with the rest when it starts again',
      'a process that is asked to stop answers a caller whose run takes longer than the drain with 202 and the place of its run',
      'a process that is asked to stop starts no run that waits in the queue while a caller still waits for its answer',
    ],
    shownBy: [
      {
        file: 'test/aws/streamed-answers.test.ts',
        test: 'ends its answer at once, and itself only when the run has ended',
      },
      { file: 'test/aws/streamed-answers.test.ts', test: 'stays for the run of a caller that hung up' },
    ],
  },
  {
    reason:
      'A run belongs to whoever holds its lease, however many functions there are and however long one stood still.',
    scenarios: [
      'a process that is stopped for longer than a lease continues where it was: nothing is executed twice, and no limit is passed',
      'a second process on the same data folder is refused with a sentence, and does not disturb the first',
    ],
    shownBy: [
      {
        file: 'src/engines/aws/runs/run-store.aws.test.ts',
        test: 'is given to one of many that ask at once',
      },
      {
        file: 'test/conformance/run-lease-suite.ts',
        test: 'a lease that has run out can be taken, and its first owner has lost the run',
      },
    ],
  },
  {
    reason: 'The data lies in a table and a bucket, which can be out of reach, and cannot be moved away.',
    scenarios: [
      'a data folder that is taken away from the running process where the whole folder is moved away, nothing is accepted, health says why, and it goes on once all is back',
      'a data folder that is taken away from the running process where another folder lies in its place, nothing is accepted, health says why, and it goes on once all is back',
      'a data folder that is taken away from the running process where the write-ahead log of the database is removed, nothing is accepted, health says why, and it goes on once all is back',
      'a data folder that is taken away from the running process the folder of large payloads counts as well, and is not created again',
    ],
    shownBy: [
      {
        file: 'test/aws/deployed/callers.test.ts',
        test: 'is told to come back, and its second try makes the only run (%s)',
      },
      {
        file: 'test/aws/deployed/callers.test.ts',
        test: 'is told to come back with a payload that is too large for a record (%s)',
      },
    ],
  },
  {
    reason: 'They look into the files of the process. A deployment writes into tables, objects and logs.',
    scenarios: [
      "secrets are in no log, no answer and, readable, in no file but the token's",
      'secrets lie in a folder that only its owner reads',
    ],
    shownBy: [
      {
        file: 'test/aws/deployed/secrets-stay-secret.test.ts',
        test: 'secrets are in no answer, log, setting or call to AWS, and readable in no record and no object',
      },
    ],
  },
  {
    reason:
      'Clients of revision 2026-07-28 cancel by disconnecting. Lambda tells no function that its caller has gone.',
    scenarios: ['a call that a client of the current revision cancels cancels its run'],
    shownBy: [
      {
        file: 'test/scenarios/agents-as-tools.test.ts',
        test: 'cancels its run',
      },
    ],
  },
  {
    reason:
      'It gives the process prices of its own, and kills it while calls of models are in progress. The counters of a ' +
      'deployment are shown to be exact where many take from one at once, and to count what nobody settles.',
    scenarios: [
      '64 runs at once spend no more than a dollar and one call, though the process is killed; raised, all complete',
    ],
    shownBy: [
      {
        file: 'test/conformance/budget-suite.ts',
        test: 'never pass the limit by more than one reservation, whatever happens at once',
      },
      {
        file: 'test/conformance/budget-suite.ts',
        test: 'count a reservation that nobody has settled in time as used',
      },
    ],
  },
  {
    reason:
      'Each of ten agents waits for the next one, so the first waits for ten functions, longer than its timeout allows. ' +
      'A chain is stored and signed by the same code.',
    scenarios: ['an agent that triggers another ends after ten runs in a row'],
    shownBy: [
      {
        file: 'src/engines/aws/runs/trigger-agent.aws.test.ts',
        test: 'an agent runs another, once however often its run is executed, and the run waits in the queue',
      },
    ],
  },
  {
    reason:
      'API Gateway takes bodies of 10 MB, and Lambda events of 6 MB: a million keys are more. A function reads one body at a ' +
      'time, so others go to other functions.',
    scenarios: ['while a million keys are read others are answered'],
    shownBy: [{ file: 'test/scenarios/large-bodies.test.ts', test: 'others are answered' }],
  },
];
