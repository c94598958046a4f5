import type { TSType } from '@babel/types';
import type { JsonObject } from '../../../core/json/json-value.ts';
import type { SourceModule, SourcePlace } from './source-module.ts';

/** Where a type stands, and whom to tell what JSON Schema cannot express of it. */
export interface TypePlace {
  readonly module: SourceModule;
  /** Dot path of the value that has the type: `input.items`. */
  readonly path: string;
  /** Names of the types that are being read around this one. */
  readonly within: readonly string[];
  /** Takes one sentence about one type. */
  readonly report: (node: SourcePlace, path: string, message: string) => void;
  /** Reads the types inside a type. */
  readonly schemaOf: (type: TSType, place: TypePlace) => JsonObject;
}

/** Reports a type that has no JSON Schema, and gives one that allows anything. */
export function unexpressed(node: SourcePlace, place: TypePlace, message: string): JsonObject {
  place.report(node, place.path, `${message}.`);
  return {};
}

/** The place of what a list or a record holds. */
export function itemsOf(place: TypePlace): TypePlace {
  return { ...place, path: `${place.path}[]` };
}
