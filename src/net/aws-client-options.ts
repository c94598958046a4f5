import * as http from 'node:http';
import * as https from 'node:https';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { checkTarget, guardedLookup } from './target-guard.ts';

/** What a connector's configuration says of the service of AWS that it uses. */
export interface AwsService {
  /** Absent: the region of the process. */
  readonly region: string | undefined;
  /** URL of a compatible server. Absent: AWS itself, at a host that no configuration names. */
  readonly endpoint: string | undefined;
  /** Absent: the credentials of the process. */
  readonly credentials:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
}

/** How long a request may take, in ms. */
export interface AwsTimeouts {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
}

/** One try, in ms; the product itself tries again. */
export const awsTimeouts: AwsTimeouts = { connectionTimeout: 5_000, requestTimeout: 15_000 };

/**
 * Options for a client of the AWS SDK. A server that the configuration names is connected to only at addresses that were
 * checked.
 *
 * @throws BlockedTarget where the endpoint is not allowed
 */
export function awsClientOptions(
  { region, endpoint, credentials }: AwsService,
  privateTargets: PrivateTargets,
  timeouts: AwsTimeouts = awsTimeouts,
) {
  const handler = { ...timeouts, throwOnRequestTimeout: true };
  const common = {
    maxAttempts: 1,
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  if (endpoint === undefined) return { ...common, requestHandler: handler };
  checkTarget(endpoint, privateTargets);
  return { ...common, endpoint, requestHandler: { ...handler, ...guardedAgents(privateTargets) } };
}

/** Of one client: they go with it. */
function guardedAgents(privateTargets: PrivateTargets) {
  const options = { keepAlive: true, maxSockets: 50 };
  return {
    httpAgent: new http.Agent({ ...options, lookup: guardedLookup({ privateTargets, isPlainHttp: true }) }),
    httpsAgent: new https.Agent({ ...options, lookup: guardedLookup({ privateTargets }) }),
  };
}
