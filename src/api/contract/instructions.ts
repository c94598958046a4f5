/** Values for the placeholders in a type's instructions. */
export interface Fillings {
  /** `null` if unknown or hidden. */
  readonly url: string | null;
  readonly secret: string | null;
}

export interface FilledPart {
  readonly text: string;
  /** Whether the part is a placeholder without a value. */
  readonly isMissing: boolean;
}

const placeholder = /\{\{(url|secret)\}\}/;

/** Splits code of the instructions into parts and fills placeholders; a missing value reads `<url>` or `<secret>`. */
export function fillPlaceholders(code: string, fillings: Fillings): FilledPart[] {
  // `split` returns the captured names at odd indexes.
  return code
    .split(placeholder)
    .map((text, index) => (index % 2 === 0 ? { text, isMissing: false } : filled(text, fillings)))
    .filter(({ text }) => text !== '');
}

function filled(name: string, { url, secret }: Fillings): FilledPart {
  const value = name === 'url' ? url : secret;
  return value === null ? { text: `<${name}>`, isMissing: true } : { text: value, isMissing: false };
}

/** Whether the instructions use the connector's secret. */
export function asksForSecret(instructions: string): boolean {
  return instructions.includes('{{secret}}');
}

/** Whether a connector's URL is that of connections, and not of requests. */
export function isSocketUrl(url: string): boolean {
  return /^wss?:/.test(url);
}
