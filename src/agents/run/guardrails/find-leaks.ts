/** Words of a sequence that counts as repeated: shorter ones occur in any text. */
const sequenceLength = 5;
/** Sequences of a passage: so much of a prompt that is repeated is a leak, however long the prompt is. */
const passageLength = 50;

/**
 * How much of a system prompt a text repeats: the largest share of sequences of five words, over all passages of the
 * prompt, from 0 to 1. Case and punctuation make no difference. A prompt of fewer words cannot be recognized: 0.
 */
export function similarityTo(prompt: string, text: string): number {
  const sequences = sequencesOf(prompt);
  if (sequences.length === 0) return 0;
  const repeated = new Set(sequencesOf(text));
  const length = Math.min(passageLength, sequences.length);
  let inPassage = 0;
  let most = 0;
  for (const [index, sequence] of sequences.entries()) {
    if (repeated.has(sequence)) inPassage += 1;
    const left = sequences[index - length];
    if (left !== undefined && repeated.has(left)) inPassage -= 1;
    most = Math.max(most, inPassage);
  }
  return most / length;
}

/** Scripts without spaces between words: each of their characters is a word here. */
const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu;

function sequencesOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(word) ?? [];
  return words
    .slice(sequenceLength - 1)
    .map((_, index) => words.slice(index, index + sequenceLength).join(' '));
}

/** Whatever a browser, a chat client or a mail program may open as a link or load as an image. */
const links =
  /\b(?:https?|wss?|ftp):[\\/]{0,9}(?:\[[\da-f:.]{2,45}\]|[^\s<>"'`)\]}\\/])[^\s<>"'`)\]}]*|(?<=[("'=\]:]\s{0,9})[\\/]{2}[^\s<>"'`)\]}\\/][^\s<>"'`)\]}]*|\bwww\.[^\s<>"'`)\]}]+/giu;

/** Hosts that a text links to, each once, except allowed domains and their subdomains. */
export function foreignHosts(text: string, allowedDomains: readonly string[]): readonly string[] {
  const allowed = allowedDomains.flatMap((domain) => hostOf(`https://${domain}`) ?? []);
  const hosts = [...text.matchAll(links)].flatMap(([link]) => hostOf(link) ?? []);
  const isForeign = (host: string) =>
    !allowed.some((domain) => host === domain || host.endsWith(`.${domain}`));
  return [...new Set(hosts)].filter(isForeign);
}

/** The host as browsers read it: what is before an `@` is none, and letters of any script have one form. */
function hostOf(written: string): string | null {
  const link = written.replace(/[.,;:!?*_~]+$/, '');
  const isComplete = /^[a-z]+:/i.test(link);
  const absolute = isComplete
    ? link
    : `https:${link.startsWith('w') || link.startsWith('W') ? '//' : ''}${link}`;
  const host = URL.parse(absolute)?.hostname ?? '';
  return host === '' ? null : host;
}
