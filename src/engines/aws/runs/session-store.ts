import * as z from 'zod';
import type { JsonValue } from '../../../core/json/json-value.ts';
import type { SessionStore } from '../../../core/ports/session-store.ts';
import { sessionKey, sha256 } from '../store/keys.ts';
import { jsonText, objectPrefixes, type PayloadObjects, storedBody } from '../store/payload-objects.ts';
import type { Table } from '../store/table.ts';

const storedSession = storedBody.extend({ validUntil: z.number() });
const messageList = z.array(z.custom<JsonValue>());

/** Conversations, one record each. DynamoDB removes a record some time after it expires. */
export function sessionStore(table: Table, objects: PayloadObjects): SessionStore {
  return {
    async load(agentName, key, now) {
      const item = await table.get(sessionKey(agentName, key));
      if (item === null) return [];
      const session = storedSession.parse(item);
      const text = session.validUntil <= now ? null : await objects.read(session);
      return text === null ? [] : messageList.parse(jsonText.parse(text));
    },
    async save(agentName, key, messages, expiresAt) {
      const objectKey = `${objectPrefixes.sessions}${agentName}/${sha256(key)}`;
      const body = await objects.keep(objectKey, JSON.stringify(messages));
      const ends = { validUntil: expiresAt, expiresAt: Math.ceil(expiresAt / 1_000) };
      await table.put({ ...sessionKey(agentName, key), ...body, ...ends });
    },
  };
}
