import type { Field } from './field.ts';

/**
 * A field's title in the form, after those of its containers: `Authentication, Header`. Unknown parts stay unchanged.
 */
export function fieldTitle(fields: readonly Field[], path: string): string {
  const [name = '', ...inner] = path.split('.');
  const field = fields.find((one) => one.name === name);
  if (field === undefined) return path;
  const rest = inner.join('.');
  return rest === '' || !isContainer(field)
    ? field.title
    : `${field.title}, ${fieldTitle(within(field), rest)}`;
}

type Container = Extract<Field, { kind: 'group' | 'variant' }>;

function isContainer(field: Field): field is Container {
  return field.kind === 'group' || field.kind === 'variant';
}

function within(field: Container): readonly Field[] {
  return field.kind === 'group' ? field.fields : field.variants.flatMap((variant) => variant.fields);
}
