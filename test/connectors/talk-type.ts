import * as z from 'zod';
import { matchesSecret } from '../../src/core/connectors/connector-secrets.ts';
import type { ConnectorType } from '../../src/core/connectors/connector-type.ts';
import { unauthorized } from '../../src/core/connectors/received.ts';
import type { SocketWay } from '../../src/core/connectors/ways.ts';
import { Payload } from '../../src/core/json/json-value.ts';

const config = z.strictObject({
  idle_seconds: z.number().default(3_600),
  deadline_ms: z.number().default(60_000),
});

/**
 * A connector type that only tests register, as small as one can be: its secret is the query, or the first message. A
 * message is a JSON payload; `stop` ends the connection, `long 9` is answered with nine characters and `done`, and a
 * greeting needs no secret and goes into the history.
 */
const talk: SocketWay = {
  suffix: '/talk',
  decoy: () => config.parse({}),
  async open(request, context, connectionId) {
    const isKnown = matchesSecret(request.query, context.connector.secretHashes, context.now);
    if (request.query !== '' && !isKnown) return unauthorized;
    const { idle_seconds: idleSeconds } = config.parse(context.connector.config);
    return { outcome: 'opened', session: { isKnown, count: 0, connectionId }, send: ['opened'], idleSeconds };
  },
  async message(text, session, context) {
    if (text === 'greeting') {
      return {
        send: ['hello'],
        session,
        received: { outcome: 'answered', answer: null, reason: 'A greeting.' },
      };
    }
    if (session['isKnown'] !== true) {
      const isKnown = matchesSecret(text, context.connector.secretHashes, context.now);
      const close = { code: 1008, reason: 'unauthorized' };
      return isKnown
        ? { send: ['known'], session: { ...session, isKnown }, received: null }
        : { send: [], session, received: unauthorized, close };
    }
    if (text === 'stop') {
      const close = { code: 1000, reason: 'as asked' };
      return { send: ['stopping'], session, received: null, close };
    }
    if (text.startsWith('long ')) {
      return { send: ['x'.repeat(Number(text.slice('long '.length))), 'done'], session, received: null };
    }
    const refused = context.admit();
    if (refused !== null) return { send: [], session, received: refused };
    const counted = { ...session, count: Number(session['count']) + 1 };
    return {
      send: [],
      session: counted,
      received: {
        outcome: 'accepted',
        payload: Payload.of(z.json().parse(JSON.parse(text))),
        context: {},
        modelInput: null,
        warnings: [],
        repeat: null,
        natural: null,
      },
    };
  },
  deadlineMs: (connector) => config.parse(connector.config).deadline_ms,
  stream: (session, agents) => ({
    accepted: ({ runIds }) => [`stored ${session['count']} ${agents} ${runIds}`],
    refused: ({ reason }) => [`refused ${reason}`],
    text: (_runId, text) => `text ${text}`,
    ended: ({ outcome, runs }) => ({
      send: [`${outcome} ${runs.map(({ output, status }) => output ?? status)}`],
      session,
    }),
  }),
};

/** The same with another way in parts. */
export const talkTypeWith = (change: Partial<SocketWay>): ConnectorType => ({
  name: 'talk',
  title: 'Talk',
  summary: 'Talks to tests.',
  category: 'chat',
  icon: '<path d="M2 2h20" stroke="currentColor"/>',
  modes: {
    sync: {
      summary: 'Answers each message.',
      config,
      makeSecret: (entropy) => Buffer.from(entropy(32)).toString('hex'),
      ways: { socket: { ...talk, ...change } },
      samples: [],
    },
  },
});

export const talkType = talkTypeWith({});
