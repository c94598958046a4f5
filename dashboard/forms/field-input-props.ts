import type { ConfigProblems } from './check-config.ts';
import type { Field, JsonValue } from './field.ts';

/** What every control of a form gets. */
export interface FieldInputProps<Shown extends Field = Field> {
  readonly field: Shown;
  readonly value: JsonValue | undefined;
  /** Dot path in the configuration. */
  readonly path: string;
  readonly problems: ConfigProblems;
  /** `undefined` leaves the field out. */
  readonly onChange: (value: JsonValue | undefined) => void;
}
