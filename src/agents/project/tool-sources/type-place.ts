import type { TSType } from '@babel/types';
import type { JsonObject } from '../../../core/json/json-value.ts';
import type { SourceModule, SourcePlace } from './source-module.ts';

/** The position of a type, and how to report what JSON Schema cannot express. */
export interface TypePlace {
  readonly module: SourceModule;
  /** Dot path of the value that has the type: `input.items`. */
  readonly path: string;
  /** Names of the enclosing types. */
  readonly within: readonly string[];
  /** Reports one sentence about one type. */
  readonly report: (node: SourcePlace, path: string, message: string) => void;
  /** Converts the types inside a type. */
  readonly schemaOf: (type: TSType, place: TypePlace) => JsonObject;
}

/** Reports a type that has no JSON Schema, and returns a schema that allows anything. */
export function unexpressed(node: SourcePlace, place: TypePlace, message: string): JsonObject {
  place.report(node, place.path, `${message}.`);
  return {};
}

/** The place of the items of a list or a record. */
export function itemsOf(place: TypePlace): TypePlace {
  return { ...place, path: `${place.path}[]` };
}
