/** A phrase that reads like a translation, or a word that the project has a better one for. */
export interface ForbiddenPhrase {
  readonly phrase: RegExp;
  /** What a reader of English expects in its place. */
  readonly use: string;
}

/** Characters of a sentence in a page. Longer ones are split. */
export const longestSentence = 250;

/** In comments, messages and test titles. */
export const phrasesOfSources: readonly ForbiddenPhrase[] = [
  { phrase: /\banew\b/i, use: 'again, or a verb such as reload, recreate, refetch' },
  { phrase: /\bgo(?:es)? on where\b/i, use: 'resumes where it stopped' },
  { phrase: /\boptions go before\b/i, use: 'options override' },
  { phrase: /\breckon(?:s|ed|ing)?\b/i, use: 'estimate or compute' },
  { phrase: /\bthe dearest\b/i, use: 'the most expensive' },
  { phrase: /\bstands? idle\b/i, use: 'is idle' },
  { phrase: /\blets? programs in\b/i, use: 'credentials for programs' },
  { phrase: /\bthis is needed\b/i, use: 'required' },
  { phrase: /\bvalid until in\b/i, use: 'works for 1 more day' },
  { phrase: /\bthere is no such (?:delivery|run)\b/i, use: 'no deliveries, no runs' },
  { phrase: /\bdelivered nothing since\b/i, use: 'all deliveries have failed for' },
  { phrase: /\bno (?:step|handler) could take\b/i, use: 'failed after all retries' },
  { phrase: /\bhands? (?:it|them|dead letters|a dead letter) back\b/i, use: 'retry' },
  { phrase: /\bnothing of the kind\b/i, use: 'say what there is none of' },
  { phrase: /\bsomebody who may send\b/i, use: 'how callers authenticate' },
  { phrase: /\bwhat tells a repeat\b/i, use: 'deduplication' },
  { phrase: /\bthere is nobody to ask\b/i, use: 'not a terminal' },
  { phrase: /\bonce more ends at once\b/i, use: 'press Ctrl+C again to quit now' },
  { phrase: /\btake a filter away\b/i, use: 'remove a filter' },
  { phrase: /\bhalf up to\b/i, use: 'p50' },
  { phrase: /\bthese are all\.|\bchoose none\b/i, use: 'end of list, clear selection' },
  { phrase: /\bcallers that are not you\b/i, use: 'your callers' },
  { phrase: /\bis no (?:JSON|URL|text|object|time zone|header)\b/i, use: 'is not' },
  { phrase: /\bplease try again; nothing|; please try again\b/i, use: 'Try again later.' },
  { phrase: /\bwent wrong on this side\b/i, use: 'internal server error' },
  { phrase: /\bhowever often it was tried\b/i, use: 'after all retries' },
  { phrase: /\bbelongs? into\b/i, use: 'belongs in' },
  { phrase: /\bdo not go together\b/i, use: 'cannot be combined' },
  { phrase: /\bgive a whole\b/i, use: 'enter a full' },
  { phrase: /\d %(?![a-z%])/, use: 'no space before the percent sign' },
  { phrase: /\(?\b(?:connectors|runs|control|agents-more)\.md\b/, use: 'a page of docs/ that exists' },
];

/** In pages. */
export const phrasesOfPages: readonly ForbiddenPhrase[] = [
  ...phrasesOfSources,
  { phrase: /\b(?:has|have) to be\b/i, use: 'must be' },
  { phrase: /\bby itself\b(?=[.,;])/i, use: 'automatically' },
  { phrase: /\bcapital and small letters\b/i, use: 'case-sensitive' },
  { phrase: /\bgood to know\b/i, use: 'a heading that says what the section holds' },
  { phrase: /\bwhat stands\b/i, use: 'what is' },
  { phrase: /\bmade-up\b/i, use: 'sample' },
  { phrase: /\bof its own\b/i, use: 'its own, or a separate' },
  { phrase: /\buse[sd] up\b/i, use: 'exhausted' },
  { phrase: /\bwhat came in\b/i, use: 'events, or requests' },
  { phrase: /\bwhat waits\b/i, use: 'what is waiting, or waiting runs' },
  { phrase: /\bleads? nowhere\b/i, use: 'a placeholder, or is not found' },
  { phrase: /\bis no secret\b/i, use: 'is not a secret' },
  { phrase: /\bnames? none\b/i, use: 'does not set' },
  { phrase: /\ba text of\b/i, use: 'text longer than' },
  { phrase: /\bbreaks? off\b/i, use: 'fails partway' },
  { phrase: /\bcomes? again\b/i, use: 'repeat' },
  { phrase: /\bgoes on\b/i, use: 'continues' },
  { phrase: /^#+ If it fails$/im, use: 'Troubleshooting' },
];

/** Names as their owners write them, for textlint-rule-terminology; the second form replaces the first. */
export const terms: readonly (string | readonly [string, string])[] = [
  'API Gateway',
  'CloudFront',
  'CloudWatch',
  'DynamoDB',
  'EventBridge',
  'GitHub',
  'Kafka',
  'OpenAPI',
  'SQLite',
  'TypeScript',
  'YAML',
  ['re-run(s|ning)?', 'rerun$1'],
  ['time-out(s)?', 'timeout$1'],
  ['web hook(s)?', 'webhook$1'],
];
