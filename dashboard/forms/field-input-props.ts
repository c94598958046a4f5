import type { ConfigProblems } from './check-config.ts';
import type { Field, JsonValue } from './field.ts';

/** Props of every form input. */
export interface FieldInputProps<Shown extends Field = Field> {
  readonly field: Shown;
  readonly value: JsonValue | undefined;
  /** Dot path in the configuration. */
  readonly path: string;
  readonly problems: ConfigProblems;
  /** `undefined` omits the field. */
  readonly onChange: (value: JsonValue | undefined) => void;
}
