/** What stands for the URL and the secret in a type's instructions. */
export interface Fillings {
  /** `null` while it is not known or not to be shown. */
  readonly url: string | null;
  readonly secret: string | null;
}

export interface FilledPart {
  readonly text: string;
  /** A placeholder with nothing to show in its place. */
  readonly isMissing: boolean;
}

const placeholder = /\{\{(url|secret)\}\}/;

/** A code of the instructions in parts, with what stands for its placeholders; a missing one reads `<secret>`. */
export function fillPlaceholders(code: string, fillings: Fillings): FilledPart[] {
  // What is captured stands at the odd places.
  return code
    .split(placeholder)
    .map((text, index) => (index % 2 === 0 ? { text, isMissing: false } : filled(text, fillings)))
    .filter(({ text }) => text !== '');
}

function filled(name: string, { url, secret }: Fillings): FilledPart {
  const value = name === 'url' ? url : secret;
  return value === null ? { text: `<${name}>`, isMissing: true } : { text: value, isMissing: false };
}

/** Whether instructions speak of the connector's secret. */
export function asksForSecret(instructions: string): boolean {
  return instructions.includes('{{secret}}');
}
