import type { Way } from '../../../core/connectors/ways.ts';

/** The optional ways that the stack provides for a connector type. */
export function deployedWays(typeName: string): readonly Way[] {
  const maps = (process.env['MAPPED_TYPES'] ?? '').split(',').includes(typeName);
  return [
    ...(maps ? ['mapping' as const] : []),
    ...(hasRules() ? ['rule' as const] : []),
    ...(socketUrl() === undefined ? [] : ['socket' as const]),
  ];
}

/** Where connections are opened, if connectors of the deployment may have them. */
export function socketUrl(): string | undefined {
  return process.env['SOCKET_URL'];
}

/** Whether connectors of the deployment may have event source mappings. */
export function hasMappings(): boolean {
  return process.env['MAPPING_FUNCTION_ARN'] !== undefined;
}

/** Whether connectors of the deployment may have rules on event buses. */
export function hasRules(): boolean {
  return process.env['EVENT_QUEUE_ARN'] !== undefined;
}
