import { type ReceiveContext, type Received, unauthorized } from '../core/connectors/received.ts';

/** What a decoy's type is handed: it takes nobody in. */
export function decoyContext(context: ReceiveContext): ReceiveContext {
  return {
    ...context,
    admit: () => unauthorized,
    agents: () => [],
    findRun: async () => null,
    cancelRuns: async () => {},
  };
}

/** What becomes of what a decoy's type made of an event: it starts nothing, and writes no history under a stranger's id. */
export function decoyReceived(received: Received): Received {
  if (received.outcome === 'answered') return { ...received, reason: null };
  return received.outcome === 'accepted' ? unauthorized : received;
}
