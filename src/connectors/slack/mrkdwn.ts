import { lexer, type Token, type Tokens } from 'marked';
import { splitText } from '../../providers/split-text.ts';

/** Slack truncates longer messages (docs.slack.dev, "chat.postMessage": "Truncating content"). */
const longestText = 4_000;

const fence = '```';

/** Converts Markdown to Slack's mrkdwn, in texts of at most 4,000 characters. */
export function slackTexts(markdown: string): string[] {
  // Leaves room for a fence at both ends of a split code block.
  return closeFences(splitText(mrkdwn(markdown), longestText - 2 * (fence.length + 1)));
}

function closeFences(texts: readonly string[]): string[] {
  let isOpen = false;
  return texts.map((text) => {
    const begins = isOpen ? `${fence}\n` : '';
    if (text.split(fence).length % 2 === 0) isOpen = !isOpen;
    return `${begins}${text}${isOpen ? `\n${fence}` : ''}`;
  });
}

/** docs.slack.dev, "Formatting message text": mrkdwn, and escaping. */
export function mrkdwn(markdown: string): string {
  return blocks(lexer(markdown)).trim();
}

function blocks(tokens: readonly Token[]): string {
  return tokens.map(block).join('');
}

function block(token: Token): string {
  switch (token.type) {
    case 'heading':
      return `*${plain(inline(token.tokens))}*\n\n`;
    case 'paragraph':
      return `${inline(token.tokens)}\n\n`;
    case 'code':
      return `${fence}\n${escaped(token['text'])}\n${fence}\n\n`;
    case 'blockquote':
      return `${prefixed(blocks(token.tokens ?? []).trim(), '> ')}\n\n`;
    case 'list':
      return `${list(token as Tokens.List)}\n\n`;
    case 'table':
      return `${table(token as Tokens.Table)}\n\n`;
    case 'hr':
      return '———\n\n';
    case 'space':
      return '';
    case 'text':
      return `${token.tokens === undefined ? escaped(token['text']) : inline(token.tokens)}\n`;
    default:
      return `${escaped(token.raw).trim()}\n\n`;
  }
}

/** Removes asterisks, because bold text cannot contain bold text. */
function plain(text: string): string {
  return text.replaceAll('*', '');
}

function prefixed(text: string, prefix: string): string {
  return text.replaceAll(/^/gm, prefix);
}

function list({ ordered, start, items }: Tokens.List): string {
  const first = typeof start === 'number' ? start : 1;
  return items
    .map((item, index) => {
      const done = item.task ? (item.checked ? '☑ ' : '☐ ') : '';
      const mark = `${ordered ? `${first + index}.` : '•'} ${done}`;
      const text = blocks(item.tokens.filter(({ type }) => type !== 'checkbox')).trim();
      return `${mark}${text.replaceAll(/\n+(?=\S)/g, '\n    ')}`;
    })
    .join('\n');
}

/** Renders a table as a code block with padded columns, because Slack has no tables. */
function table({ header, rows }: Tokens.Table): string {
  const texts = [header, ...rows].map((cells) => cells.map(({ text }) => text));
  const widths = header.map((_cell, column) => Math.max(...texts.map((cells) => cells[column]?.length ?? 0)));
  const lines = texts.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('-|-'));
  return `${fence}\n${escaped(lines.join('\n'))}\n${fence}`;
}

function inline(tokens: readonly Token[] = []): string {
  return tokens.map(span).join('');
}

function span(token: Token): string {
  switch (token.type) {
    case 'strong':
      return `*${inline(token.tokens)}*`;
    case 'em':
      return `_${inline(token.tokens)}_`;
    case 'del':
      return `~${inline(token.tokens)}~`;
    case 'codespan':
      return `\`${escaped(token['text'])}\``;
    case 'br':
      return '\n';
    case 'link':
      return link(token['href'], inline(token.tokens));
    case 'image':
      return link(token['href'], escaped(token['text']));
    case 'escape':
      return escaped(token['text']);
    case 'text':
      return token.tokens === undefined ? escaped(token.raw) : inline(token.tokens);
    default:
      return escaped(token.raw);
  }
}

function link(href: string, text: string): string {
  const url = href.replaceAll(/[|<> ]/g, encodeURIComponent);
  return text === '' || text === escaped(href) ? `<${url}>` : `<${url}|${text}>`;
}

/** Mentions of users and channels in Slack's own form. Mentions of everyone in a channel do not match. */
const mention = /(<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+)(?:\|[^<>]*)?>)/;

function escaped(text: string): string {
  return text
    .split(mention)
    .map((part, index) => (index % 2 === 1 ? part : escapedPart(part)))
    .join('');
}

function escapedPart(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
