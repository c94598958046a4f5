import { verifyApiKey } from '../../core/operators/api-keys.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { type Authenticate, bearerToken } from './caller.ts';

/** Authenticates programs by their API keys; the audit log shows the key's name. */
export function apiKeyCaller(engine: Engine): Authenticate {
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === null) return null;
    const verified = await verifyApiKey(engine, token);
    if (verified.outcome === 'unknown') return null;
    if (verified.outcome === 'ended') return { formerly: verified.detail };
    const { name, role } = verified.apiKey;
    return { name, role };
  };
}
