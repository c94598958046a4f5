import { scenarioModelKey } from './model-key.ts';
import type { Answer } from './operator.ts';
import { sendJson, sendRaw } from './sender.ts';
import type { Target } from './target.ts';
import * as wire from './wire.ts';

const signingSecret = 'signing-secret-8d20fa61c7';
const connectionSecret = 'connection-secret-51c0e9d2b4';
/** Stands in the URL of a receiver, which operators see, and the rest of the world does not. */
export const urlSecret = 'receiver-token-77ab90cd1e';

/** What was secret while a system was used in every way that needs a secret, and what its API answered afterwards. */
export interface UsedSecrets {
  /** By what they are. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The texts of answers, by their paths. */
  readonly answers: Readonly<Record<string, string>>;
}

/** Uses every kind of secret, rightly and wrongly: of connectors, of a signature, of a model, of an operator. */
export async function useSecrets(target: Target): Promise<UsedSecrets> {
  const { operator } = target;
  const receiver = await target.startReceiver();
  receiver.answer(() => ({ status: 500, body: 'no' }));
  const inbound = await operator.createConnector({
    mode: 'inbound',
    agents: ['shout'],
    config: { signing_secret: signingSecret },
  });
  const outbound = await operator.createConnector({
    mode: 'outbound',
    agents: ['shout'],
    config: { url: `${receiver.url}?key=${urlSecret}`, headers: { 'x-token': urlSecret } },
  });
  const connectionDraft = {
    name: `used ${crypto.randomUUID()}`,
    type: 'slack',
    config: { signing_secret: connectionSecret },
  };
  await operator.call('POST', '/connections', connectionDraft);
  const rotated = await operator.rotate(inbound.id, 3_600);
  const [runId = ''] = wire.inboundAnswer.parse((await sendJson(inbound, { message: 'a' })).json).run_ids;
  await sendRaw(inbound, { query: `?secret=${inbound.secret}`, body: '{"message":"b"}' });
  await sendRaw(inbound, { headers: { authorization: `Bearer ${rotated}` }, body: '{"message":"c"}' });
  await sendRaw(inbound, { query: `?secret=${inbound.secret}x`, method: 'GET' });
  const delivery = await operator.deliveryOf(runId, ({ attempts }) => attempts.length > 0);
  await receiver.goDown();
  const second = await operator.startRun('shout', { message: 'd' });
  await operator.deliveryOf(second, ({ attempts }) => attempts.length > 0);
  const asked = await operator.ended(await operator.startRun('question-answerer', { message: 'e' }));

  const paths = [
    '/connectors',
    `/connectors/${inbound.id}`,
    `/connectors/${outbound.id}`,
    '/runs',
    `/runs/${runId}`,
    `/runs/${asked.run_id}`,
    `/deliveries/${delivery.delivery_id}`,
    '/connections',
    '/audit-log',
    '/agents',
  ];
  const answers: Answer[] = await Promise.all(paths.map((path) => operator.call('GET', path)));
  const [request] = receiver.requests;
  return {
    secrets: {
      'the secret of an inbound connector': inbound.secret,
      'a rotated secret': rotated,
      'the secret of an outbound connector': outbound.secret,
      'a signing secret': signingSecret,
      'a secret of a connection': connectionSecret,
      "the operator's token": target.token,
      "a provider's key": scenarioModelKey,
      'a signature': request?.headers['x-connic-signature'] ?? '',
      'a Standard Webhooks signature': request?.headers['webhook-signature']?.slice(3) ?? '',
    },
    answers: Object.fromEntries(paths.map((path, index) => [path, answers[index]?.text ?? ''])),
  };
}

/**
 * Where each secret can be read.
 *
 * @param places what lies where, by the name of the place
 * @returns sentences; none where all secrets stay secret
 * @throws where a secret is so short that it might be found by chance
 */
export function leaksOf(
  secrets: UsedSecrets['secrets'],
  places: Readonly<Record<string, Buffer | string>>,
): string[] {
  return Object.entries(secrets).flatMap(([what, secret]) => {
    if (secret.length <= 16) throw new Error(`${what} is too short to be looked for.`);
    const found = Object.entries(places).filter(([, content]) => content.includes(secret));
    return found.map(([place]) => `${what} is in ${place}.`);
  });
}
