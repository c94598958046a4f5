import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import * as z from 'zod';
import {
  sampleConnector,
  sampleNow,
  samplePrepareContext,
  sampleReceiveContext,
  sampleRun,
} from '../../test/connectors/sample-records.ts';
import { categories } from '../core/connectors/categories.ts';
import { type Mode, modes } from '../core/connectors/connector.ts';
import { allSecrets, type ConnectorSecrets } from '../core/connectors/connector-secrets.ts';
import type { AnyConnectorType } from '../core/connectors/connector-type.ts';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import type { ReceiveContext, Received } from '../core/connectors/received.ts';
import { type SocketWay, type Way, ways } from '../core/connectors/ways.ts';
import { describeMessage, keptMessage } from '../core/deliveries/prepare-message.ts';
import { type JsonObject, jsonObject } from '../core/json/json-value.ts';
import { deployedTypes } from '../engines/aws/on-aws.ts';
import { loadConnectorTypes } from './index.ts';
import { type ConnectionSample, sampleConnectionId, type TypeSamples } from './type-samples.ts';

const connectorTypes = await loadConnectorTypes();

const samplesByType = new Map<string, TypeSamples<unknown, unknown>>();
for (const name of connectorTypes.keys()) {
  const loaded: { samples: TypeSamples<unknown, unknown> } = await import(`./${name}/samples.ts`);
  samplesByType.set(name, loaded.samples);
}

const otherSecrets: ConnectorSecrets = {
  current: 'another',
  previous: null,
  config: { signing_secret: 'other' },
};

const everywhere = [...connectorTypes.values()].map((type) => ({ type, where: 'connector type' }));
const onAws = [...deployedTypes(connectorTypes, () => ways).values()].map((type) => ({
  type,
  where: 'on AWS, connector type',
}));

