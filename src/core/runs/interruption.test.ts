import { describe, expect, test } from '@jest/globals';
import { type InterruptionRole, interruptionOf, isolationOf, whyGivenUp } from './run.ts';

const interruptions = (...roles: InterruptionRole[]) =>
  roles.map((role, index) => interruptionOf(role, `reason ${index + 1}`, index));
const many = (count: number, role: InterruptionRole) =>
  interruptions(...Array<typeof role>(count).fill(role));

describe('a run that was interrupted', () => {
  test.each<[string, InterruptionRole[]]>([
    ['shared', []],
    ['shared', ['suspect']],
    ['thread', ['suspect', 'suspect']],
    ['process', ['suspect', 'suspect', 'suspect']],
    ['process', ['culprit']],
    ['shared', ['bystander', 'bystander', 'bystander', 'bystander']],
    ['thread', ['suspect', 'bystander', 'suspect']],
  ])('is executed in a %s place after %j', (isolation, roles) => {
    expect(isolationOf(interruptions(...roles))).toBe(isolation);
  });

  test('is given up when it broke its executor as often as it may, and says how each time', () => {
    expect(whyGivenUp(interruptions('culprit', 'suspect', 'culprit'), 3)).toBeNull();
    expect(whyGivenUp(interruptions('culprit', 'suspect', 'culprit', 'culprit'), 3)).toEqual({
      code: 'attempts-exhausted',
      message: 'All 3 attempts of the run crashed its worker: (1) reason 1; (2) reason 3; (3) reason 4.',
    });
  });

  test('says once what happened alike each time', () => {
    const alike = Array.from({ length: 2 }, () => interruptionOf('culprit', 'its thread ended', 1));
    expect(whyGivenUp(alike, 2)?.message).toBe(
      'All 2 attempts of the run crashed its worker: its thread ended.',
    );
  });

  test('is given up after the twentieth interruption by others', () => {
    expect(whyGivenUp(many(19, 'suspect'), 3)).toBeNull();
    expect(whyGivenUp(many(20, 'bystander'), 3)).toEqual({
      code: 'interrupted',
      message: 'The run was interrupted 20 times by other causes. The last time, reason 20.',
    });
  });

  test('keeps a reason of a bounded length', () => {
    expect(interruptionOf('culprit', 'x'.repeat(5_000), 1).reason).toHaveLength(301);
  });
});
