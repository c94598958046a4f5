/** The origin of a name: a program's field named `key` is rarely a secret, a variable or a header usually is. */
export type NameOf = 'field' | 'variable';

/** A name that contains one of these names a secret, in any spelling: `PGPASSWORD`, `clientSecret`, `x-api-key`. */
const anywhere =
  /password|passwd|passphrase|passcode|secret(?!ar)|credential|authorization|cookie|apikey|privatekey|accesskey|signingkey|encryptionkey/;

/** Words that name a secret on their own: a `token`, but not a number of `tokens`. */
const wordsOfFields = ['token', 'jwt', 'signature', 'bearer', 'pwd'];
const wordsOfVariables = [...wordsOfFields, 'key', 'auth', 'pass', 'pat', 'dsn'];

/** The same at the end of words that run together, as in `NPMTOKEN`. */
const runTogether = /token$/;

/** Last words that describe a secret: `token_usage`, `secret_arn`, `PASSWORD_FILE`, `SSH_AUTH_SOCK`. */
const describing = new Set(
  `algorithm arn at count enabled endpoint expires expiration expiry field fields file format header hint in length limit
  max min name names path policy prefix provider required sock status ttl type url usage version`.split(
    /\s+/,
  ),
);

const words = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|\p{L}+/gu;

/** Names judged before: fields and headers have few names, which recur. */
const known: Readonly<Record<NameOf, Map<string, boolean>>> = { field: new Map(), variable: new Map() };
const mostKnown = 2_000;

/** Of a longer name, only the end counts. */
const longestName = 200;

/** Whether the value of this name is a secret, judged by the words in the name. */
export function isSecretName(name: string, of: NameOf): boolean {
  const looked = name.slice(-longestName);
  const found = known[of].get(looked);
  if (found !== undefined) return found;
  const judged = judge(looked, of);
  if (known[of].size >= mostKnown) known[of].clear();
  known[of].set(looked, judged);
  return judged;
}

function judge(name: string, of: NameOf): boolean {
  const parts = Array.from(name.matchAll(words), ([word]) => word.toLowerCase());
  const last = parts.at(-1);
  if (last === undefined || describing.has(last)) return false;
  // The shell's working directory.
  if (name === 'PWD' || name === 'OLDPWD') return false;
  if (last === 'id' && parts.includes('key')) return false;
  const whole = of === 'field' ? wordsOfFields : wordsOfVariables;
  return (
    anywhere.test(parts.join('')) || runTogether.test(last) || parts.some((part) => whole.includes(part))
  );
}
