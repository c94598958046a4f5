import type { WireConnector } from '../../src/api/contract/connector.ts';

export type Json = WireConnector['config'];
export type JsonValue = Json[string];

interface FieldBase {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  /** Whether the value may be `null`, which turns the setting off. */
  readonly nullable: boolean;
  readonly defaultValue: JsonValue | undefined;
  /** All must hold for the field to apply. */
  readonly conditions: readonly Condition[];
  /** Whether few connectors need the field, so that it is collapsed. */
  readonly isAdvanced: boolean;
  /** Whether it concerns only results, and not what agents send by choice. */
  readonly isOfResults: boolean;
}

/** Requires that the field at a dot path has one of the values. */
export interface Condition {
  readonly path: string;
  readonly values: readonly JsonValue[];
}

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly description: string;
}

export interface Variant extends Choice {
  readonly fields: readonly Field[];
}

/** A setting of a connector type as a form shows it. */
export type Field = FieldBase &
  (
    | {
        readonly kind: 'text';
        readonly secret: boolean;
        readonly format: string | null;
        readonly pattern: string | null;
        readonly minLength: number;
        readonly maxLength: number | null;
      }
    | {
        readonly kind: 'number';
        readonly whole: boolean;
        readonly min: number | null;
        readonly max: number | null;
        /** How much of the value one displayed unit is: 1,048,576 for bytes, which are shown as MB. */
        readonly perShown: number;
        /** Whether it counts something: a port does not, and has no separators. */
        readonly isQuantity: boolean;
      }
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
    | { readonly kind: 'several'; readonly choices: readonly Choice[]; readonly minItems: number }
    /** A list of texts; `reference` says what their IDs refer to. */
    | { readonly kind: 'list'; readonly reference: string | null }
    | { readonly kind: 'pairs' }
    | { readonly kind: 'group'; readonly fields: readonly Field[] }
    /** One of several groups, which the value's field `tag` selects. */
    | { readonly kind: 'variant'; readonly tag: string; readonly variants: readonly Variant[] }
    /** Any other value, edited as JSON. */
    | { readonly kind: 'json' }
  );

export type FieldOf<Kind extends Field['kind']> = Extract<Field, { kind: Kind }>;

export function isObject(value: JsonValue | undefined): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
