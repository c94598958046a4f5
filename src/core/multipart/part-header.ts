/** The header of a part (RFC 7578, section 4). */
export interface PartHeader {
  readonly fieldName: string | undefined;
  /** `undefined` if the part has none: it is then usually a text field. */
  readonly fileName: string | undefined;
  /** Lower-case media type without parameters; `text/plain` if the part has none. */
  readonly declaredType: string;
}

/** `null` if a line is not a header field, or if the part does not belong to a form. */
export function parsePartHeader(bytes: Buffer): PartHeader | null {
  const fields = fieldsOf(textOf(bytes));
  if (fields === null) return null;
  const disposition = fields.get('content-disposition');
  if (disposition === undefined || !/^form-data\s*(?:;|$)/i.test(disposition)) return null;
  const parameters = parametersOf(disposition);
  const type = /^[^;\s]+/.exec(fields.get('content-type') ?? '')?.[0].toLowerCase();
  return {
    fieldName: parameters.get('name'),
    fileName: fileNameOf(parameters),
    declaredType: type ?? 'text/plain',
  };
}

/** Names are UTF-8 (WHATWG HTML); older senders wrote Latin-1. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

/** The first field of each name. A line that begins with a blank continues the line before. */
function fieldsOf(header: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  if (header === '') return fields;
  for (const line of header.replace(/\r\n[\t ]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (name === '' || /\s/.test(name) || /[\r\n]/.test(line)) return null;
    // No pattern with blanks at both ends: on a line of 16 kB of blanks, it would take a hundred million steps.
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

const parameter = /;\s*([^\s;="]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

function parametersOf(disposition: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of disposition.matchAll(parameter)) {
    // Old browsers write whole paths with single backslashes: only quotes and backslashes are escaped.
    const value = quoted === undefined ? plain.trim() : quoted.replace(/\\(["\\])/g, '$1');
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}

/** `filename*` overrides `filename`, in any order (RFC 6266, section 4.3). Of a path, only the last part counts. */
function fileNameOf(parameters: ReadonlyMap<string, string>): string | undefined {
  const name = decodedName(parameters.get('filename*')) ?? parameters.get('filename');
  return name?.replace(/^.*[\\/]/s, '');
}

/** RFC 8187: `UTF-8''na%C3%AFve.txt`. `null` if it is not such a value. */
function decodedName(extended: string | undefined): string | null {
  const [, charset = '', value = ''] = /^([\w-]+)'[^']*'(.*)$/.exec(extended ?? '') ?? [];
  if (charset === '') return null;
  const bytes = value.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return null;
  }
}
