import type { SourceModule, SourcePlace } from './source-module.ts';

/** Contents of a doc comment. */
export interface DocComment {
  /** The text before the first tag; may be empty. */
  readonly description: string;
  /** The text of each `@param`, by its name as written. */
  readonly params: ReadonlyMap<string, string>;
}

/** The doc comment directly before a node; an empty one if there is none. */
export function docCommentBefore({ start }: SourcePlace, module: SourceModule): DocComment {
  const at = start ?? 0;
  const comment = module.comments.findLast(({ end = 0 }) => end <= at);
  if (comment?.type !== 'CommentBlock' || !comment.value.startsWith('*')) return readDocComment('');
  if (module.text.slice(comment.end, at).trim() !== '') return readDocComment('');
  return readDocComment(comment.value.slice(1));
}

function readDocComment(text: string): DocComment {
  const lines = text.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  const [description = '', ...tags] = lines.join('\n').split(/^@/m);
  const params = tags.map(readParam).filter((param) => param !== null);
  return { description: description.trim(), params: new Map(params) };
}

const paramTag = /^param\s+(?:\{[^}]*\}\s*)?\[?([\w.]+)[^\s]*\s*(?:-\s*)?([\s\S]*)$/;

function readParam(tag: string): [name: string, description: string] | null {
  const [, name, description] = paramTag.exec(tag.trim()) ?? [];
  return name === undefined || description === undefined
    ? null
    : [name, description.replace(/\s+/g, ' ').trim()];
}