describe.each([...everywhere, ...onAws])('$where $type.name', ({ type }) => {
  const samples = samplesByType.get(type.name);
  const described = modes.filter((mode) => type.modes[mode] !== undefined);

  test('is presented with a title, a summary and an icon', () => {
    expect(type.title).toMatch(/^[A-Z]/);
    expect(type.summary).toMatch(/^[A-Z].*\.$/);
    expect(isSvgMarkup(type.icon)).toBe(true);
    expect(categories).toContain(type.category);
  });

  test('has the functions that its modes need, and no others', () => {
    expect(described.length).toBeGreaterThan(0);
    const receives = described.includes('inbound') || described.includes('sync');
    const delivers = described.includes('outbound');
    expect(waysOf(type).some((way) => !hasOwnReceive(way))).toBe(type.receive !== undefined);
    expect(waysOf(type).length > 0).toBe(receives);
    expect(type.prepare !== undefined).toBe(delivers);
    expect(type.send !== undefined).toBe(delivers);
  });

  describe.each(described)('mode %s', (mode) => {
    test('renders as a form: every field of its configuration has a title and a description', () => {
      const schema = z.toJSONSchema(configOf(type, mode), { io: 'input' });
      expect(fieldsWithoutText(jsonObject.parse(schema))).toEqual([]);
    });

    test('has fields that depend on values that others can have', () => {
      const schema = z.toJSONSchema(configOf(type, mode), { io: 'input' });
      const conditions = Object.values(schema.properties ?? {}).flatMap((field) =>
        Object.entries(Object(field).when ?? {}),
      );
      for (const [path, values] of conditions) {
        expect(valuesAt(schema, path)).toEqual(expect.arrayContaining(Object(values)));
      }
    });

    test('takes its samples, and what it makes of them is valid again', () => {
      for (const sample of type.modes[mode]?.samples ?? []) {
        const parsed = configOf(type, mode).parse(sample.config);
        expect(configOf(type, mode).parse(parsed)).toEqual(parsed);
      }
    });

    test('refuses a field that it does not know, by name', () => {
      const parsed = configOf(type, mode).safeParse({ colour: 'red' });
      expect(parsed.error?.issues.map(({ message }) => message).join()).toMatch(/colour/);
    });

    test('says what to set up at the other side in Markdown whose placeholders stand in code', () => {
      const { instructions, makeSecret, ways: had } = type.modes[mode] ?? {};
      if (instructions === undefined) return;
      expect(instructions).not.toMatch(/<\/?[a-z]+[^>]*>.*<\/|^#/m);
      const code = instructions.match(/```[\s\S]*?```|`[^`\n]+`/g) ?? [];
      const named = (text: string) => text.match(/\{\{[^}]*\}\}/g) ?? [];
      expect(named(instructions)).toEqual(code.flatMap(named));
      const hasUrl = had?.request !== undefined || had?.socket !== undefined;
      const known = [...(hasUrl ? ['{{url}}'] : []), ...(makeSecret === undefined ? [] : ['{{secret}}'])];
      expect(known).toEqual(expect.arrayContaining(named(instructions)));
    });

    test('makes secrets that cannot be guessed', () => {
      const { makeSecret } = type.modes[mode] ?? {};
      if (makeSecret === undefined) return;
      const made = Array.from({ length: 20 }, () => makeSecret(randomBytes));
      expect(new Set(made).size).toBe(made.length);
      for (const secret of made) expect(secret.length).toBeGreaterThanOrEqual(43);
    });
  });

  const { connection } = type;

  if (connection !== undefined) {
    describe('its connections', () => {
      const schemaOf = (schema: z.ZodType) =>
        jsonObject.parse(z.toJSONSchema(schema, { io: 'input' })['properties']);
      const fields = schemaOf(connection.config);

      test('are presented with a title and a summary, and render as a form', () => {
        expect(connection.title).toMatch(/^[A-Z]/);
        expect(connection.summary).toMatch(/^[A-Z].*\.$/);
        expect(
          fieldsWithoutText(jsonObject.parse(z.toJSONSchema(connection.config, { io: 'input' }))),
        ).toEqual([]);
      });

      test('take their samples, and what they make of them is valid again', () => {
        expect(connection.samples.length).toBeGreaterThan(0);
        for (const sample of connection.samples) {
          const parsed = connection.config.parse(sample.config);
          expect(connection.config.parse(parsed)).toEqual(parsed);
        }
      });

      test('have fields of the modes, with the same defaults and secrets', () => {
        const found = new Set<string>();
        for (const mode of described) {
          const ofMode = schemaOf(configOf(type, mode));
          for (const [name, field] of Object.entries(fields)) {
            if (ofMode[name] === undefined) continue;
            found.add(name);
            const { default: usual, secret, type: kind } = Object(field);
            expect(ofMode[name]).toMatchObject(
              JSON.parse(JSON.stringify({ default: usual, secret, type: kind })),
            );
            expect(Object(ofMode[name]).default).toEqual(usual);
          }
        }
        expect([...found].sort()).toEqual(Object.keys(fields).sort());
      });
    });
  }

  const receiving = described.filter((mode) => mode !== 'outbound');

  test('gets events in one of the known ways, and in none where it delivers', () => {
    for (const mode of described) {
      const described = Object.keys(type.modes[mode]?.ways ?? {});
      expect(ways).toEqual(expect.arrayContaining(described));
      expect(described.length > 0).toBe(mode !== 'outbound');
    }
  });

  test.each(receiving)('has a decoy for callers of no %s connector, valid as any configuration', (mode) => {
    const { request, socket } = type.modes[mode]?.ways ?? {};
    for (const way of [request, socket]) {
      if (way === undefined) continue;
      expect(configOf(type, mode).safeParse(way.decoy()).success).toBe(true);
      expect(way.suffix).toMatch(/^(\/[a-z-]+)?$/);
    }
  });

  const requests = (samples?.requests ?? []).map((sample) => ({ ...sample, by: 'request' }));
  const events = (samples?.events ?? []).map((sample) => ({ ...sample, by: 'event' }));
  const connections = (samples?.connections ?? []).map((sample) => ({ ...sample, by: 'connection' }));

  describe.each([...requests, ...events, ...connections])('the $by with $title', (sample) => {
    const received = async (secrets: ConnectorSecrets, now = sampleNow) => {
      const connector = sampleConnector(type.name, sample.mode, sample.config, secrets);
      const context = sampleReceiveContext(connector, secrets, now);
      if ('handshake' in sample) return converse(type.modes[sample.mode]?.ways.socket, sample, context);
      const sent = sample.event(sampleNow);
      return sample.by === 'request'
        ? type.modes[sample.mode]?.ways.request?.receive(sent as HttpRequest, context)
        : type.receive?.(sent, context);
    };

    test('is taken', async () => {
      expect(await received(sample.secrets)).toMatchObject({
        outcome: 'accepted',
        payload: { value: sample.payload },
      });
    });

    test('has an identity of its own, where it is polled: a poll that is made again starts nothing twice', async () => {
      if (sample.by !== 'event' || type.modes[sample.mode]?.ways.poll === undefined) return;
      const [once, again] = [await received(sample.secrets), await received(sample.secrets, sampleNow + 1)];
      expect(once).toMatchObject({ natural: { key: expect.any(String) } });
      expect(again).toMatchObject({ natural: Object(once).natural });
    });

    test('is taken during a rotation by the secret before', async () => {
      const { current, config } = sample.secrets;
      const previous = { secret: current ?? '', expiresAt: sampleNow + 1 };
      expect(await received({ current: 'new', previous, config })).toMatchObject({ outcome: 'accepted' });
    });

    test('is refused where the secrets are others', async () => {
      const outcome = sample.authenticated
        ? { outcome: 'refused', reason: 'unauthorized', explanation: expect.stringMatching(/^The .*\.$/) }
        : { outcome: 'accepted' };
      expect(await received(otherSecrets)).toMatchObject(outcome);
    });
  });

  const neverThrows = async <Event>(
    mode: Mode,
    any: Arbitrary<Event> | undefined,
    receive: (event: Event, context: ReceiveContext) => Promise<Received> | undefined,
  ) => {
    if (any === undefined) throw new Error('a type that receives brings arbitrary events');
    const open = [...requests, ...events, ...connections].find(({ authenticated }) => !authenticated);
    const connector = sampleConnector(type.name, mode, open?.config ?? {});
    await fc.assert(
      fc.asyncProperty(any, async (event) => {
        const received = await receive(event, sampleReceiveContext(connector));
        expect(['accepted', 'answered', 'refused']).toContain(received?.outcome);
        if (received?.outcome === 'refused') expect(received.detail).toMatch(/^[A-Z].*\.$/s);
      }),
      { numRuns: 300 },
    );
  };

  test.each(receiving)('never throws for a request in mode %s, whatever it is', async (mode) => {
    const way = type.modes[mode]?.ways.request;
    if (way !== undefined) {
      await neverThrows(mode, samples?.anyRequest, (request, context) => way.receive(request, context));
    }
  });

  test.each(receiving)('never throws for an event in mode %s, whatever it is', async (mode) => {
    if (type.receive !== undefined) {
      await neverThrows(mode, samples?.anyEvent, (event, context) => type.receive?.(event, context));
    }
  });

  test.each(receiving)('never throws for a message in mode %s, whatever it is', async (mode) => {
    const way = type.modes[mode]?.ways.socket;
    const [sample] = samples?.connections ?? [];
    if (way === undefined || sample === undefined) return;
    await neverThrows(mode, samples?.anyMessage, (text, context) =>
      converse(way, { ...sample, messages: [...sample.messages.slice(0, -1), text] }, context),
    );
  });

  const outboundSamples = type.modes.outbound?.samples ?? [];

  if (outboundSamples.length === 0) return;

  describe.each(outboundSamples)('delivering: $title', ({ config }) => {
    const entropy = (count: number) => new Uint8Array(count).fill(7);
    const secrets: ConnectorSecrets = {
      current: type.modes.outbound?.makeSecret?.(entropy) ?? null,
      previous: null,
      config: secretFieldsOf(type, 'outbound'),
    };
    const parsed = () => type.modes.outbound?.config.parse(config) ?? {};
    const prepare = () =>
      type.prepare?.(
        sampleRun,
        samplePrepareContext(sampleConnector(type.name, 'outbound', parsed(), secrets), secrets),
      );

    test('gives the same message for the same arguments', () => {
      expect(prepare()).toEqual(prepare());
    });

    test('is kept and shown, without secrets', () => {
      const described = describeMessage(type, prepare());
      const known = allSecrets(secrets);
      const kept = JSON.stringify(described && keptMessage(described, known));
      expect(kept).toContain('"target":"');
      for (const secret of known) expect(kept).not.toContain(secret);
    });

    test('puts no secret where others see it', () => {
      const message = prepare();
      if (secrets.current !== null) expect(JSON.stringify(message)).not.toContain(secrets.current);
      for (const secret of Object.values(secrets.config)) {
        expect(samples?.visible?.(message) ?? '').not.toContain(secret);
      }
    });
  });
});

/** What a type makes of the last message of a connection, or of its handshake if that is refused. */
async function converse(
  way: SocketWay | undefined,
  { handshake, messages }: Pick<ConnectionSample, 'handshake' | 'messages'>,
  context: ReceiveContext,
): Promise<Received> {
  if (way === undefined) throw new Error('a type with connections has the way "socket"');
  const opened = await way.open(handshake, context, sampleConnectionId);
  if (opened.outcome === 'refused') return opened;
  let received: Received = { outcome: 'answered', answer: null, reason: null };
  let { session } = opened;
  for (const text of messages) {
    const message = await way.message(text, session, context);
    session = message.session;
    received = message.received ?? received;
  }
  return received;
}

function configOf(type: AnyConnectorType, mode: Mode): z.ZodType<JsonObject, unknown> {
  const description = type.modes[mode];
  if (description === undefined) throw new Error(`${type.name} has no mode ${mode}`);
  return description.config;
}

/** A recognisable value for every field that belongs in the secret store. */
function secretFieldsOf(type: AnyConnectorType, mode: Mode): Record<string, string> {
  const schema = jsonObject.parse(z.toJSONSchema(configOf(type, mode), { io: 'input' }));
  const fields = jsonObject.parse(schema['properties'] ?? {});
  const secret = Object.entries(fields).filter(([, field]) => jsonObject.parse(field)['secret'] === true);
  return Object.fromEntries(secret.map(([name]) => [name, `confidential-${name}`]));
}

/** Paths of properties, at any depth, that lack the text a form needs. */
function fieldsWithoutText(schema: JsonObject, path = ''): string[] {
  const missing: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== 'object' || value === null || key === 'default') continue;
    const children = Array.isArray(value) ? value : [value];
    for (const child of children.map((item) => jsonObject.safeParse(item).data)) {
      if (child === undefined) continue;
      missing.push(
        ...(key === 'properties' ? withoutText(child, path) : []),
        ...fieldsWithoutText(child, path),
      );
    }
  }
  return missing;
}

function withoutText(properties: JsonObject, path: string): string[] {
  return Object.entries(properties)
    .filter(([, field]) => {
      const { title, description } = jsonObject.parse(field);
      return typeof title !== 'string' || typeof description !== 'string';
    })
    .map(([name]) => `${path}.${name}`);
}

/** The values that a schema lists for the field at a dot path: enum values or variant tags. */
function valuesAt(schema: unknown, path: string): unknown[] {
  const [name = '', ...inner] = path.split('.');
  const field = Object(Object(schema).properties)[name];
  if (inner.length === 0) return Object(field).enum ?? [Object(field).const];
  const parts = [field, ...(Object(field).oneOf ?? Object(field).anyOf ?? [])];
  return parts.flatMap((part) => valuesAt(part, inner.join('.')));
}

function isSvgMarkup(icon: string): boolean {
  const open: string[] = [];
  let rest = icon;
  for (const [tag, closing, name = '', selfClosing] of icon.matchAll(
    /<(\/?)(g|path|circle|rect|line|polyline|polygon|ellipse)(?:\s[a-z-]+="[^"<>]*")*\s*(\/?)>/g,
  )) {
    rest = rest.replace(tag, '');
    if (closing === '/') {
      if (open.pop() !== name) return false;
    } else if (selfClosing !== '/') open.push(name);
  }
  return open.length === 0 && rest.trim() === '' && icon.includes('currentColor') && !/href|url\(/.test(icon);
}

/** The ways that any of a type's modes uses. */
function waysOf(type: AnyConnectorType): Way[] {
  const used = modes.map((mode) => type.modes[mode]?.ways ?? {});
  return ways.filter((way) => used.some((one) => one[way] !== undefined));
}

/** These ways receive with their own functions. */
function hasOwnReceive(way: Way): boolean {
  return way === 'request' || way === 'socket';
}
