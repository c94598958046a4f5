import { parseExactly } from '../../src/api/contract/exact-json.ts';
import { bytesText } from '../format/numbers.ts';

export interface PayloadFile {
  readonly name: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
}

export interface DescribedPayload {
  /** Indented, without file contents. */
  readonly formatted: string;
  readonly raw: string;
  readonly files: readonly PayloadFile[];
}

/** A readable payload. Text that contains JSON, such as an agent's output with a schema, is read as JSON. */
export function describePayload(value: unknown): DescribedPayload {
  const raw = typeof value === 'string' ? value : JSON.stringify(value);
  const meant = typeof value === 'string' ? parsed(value) : value;
  if (typeof meant === 'string') return { formatted: meant, raw, files: [] };
  return { formatted: JSON.stringify(meant, withoutBytes, 2), raw, files: filesOf(meant) };
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}

/** Replaces file contents with their size, for `JSON.stringify`. */
function withoutBytes(this: unknown, key: string, value: unknown): unknown {
  const file = key === 'data' ? fileOf(this) : null;
  return file === null ? value : `(${bytesText(file.size)}, see Raw)`;
}

function filesOf(payload: unknown): PayloadFile[] {
  if (typeof payload !== 'object' || payload === null || !('files' in payload)) return [];
  if (!Array.isArray(payload.files)) return [];
  return payload.files.map(fileOf).filter((file) => file !== null);
}

/** A file in the form that webhooks put into payloads (`{name, mime_type, size, data}`); `null` for other values. */
function fileOf(value: unknown): PayloadFile | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!('name' in value && 'mime_type' in value && 'size' in value && 'data' in value)) return null;
  const { name, mime_type: mimeType, size } = value;
  if (typeof name !== 'string' || typeof mimeType !== 'string' || typeof size !== 'number') return null;
  return { name, mimeType, size };
}
