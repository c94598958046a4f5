/** What a text of an agent file refers to, such as `${CRM_TOKEN}` or `${context.user.token}`. */
export type Reference =
  /** A variable of the environment. */
  | { readonly kind: 'variable'; readonly name: string }
  /** A dot path into the run's context. */
  | { readonly kind: 'context'; readonly path: string }
  /** Neither; `text` is the whole of it. */
  | { readonly kind: 'unknown'; readonly text: string };

/** `$${name}` is the text `${name}` itself. */
const placeholder = /(\$?)\$\{([^}]*)\}/g;
const variableName = /^[A-Za-z_]\w*$/;
const contextPath = /^context\.(.+)$/;

/** What a text refers to, in order. */
export function referencesIn(text: string): readonly Reference[] {
  const references: Reference[] = [];
  fillText(text, (reference) => {
    references.push(reference);
    return '';
  });
  return references;
}

/** The text with the value of each reference in its place. */
export function fillText(text: string, lookUp: (reference: Reference) => string): string {
  return text.replace(placeholder, (whole, dollar: string, inner: string) =>
    dollar === '$' ? whole.slice(1) : lookUp(referenceTo(inner, whole)),
  );
}

function referenceTo(inner: string, whole: string): Reference {
  if (variableName.test(inner)) return { kind: 'variable', name: inner };
  const [, path] = contextPath.exec(inner) ?? [];
  return path === undefined ? { kind: 'unknown', text: whole } : { kind: 'context', path };
}
