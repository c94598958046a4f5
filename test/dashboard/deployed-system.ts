import * as z from 'zod';
import { messageOf } from '../../src/core/errors.ts';
import { operatorOf } from '../scenarios/operator.ts';
import { emptySystem, type ShownSystem } from './shown-system.ts';

/** What `test/aws/play-dashboard.ts` says of the deployment. */
const variables = z.object({
  DASHBOARD_URL: z.url(),
  SCENARIO_URL: z.url(),
  SCENARIO_TOKEN: z.string(),
  OPERATOR_NAME: z.string(),
  OPERATOR_PASSWORD: z.string(),
  AWS_ENDPOINT_URL: z.url(),
});

/** Whether the tests look at a deployment to AWS. */
export const isDeployed = process.env['DASHBOARD_URL'] !== undefined;

/** A deployment in the emulated account, with the example project. Cognito is what the emulator has of it. */
export function deployedSystem(): ShownSystem {
  const given = variables.parse(process.env);
  return {
    url: given.DASHBOARD_URL,
    baseUrl: given.SCENARIO_URL,
    token: given.SCENARIO_TOKEN,
    credentials: {
      fields: [
        ['Email address', given.OPERATOR_NAME],
        ['Password', given.OPERATOR_PASSWORD],
      ],
      refusal: 'Incorrect username or password.',
    },
    process: null,
    // A first call starts a function.
    patienceMs: 90_000,
    async prepare(context) {
      await context.route('https://cognito-idp.us-east-1.amazonaws.com/', async (route) => {
        // A page that is closed while it asks wants no answer any more.
        const response = await route.fetch({ url: given.AWS_ENDPOINT_URL }).catch(unlessClosed);
        if (response !== null) await route.fulfill({ response }).catch(unlessClosed);
      });
    },
    stop: () => emptySystem(operatorOf({ baseUrl: given.SCENARIO_URL, token: given.SCENARIO_TOKEN })),
  };
}

function unlessClosed(thrown: unknown): null {
  if (/disposed|closed/.test(messageOf(thrown))) return null;
  throw thrown;
}
