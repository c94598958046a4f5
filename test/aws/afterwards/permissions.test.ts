import { describe, expect, test } from '@jest/globals';
import type { AwsCall } from '../aws-call.ts';
import { type FunctionRole, functionRoles, type Statement } from '../permissions/function-roles.ts';
import { isAllowed } from '../permissions/is-allowed.ts';
import { type RequestedAction, requestedActions } from '../permissions/requested-actions.ts';
import { idleFunctions, unusedActions } from '../permissions/unused-actions.ts';
import { readRecording } from '../recording.ts';

const recorded = await readRecording();
const home = { region: 'us-east-1', account: '000000000000' };
const isIdle = ({ name }: FunctionRole) => idleFunctions.some((idle) => name.startsWith(idle.name));
const all = functionRoles(recorded, home);
const roles = all.filter((role) => !isIdle(role));

function callsOf({ name }: FunctionRole): AwsCall[] {
  return recorded.calls.filter(({ caller }) => caller === name);
}

/** Every different thing that the code of a function asked for. */
function requestedBy(role: FunctionRole): RequestedAction[] {
  const all = callsOf(role).flatMap((call) => requestedActions(call, home));
  const different = new Map(all.map((one) => [`${one.action} ${one.resource}`, one])).values();
  return [...different].map((one) => ({
    ...one,
    context: { ...one.context, 'lambda:SourceFunctionArn': role.name },
  }));
}

function refused(role: FunctionRole, statements: readonly Statement[]) {
  return requestedBy(role).filter((one) => !isAllowed(one, statements));
}

function allowedTo(role: FunctionRole): string[] {
  return role.statements.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions);
}

/** Allowed actions on resources of which no call was seen. */
function unusedOf(role: FunctionRole): string[] {
  const requested = requestedBy(role);
  const allowed = role.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, ...on }) => actions.map((action) => ({ actions: [action], ...on })));
  return allowed
    .filter((statement) => !requested.some((one) => isAllowed(one, [statement])))
    .flatMap(({ actions }) => actions);
}

function reasonFor(name: string, action: string): string | undefined {
  return unusedActions.find(
    (unused) =>
      unused.action === action && (unused.functions?.some((start) => name.startsWith(start)) ?? true),
  )?.reason;
}

test('the functions of the deployment called AWS, each with a name of its own', () => {
  expect(roles.length).toBeGreaterThanOrEqual(8);
  expect(all.filter((role) => callsOf(role).length === 0)).toEqual(all.filter(isIdle));
});

describe.each(roles)('what $name does', (role) => {
  test('is allowed by its role', () => expect(refused(role, role.statements)).toEqual([]));

  test('is all that its role allows, but for what has a reason', () => {
    expect(unusedOf(role).filter((action) => reasonFor(role.name, action) === undefined)).toEqual([]);
  });

  test('would not be, if any one of the used statements were missing', () => {
    const used = role.statements.filter((statement) =>
      requestedBy(role).some((one) => isAllowed(one, [statement])),
    );
    expect(used).not.toEqual([]);
    for (const missing of used) {
      const rest = role.statements.filter((statement) => statement !== missing);
      expect(refused(role, rest)).not.toEqual([]);
    }
  });
});

test.each(unusedActions)('the reason for $action is needed', ({ action, functions, isSeenSometimes }) => {
  const needing = roles
    .filter((role) => (isSeenSometimes ? allowedTo(role) : unusedOf(role)).includes(action))
    .map(({ name }) => name);
  const starts = functions ?? [''];
  for (const start of starts) expect(needing.some((name) => name.startsWith(start))).toBe(true);
});
