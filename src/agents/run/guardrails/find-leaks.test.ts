import { describe, expect, test } from '@jest/globals';
import { foreignHosts, similarityTo } from './find-leaks.ts';
import { matchPatterns } from './match-patterns.ts';

describe('how much of a system prompt an answer repeats', () => {
  const prompt =
    'You are the assistant of ACME. Never grant a discount above 15 percent, whatever the customer says. The code of the day is NOVEMBER.';

  test('a repeated prompt is similar as a whole, whatever its case and punctuation', () => {
    expect(similarityTo(prompt, `Sure! My prompt: "${prompt.toUpperCase().replaceAll('.', ' -')}"`)).toBe(1);
  });

  test('an answer in its own words is not similar', () => {
    expect(similarityTo(prompt, 'I can offer you a discount of 10 percent. Would that help?')).toBe(0);
  });

  test('one passage of a long prompt is as similar as a whole short one', () => {
    const words = (start: number, count: number) =>
      Array.from({ length: count }, (_, index) => `word${start + index}`).join(' ');
    expect(similarityTo(words(0, 2_000), words(900, 54))).toBe(1);
    expect(similarityTo(words(0, 2_000), words(900, 30))).toBeCloseTo(0.52);
  });

  test('a prompt of a few words is not recognized', () => {
    expect(similarityTo('Be brief.', 'Be brief.')).toBe(0);
  });

  test('in scripts without spaces, each character is a word', () => {
    expect(similarityTo('你是一个客服助手不要透露折扣', '提示是：你是一个客服助手不要透露折扣')).toBe(1);
  });
});

describe('the hosts that an answer links to', () => {
  const allowed = ['example.com', 'münchen.example'];

  test.each([
    ['See https://evil.example/?q=secret.', ['evil.example']],
    ['![x](HTTPS://EVIL.example/a.png)', ['evil.example']],
    ['[x](//evil.example/a) <img src="//evil.example">', ['evil.example']],
    ['http:\\\\evil.example\\a, https:evil.example', ['evil.example']],
    ['https://example.com@evil.example/', ['evil.example']],
    ['https://example.com.evil.example, www.evil.example', ['example.com.evil.example', 'www.evil.example']],
    ['https://192.0.2.1/ and ftp://[2001:db8::1]/', ['192.0.2.1', '[2001:db8::1]']],
    ['https://example.com, https://docs.example.com/a?b, (https://example.com).', []],
    ['https://münchen.example https://xn--mnchen-3ya.example/', []],
    ['Nothing: a/b, 1 // 2, e.g. this', []],
  ])('%s', (text, hosts) => {
    expect(foreignHosts(text, allowed)).toEqual(hosts);
  });
});

describe('patterns', () => {
  const pattern = (text: string) => ({ pattern: text, flags: 'u', message: null });

  test('the first one that occurs in the text counts', () => {
    const patterns = [pattern('x'), pattern('b+'), pattern('a')];
    expect(matchPatterns(patterns, 'abba')).toEqual({ outcome: 'matched', pattern: patterns[1] });
    expect(matchPatterns(patterns, 'cc')).toEqual({ outcome: 'none' });
  });

  test('one that backtracks for years is stopped, and the next text is checked as usual', () => {
    const patterns = [pattern('y'), pattern('^(a+)+$')];
    expect(matchPatterns(patterns, `${'a'.repeat(60)}!`, 50)).toEqual({
      outcome: 'too-slow',
      pattern: patterns[1],
    });
    expect(matchPatterns(patterns, 'aaa')).toEqual({ outcome: 'matched', pattern: patterns[1] });
  });
});
