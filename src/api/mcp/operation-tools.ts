import type { Tool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import type { Role } from '../../core/operators/role.ts';
import { mayCall } from '../operators/caller.ts';

/** A tool and the API call that it makes. */
export interface OperationTool {
  readonly tool: Tool;
  readonly method: string;
  /** Contains `{name}` for each path parameter. */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query' }[];
}

/** Calls that are not tools: streams, sign-in, and secrets, which no model should read. */
const leftOut: ReadonlySet<string> = new Set([
  'watchEvents',
  'showSecret',
  'rotateSecret',
  'listApiKeys',
  'createApiKey',
  'listNamedSecrets',
  'setNamedSecret',
  'deleteNamedSecret',
  'revokeApiKey',
  'showSession',
  'startSession',
  'endSession',
  'createSignInLink',
]);

const schema = z.custom<JsonObject>((value) => jsonObject.safeParse(value).success);
const body = z.looseObject({
  content: z.looseObject({
    'application/json': z.looseObject({
      schema: z.looseObject({
        properties: z.record(z.string(), schema).default({}),
        required: z.array(z.string()).default([]),
      }),
    }),
  }),
});
const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema,
      }),
    )
    .default([]),
  requestBody: body.optional(),
});
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

type Operation = z.infer<typeof operation>;

/**
 * The tools of the management API: one per call, generated from its OpenAPI description.
 *
 * @param document the OpenAPI description
 * @param role limits the tools to the calls that it may make
 */
export function operationTools(document: unknown, role: Role): OperationTool[] {
  const { paths } = description.parse(document);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .map(([method, described]) => ({ method: method.toUpperCase(), described }))
      .filter(({ method, described }) => mayCall(role, method, path) && !leftOut.has(described.operationId))
      .map(({ method, described }) => operationTool(method, path, described)),
  );
}

function operationTool(method: string, path: string, described: Operation): OperationTool {
  const { operationId, summary, parameters } = described;
  return {
    method,
    path,
    parameters: parameters.map(({ name, in: place }) => ({ name, in: place })),
    tool: {
      name: operationId.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      title: summary,
      description: [summary, described.description].filter((text) => text !== undefined).join('. '),
      inputSchema: inputSchemaOf(described),
      annotations: { readOnlyHint: method === 'GET', destructiveHint: method === 'DELETE' },
    },
  };
}

/** Puts parameters and body fields side by side: in no call do two share a name. */
function inputSchemaOf({ parameters, requestBody }: Operation): Tool['inputSchema'] {
  const fields = requestBody?.content['application/json'].schema;
  const ofParameters = parameters.map(({ name, schema: given, description: text }) => [
    name,
    text === undefined ? given : { ...given, description: text },
  ]);
  return {
    type: 'object',
    properties: { ...Object.fromEntries(ofParameters), ...fields?.properties },
    required: [
      ...parameters.filter(({ required }) => required).map(({ name }) => name),
      ...(fields?.required ?? []),
    ],
  };
}
