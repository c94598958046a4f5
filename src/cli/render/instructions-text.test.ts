import { describe, expect, test } from '@jest/globals';
import { colours } from '../colours.ts';
import { instructionsText } from './instructions-text.ts';

const plain = colours({ isTTY: false });

describe('instructions in a terminal', () => {
  test('are read without the marks of Markdown, with the URL in place and the secret left out', () => {
    const markdown =
      '\n1. Open *Settings*, **Webhooks**.\n2. Paste `{{url}}?secret={{secret}}` ([help](https://example.com/a)).\n';
    expect(instructionsText(markdown, 'https://example.com/w', plain)).toBe(
      '1. Open Settings, Webhooks.\n2. Paste https://example.com/w?secret=<secret> (help (https://example.com/a)).',
    );
  });

  test('keep blocks of code apart, as they are', () => {
    const markdown = 'Paste this:\n\n```yaml\nurl: {{url}}\nname: "*"\n```\n';
    expect(instructionsText(markdown, 'https://example.com/w', plain)).toBe(
      'Paste this:\n\n    url: https://example.com/w\n    name: "*"',
    );
  });
});
