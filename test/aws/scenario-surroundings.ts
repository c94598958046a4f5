import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { serveLocally } from '../local-server.ts';
import { scenarioModelKey } from '../scenarios/model-key.ts';
import { killFunctions } from './kill-functions.ts';
import type { Ministack } from './ministack.ts';
import { reservedPort } from './reserved-port.ts';

/** What scenarios need around a deployed system: a model that agents reach, and somebody who kills its functions. */
export interface ScenarioSurroundings {
  /** The setting `providerKeysSecretArn`. */
  readonly providerKeysSecretArn: string;
  /** What the scenarios find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes it out of the account again. */
  remove(): Promise<void>;
}

/** Makes them, before the system is deployed. */
export async function scenarioSurroundings({ endpoint, pid }: Ministack): Promise<ScenarioSurroundings> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const secrets = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  const port = String(await reservedPort());
  const SecretString = JSON.stringify({
    GEMINI_API_KEY: scenarioModelKey,
    GEMINI_BASE_URL: `http://127.0.0.1:${port}/v1beta`,
  });
  const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: 'provider-keys', SecretString }));
  const killer = await serveLocally(async (_request, response) => {
    await killFunctions(pid);
    response.end();
  });
  return {
    providerKeysSecretArn: ARN,
    environment: { SCENARIO_MODEL_PORT: port, SCENARIO_CRASH_URL: killer.url },
    async remove() {
      await killer.stop();
      await secrets.send(new DeleteSecretCommand({ SecretId: ARN, ForceDeleteWithoutRecovery: true }));
    },
  };
}
