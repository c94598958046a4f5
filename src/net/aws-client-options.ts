import * as http from 'node:http';
import * as https from 'node:https';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { checkTarget, guardedLookup } from './target-guard.ts';

/** A connector's settings for an AWS service. */
export interface AwsService {
  /** Default: the region of the process. */
  readonly region: string | undefined;
  /** URL of a compatible server. Default: AWS itself, at a host that no configuration sets. */
  readonly endpoint: string | undefined;
  /** Default: the credentials of the process. */
  readonly credentials:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
}

/** Timeouts of a request, in ms. */
export interface AwsTimeouts {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
}

/** For one try, in ms; the product itself retries. */
export const awsTimeouts: AwsTimeouts = { connectionTimeout: 5_000, requestTimeout: 15_000 };

/**
 * Options for a client of the AWS SDK. The client connects to a configured server only at checked addresses.
 *
 * @throws BlockedTarget if the endpoint is not allowed
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

/** For one client, which closes them when it is destroyed. */
function guardedAgents(privateTargets: PrivateTargets) {
  const options = { keepAlive: true, maxSockets: 50 };
  return {
    httpAgent: new http.Agent({ ...options, lookup: guardedLookup({ privateTargets, isPlainHttp: true }) }),
    httpsAgent: new https.Agent({ ...options, lookup: guardedLookup({ privateTargets }) }),
  };
}
