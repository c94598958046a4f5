import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { outboundConfigOf } from './config.ts';
import { mailError } from './mail-error.ts';
import { smtpClient } from './smtp-client.ts';

/** Short enough for the waiting operator and the gateway. */
const patienceMs = 10_000;

/**
 * Logs in to the mail server like a connector with this configuration. It sends nothing.
 *
 * @throws ZodError where the configuration is not valid
 */
export async function probeServer(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const outbound = outboundConfigOf(config);
  const limit = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    const client = await smtpClient(outbound, context.secrets, context.allowPrivateTargets);
    await Promise.race([client.verify(), abortion(signal)]);
    const login =
      outbound.username === undefined ? 'without a login' : `and accepts the login of ${outbound.username}`;
    return { outcome: 'reached', detail: `The mail server answers with TLS ${login}.` };
  } catch (thrown) {
    const error = limit.aborted
      ? `The mail server did not respond within ${patienceMs / 1_000} seconds.`
      : mailError(thrown, Object.values(context.secrets));
    return { outcome: 'failed', error };
  }
}

function abortion(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
