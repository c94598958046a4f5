import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { isAwsError } from '../../store/aws-errors.ts';

/** Sends to the clients of a WebSocket API, and closes their connections. */
export interface GatewayConnections {
  /** @returns `false` if the client has disconnected */
  post(gatewayId: string, text: string): Promise<boolean>;
  /** Waits for a connection that is being opened. */
  postFirst(gatewayId: string, text: string): Promise<boolean>;
  close(gatewayId: string): Promise<void>;
}

/** API Gateway opens a connection only after the function has accepted it. */
const openingPausesMs = [50, 100, 200, 400, 800, 1_600];

/** @param endpoint of the API's stage */
export function gatewayConnections(endpoint: string): GatewayConnections {
  const client = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 3 });
  const post = (ConnectionId: string, text: string) =>
    unlessGone(() => client.send(new PostToConnectionCommand({ ConnectionId, Data: text })));
  return {
    post,
    async postFirst(gatewayId, text) {
      for (const pauseMs of openingPausesMs) {
        if (await post(gatewayId, text)) return true;
        await sleep(pauseMs);
      }
      return post(gatewayId, text);
    },
    async close(ConnectionId) {
      await unlessGone(() => client.send(new DeleteConnectionCommand({ ConnectionId })));
    },
  };
}

async function unlessGone(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (thrown) {
    if (isAwsError(thrown, 'GoneException')) return false;
    throw thrown;
  }
}
