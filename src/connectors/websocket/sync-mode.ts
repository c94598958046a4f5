import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { answerStream } from './answer-stream.ts';
import { syncConfig } from './config.ts';
import { instructions } from './instructions.ts';
import { meaningOf } from './meaning-of.ts';
import { open } from './open.ts';
import { receiveMessage } from './receive-message.ts';
import { sampleRequest } from './sample-request.ts';

/** Longest wait for the answer to a message: as long as a function on AWS can run. */
const longestAnswerMs = 900_000;

export const syncMode: ModeDescription<never> = {
  summary: 'A chat over one connection. Each message runs the agents, which know what was said before.',
  config: syncConfig,
  makeSecret: (entropy) => `wssec_${Buffer.from(entropy(32)).toString('hex')}`,
  ways: {
    socket: {
      suffix: '/ws',
      // A connector whose secret no client knows.
      decoy: () => syncConfig.parse({}),
      open,
      message: receiveMessage,
      deadlineMs: () => longestAnswerMs,
      stream: answerStream,
      meaningOf,
    },
  },
  withoutWay:
    'gets no events here: this deployment has no API for connections. Deploy with the setting websocket=true, or use a sync webhook.',
  instructions,
  sampleRequest,
  samples: [
    { title: 'For clients that know the secret', config: {} },
    { title: 'For a chat on a web page', config: { allowed_origins: ['https://app.example.com'] } },
    { title: 'Whole answers, for programs', config: { streaming: false } },
  ],
};
