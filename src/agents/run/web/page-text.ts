import { gfm } from '@joplin/turndown-plugin-gfm';
import { Readability } from '@mozilla/readability';
import { Parser } from 'htmlparser2';
import { parseHTML } from 'linkedom/worker';
import TurndownService from 'turndown';

/** What people read on a page. */
export interface PageText {
  readonly title: string | null;
  /** Markdown. */
  readonly text: string;
}

/** Far more than pages have. The libraries below need seconds, or the whole stack, for more. */
const mostElements = 50_000;
const mostDepth = 400;

/**
 * The article of a web page as Markdown, without menus, ads, and scripts; the whole page if it has no article.
 *
 * @param url of the page, for its relative links
 * @returns `null` if the page is larger or deeper than any page for people
 */
export function pageText(html: string, url: string): PageText | null {
  if (!isReadable(html)) return null;
  const { document } = parseHTML(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`);
  const base = document.createElement('base');
  base.setAttribute('href', url);
  document.head.prepend(base);
  const whole = document.body.innerHTML;
  const article = new Readability(document).parse();
  const title = article?.title || document.title || null;
  return { title, text: markdown.turndown(article?.content || whole).trim() };
}

const markdown = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' })
  .use(gfm)
  .remove(['script', 'style', 'noscript', 'iframe']);

function isReadable(html: string): boolean {
  let elements = 0;
  let depth = 0;
  let deepest = 0;
  const parser = new Parser({
    onopentagname: () => {
      elements += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      if (elements > mostElements || deepest > mostDepth) parser.pause();
    },
    onclosetag: () => {
      depth -= 1;
    },
  });
  parser.end(html);
  return elements <= mostElements && deepest <= mostDepth;
}
