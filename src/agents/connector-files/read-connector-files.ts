import { basename, extname } from 'node:path';
import type { DeliveryMode, Mode } from '../../core/connectors/connector.ts';
import { deliveryModes, modes } from '../../core/connectors/connector.ts';
import type { ConnectorTypes, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { nearestName, suggestion } from '../../core/nearest-name.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import { ProblemLog } from '../project/problem-log.ts';
import { readConnectorTexts } from '../project/project-files.ts';
import {
  type LocatedFields,
  type LocatedValue,
  placeOf,
  plainValue,
} from '../project/yaml-sources/located-value.ts';
import { aConnector, readYaml } from '../project/yaml-sources/read-yaml.ts';
import { checkFields, refuse } from './connector-fields.ts';
import { type FillContext, fillConfig, fillValue } from './fill-config.ts';
import { overlay } from './overlay.ts';

/** An agent's name, or the name with the condition of its link. */
type DescribedLink = string | { readonly name: string; readonly when: string };

/** A connector as its file describes it in one environment, with its variables filled in. */
export interface ConnectorDescription {
  /** Name of the file, without its extension. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly mode: Mode;
  readonly config: JsonObject;
  /** Name of the connection that gives the rest of its configuration; `null` if none does. */
  readonly connection: string | null;
  readonly agents: DescribedLink[];
  /** Absent: it wants everything. */
  readonly filter?: string;
  /** Absent: it delivers results. */
  readonly delivery?: DeliveryMode;
  readonly enabled: boolean;
}

/** A description with the places of its fields, for problems that are found later. */
export interface ConnectorFile {
  readonly description: ConnectorDescription;
  readonly source: LocatedFields;
}

export interface ConnectorFiles {
  /** The connectors of the environment. If there are problems, a description can lack what a file has. */
  readonly files: readonly ConnectorFile[];
  /** Every problem of every file. */
  readonly problems: readonly ProjectProblem[];
}

export interface ReadOptions extends Omit<FillContext, 'log'> {
  readonly types: ConnectorTypes;
  /** Name of the environment; `null` if none is chosen. */
  readonly environment: string | null;
}

/**
 * Reads `connectors/*.yaml` of a project.
 *
 * @returns `null` if the project has no folder `connectors`
 */
export async function readConnectorFiles(
  projectDir: string,
  options: ReadOptions,
): Promise<ConnectorFiles | null> {
  const log = new ProblemLog();
  const texts = await readConnectorTexts(projectDir, log);
  if (texts === null) return null;
  const sources = texts.flatMap(({ file, text }) => {
    const read = readYaml(file, text, aConnector);
    if (read.outcome === 'broken') log.add(read.problems);
    return read.outcome === 'read' && read.value.kind === 'map' ? { file, map: read.value } : [];
  });
  checkKeys(
    sources.map(({ file }) => file),
    log,
  );
  checkEnvironment(
    sources.map(({ map }) => map),
    options.environment,
    log,
  );
  const files = sources.flatMap(({ file, map }) => readFile(file, map, options, log) ?? []);
  return { files, problems: log.problems };
}

/** The problem of a field of a description, at its place in the file. */
export function problemIn(
  { source }: ConnectorFile,
  path: readonly string[],
  message: string,
): ProjectProblem {
  const { file, line } = placeOf(source, path);
  // In a file, 12 is a number.
  const sentence = message === 'must be a string' ? `${message}: write it in quotes` : message;
  return { file, line, field: path.join('.') || null, message: sentence };
}

function checkKeys(files: readonly string[], log: ProblemLog): void {
  for (const file of files) {
    const twin = files.find((other) => other !== file && keyOf(other) === keyOf(file));
    if (twin !== undefined && twin < file) log.refuse({ file, line: null }, [], `${twin} has the same name.`);
  }
}

/** A misspelled environment would remove the connectors of the one that was meant. */
function checkEnvironment(maps: readonly LocatedFields[], environment: string | null, log: ProblemLog): void {
  const named = new Set(maps.flatMap((map) => environmentsOf(map)));
  if (environment === null || named.size === 0 || named.has(environment)) return;
  const nearest = nearestName(environment, named);
  if (nearest === null) return;
  const message = `No file names the environment "${environment}".${suggestion(environment, named)}`;
  log.refuse({ file: 'connectors', line: null }, [], message);
}

function environmentsOf(map: LocatedFields): readonly string[] {
  const environments = map.entries.get('environments');
  return environments?.kind === 'map' ? [...environments.entries.keys()] : [];
}

/** `null` if the connector is not for this environment. */
function readFile(
  file: string,
  map: LocatedFields,
  { types, environment, ...filling }: ReadOptions,
  log: ProblemLog,
): ConnectorFile | null {
  checkFields(map, log);
  const source = inEnvironment(map, environment, log);
  if (source === null) return null;
  const context: FillContext = { ...filling, log };
  const type = textOf(source, 'type', log);
  const mode = modeOf(source, log);
  const description: ConnectorDescription = {
    key: keyOf(file),
    name: source.entries.has('name')
      ? String(fillValue(valueAt(source, 'name'), ['name'], undefined, context))
      : keyOf(file),
    type,
    mode,
    config: configOf(source, modeDescription(types, type, mode), context),
    connection: connectionOf(source, context),
    agents: agentsOf(source, context),
    ...filterOf(source, context),
    ...deliveryOf(source, context),
    enabled: enabledOf(source, log),
  };
  return { description, source };
}

function keyOf(file: string): string {
  return basename(file, extname(file));
}

function inEnvironment(
  map: LocatedFields,
  environment: string | null,
  log: ProblemLog,
): LocatedFields | null {
  const environments = map.entries.get('environments');
  if (environments?.kind !== 'map') return map;
  if (environment === null) {
    const names = [...environments.entries.keys()].join(', ');
    const message = `This connector exists only in some environments (${names}). Choose one with --environment.`;
    log.refuse(environments, ['environments'], message);
    return null;
  }
  const overrides = environments.entries.get(environment);
  if (overrides === undefined) return null;
  return overrides.kind === 'map' ? overlay(map, overrides) : map;
}

function valueAt(map: LocatedFields, field: string): LocatedValue {
  return map.entries.get(field) ?? { ...placeOf(map, []), kind: 'scalar', value: null };
}

function textOf(map: LocatedFields, field: 'type', log: ProblemLog): string {
  const value = plainValue(valueAt(map, field));
  if (typeof value === 'string' && value !== '') return value;
  refuse(map, [field], log);
  return '';
}

function modeOf(map: LocatedFields, log: ProblemLog): Mode {
  const value = plainValue(valueAt(map, 'mode'));
  const mode = modes.find((one) => one === value);
  if (mode !== undefined) return mode;
  if (typeof value === 'string') {
    const message = `There is no mode "${value}".${suggestion(value, modes)}`;
    log.refuse(placeOf(map, ['mode']), ['mode'], message);
  } else refuse(map, ['mode'], log);
  return 'inbound';
}

function connectionOf(map: LocatedFields, context: FillContext): string | null {
  const value = fillValue(valueAt(map, 'connection'), ['connection'], undefined, context);
  if (value === null || (typeof value === 'string' && value !== '')) return value;
  refuse(map, ['connection'], context.log);
  return null;
}

/** In a deployment on AWS, a type can have other modes. */
function modeDescription(types: ConnectorTypes, name: string, mode: Mode): ModeDescription | undefined {
  const type = types.get(name);
  return type?.modes[mode] ?? type?.onAws?.(new Set())[mode];
}

function configOf(map: LocatedFields, mode: ModeDescription | undefined, context: FillContext): JsonObject {
  const config = map.entries.get('config');
  if (config === undefined) return {};
  if (config.kind === 'map') return fillConfig(config, mode, context);
  if (config.kind === 'list' || config.value !== null) refuse(map, ['config'], context.log);
  return {};
}

function filterOf(map: LocatedFields, context: FillContext): Pick<ConnectorDescription, 'filter'> {
  if (!map.entries.has('filter')) return {};
  const filled = fillValue(valueAt(map, 'filter'), ['filter'], undefined, context);
  if (filled !== null && typeof filled !== 'string') refuse(map, ['filter'], context.log);
  return typeof filled === 'string' ? { filter: filled } : {};
}

function deliveryOf(map: LocatedFields, context: FillContext): Pick<ConnectorDescription, 'delivery'> {
  if (!map.entries.has('delivery')) return {};
  const filled = fillValue(valueAt(map, 'delivery'), ['delivery'], undefined, context);
  const delivery = deliveryModes.find((mode) => mode === filled);
  if (delivery === undefined) refuse(map, ['delivery'], context.log);
  return delivery === undefined ? {} : { delivery };
}

function agentsOf(map: LocatedFields, context: FillContext): DescribedLink[] {
  const agents = map.entries.get('agents');
  if (agents === undefined || (agents.kind === 'scalar' && agents.value === null)) return [];
  if (agents.kind !== 'list') {
    refuse(map, ['agents'], context.log);
    return [];
  }
  return agents.items.map((item, index) => {
    const path = ['agents', index];
    if (item.kind === 'map') return linkOf(item, path, context);
    const filled = fillValue(item, path, undefined, context);
    if (typeof filled !== 'string' || filled === '') refuse(map, ['agents', index], context.log);
    return String(filled);
  });
}

/** An agent's name, or the name with the condition of its link. */
function linkOf(item: LocatedFields, path: readonly PropertyKey[], context: FillContext): DescribedLink {
  const filledIn = (field: string) => {
    const value = item.entries.get(field);
    return value === undefined ? null : fillValue(value, [...path, field], undefined, context);
  };
  for (const [field, value] of item.entries) {
    if (linkFields.includes(field)) continue;
    const message = `There is no field "${field}".${suggestion(field, linkFields)}`;
    context.log.refuse(value, [...path, field], message);
  }
  const name = filledIn('name');
  if (typeof name !== 'string' || name === '') {
    context.log.refuse(item, path, 'This is missing: expected "name: <agent>".');
    return '';
  }
  const [when, needsFiles] = [filledIn('when'), filledIn('files_required')];
  if (when !== null && typeof when !== 'string')
    context.log.refuse(item, path, 'Expected a condition in "when".');
  if (needsFiles !== null && typeof needsFiles !== 'boolean') {
    context.log.refuse(item, path, 'Expected true or false in "files_required".');
  }
  const conditions = [
    ...(needsFiles === true ? ['input.files'] : []),
    ...(typeof when === 'string' && when.trim() !== '' ? [when] : []),
  ];
  if (conditions.length === 0) return name;
  const [first = ''] = conditions;
  return { name, when: conditions.length === 1 ? first : conditions.map((one) => `(${one})`).join(' and ') };
}

const linkFields = ['name', 'when', 'files_required'];

function enabledOf(map: LocatedFields, log: ProblemLog): boolean {
  const value = plainValue(valueAt(map, 'enabled'));
  if (typeof value === 'boolean') return value;
  if (map.entries.has('enabled')) refuse(map, ['enabled'], log);
  return true;
}
