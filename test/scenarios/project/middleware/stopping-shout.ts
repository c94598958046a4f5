import { StopProcessing } from 'agent-connectors/agent';

/** Answers itself if the message says so. */
export async function before(payload: { message: string }) {
  if (payload.message === 'stop') throw new StopProcessing({ stopped: true });
  if (payload.message === 'stop quietly') return new StopProcessing('quiet', { publish_outbound: false });
  return payload;
}
