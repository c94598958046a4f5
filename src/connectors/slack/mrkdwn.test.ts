import { describe, expect, test } from '@jest/globals';
import { mrkdwn, slackTexts } from './mrkdwn.ts';

describe('Markdown for Slack', () => {
  test.each([
    ['bold, italic and deleted text', '**a** *b* __c__ ~~d~~', '*a* _b_ *c* ~d~'],
    ['a heading', '## The *plan*\n\nText', '*The _plan_*\n\nText'],
    [
      'links and images',
      '[a](https://x.example/?a=1&b=2) ![i](https://x.example/i.png) <https://x.example>',
      '<https://x.example/?a=1&b=2|a> <https://x.example/i.png|i> <https://x.example>',
    ],
    [
      'code',
      'Use `a < b`:\n\n```ts\nif (a && b) {}\n```',
      'Use `a &lt; b`:\n\n```\nif (a &amp;&amp; b) {}\n```',
    ],
    ['lists', '- a\n- **b**\n  - c\n\n3. x\n4. y', '• a\n• *b*\n    • c\n\n3. x\n4. y'],
    ['tasks', '- [x] a\n- [ ] b', '• ☑ a\n• ☐ b'],
    ['a quote', '> a\n> b', '&gt; a\n&gt; b'.replaceAll('&gt;', '>')],
    ['a table', '| a | bb |\n|---|---|\n| ccc | d |', '```\na   | bb\n----|---\nccc | d\n```'],
    ['what Slack would take for markup', 'a < b & c > d', 'a &lt; b &amp; c &gt; d'],
    ['mentions of users, and none of everybody', '<@U123> and <!channel>', '<@U123> and &lt;!channel&gt;'],
  ])('has %s', (_title, markdown, expected) => {
    expect(mrkdwn(markdown)).toBe(expected);
  });

  test('is cut into texts of at most 4,000 characters, each with whole code blocks', () => {
    const lines = Array.from({ length: 300 }, (_, index) => `    const line${index} = 'some code';`);
    const texts = slackTexts(`Here:\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n\nThat is all.`);
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(4_000);
      expect(text.split('```').length % 2).toBe(1);
    }
    const code = texts
      .join('\n')
      .split('\n')
      .filter((line) => line.includes('const'));
    expect(code).toEqual(lines);
  });

  test('is empty if there is nothing to say', () => {
    expect(slackTexts(' \n ')).toEqual([]);
  });
});
