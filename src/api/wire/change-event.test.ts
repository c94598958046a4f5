import { describe, expect, test } from '@jest/globals';
import type { ChangeEvent } from '../../core/ports/run-signals.ts';
import { wireChangeEvent } from '../contract/change-event.ts';
import { changeEventToWire } from './change-event.ts';

const noon = Date.UTC(2026, 10, 22, 12);

const run: ChangeEvent = {
  type: 'run.updated',
  run: {
    runId: 'r-1',
    agentName: 'clerk',
    connectorId: 'c-1',
    triggerId: 't-1',
    parentRunId: null,
    status: 'failed',
    error: { code: 'timeout', message: 'It took too long.' },
    queuedAt: noon,
    scheduledAt: null,
    startedAt: noon + 1,
    endedAt: noon + 2,
    attempts: 1,
    tokenUsage: { input: 1, output: 2, total: 3, cached: 0, reasoning: 0 },
    costUsd: 0.5,
    model: 'demo/echo',
  },
};

const delivery: ChangeEvent = {
  type: 'delivery.updated',
  delivery: {
    deliveryId: 'd-1',
    runId: 'r-1',
    agentName: 'clerk',
    connectorId: 'c-2',
    status: 'delivered',
    reason: null,
    attempts: [{ at: noon, durationMs: 7, statusCode: 200, error: null, responseExcerpt: 'ok' }],
    attemptsInSchedule: 1,
    nextAttemptAt: null,
    createdAt: noon,
  },
};

const connector: ChangeEvent = {
  type: 'connector.updated',
  connector: {
    id: 'c-1',
    name: 'Orders',
    type: 'webhook',
    mode: 'inbound',
    config: { auth: { type: 'secret' } },
    secretFields: [],
    connection: null,
    agents: ['clerk'],
    enabled: false,
    disabledReason: 'The receiver responded with 410 Gone.',
    disabledPeriods: [],
    paused: null,
    secretHashes: [{ sha256: 'abc', expiresAt: null }],
    failingSince: null,
    failureTally: null,
    version: 3,
    createdAt: noon,
    updatedAt: noon,
  },
};

describe('a change on the wire', () => {
  test('of a run has the row of a list of runs', () => {
    expect(changeEventToWire(run)).toStrictEqual({
      type: 'run.updated',
      id: 'r-1',
      summary: {
        run_id: 'r-1',
        agent_name: 'clerk',
        connector_id: 'c-1',
        trigger_id: 't-1',
        parent_run_id: null,
        status: 'failed',
        error: { code: 'timeout', message: 'It took too long.' },
        queued_at: '2026-11-22T12:00:00.000Z',
        scheduled_at: null,
        started_at: '2026-11-22T12:00:00.001Z',
        ended_at: '2026-11-22T12:00:00.002Z',
        attempts: 1,
        token_usage: { input: 1, output: 2, total: 3, cached: 0, reasoning: 0 },
        cost_usd: 0.5,
        model: 'demo/echo',
      },
    });
  });

  test('of a delivery has the row of a list of deliveries', () => {
    expect(changeEventToWire(delivery)).toStrictEqual({
      type: 'delivery.updated',
      id: 'd-1',
      summary: {
        delivery_id: 'd-1',
        run_id: 'r-1',
        event: null,
        connector_id: 'c-2',
        agent_name: 'clerk',
        status: 'delivered',
        reason: null,
        by_choice: false,
        attempts: [
          {
            at: '2026-11-22T12:00:00.000Z',
            duration_ms: 7,
            status_code: 200,
            error: null,
            response_excerpt: 'ok',
          },
        ],
        next_attempt_at: null,
        created_at: '2026-11-22T12:00:00.000Z',
      },
    });
  });

  test('of a connector has what a list shows of it, and nothing of its secrets or configuration', () => {
    expect(changeEventToWire(connector)).toStrictEqual({
      type: 'connector.updated',
      id: 'c-1',
      summary: {
        id: 'c-1',
        name: 'Orders',
        type: 'webhook',
        mode: 'inbound',
        agents: ['clerk'],
        enabled: false,
        disabled_reason: 'The receiver responded with 410 Gone.',
      },
    });
  });

  test('of a connector that was deleted says so', () => {
    expect(changeEventToWire({ type: 'connector.deleted', connectorId: 'c-1' })).toStrictEqual({
      type: 'connector.updated',
      id: 'c-1',
      summary: { id: 'c-1', deleted: true },
    });
  });

  test('keeps to the contract', () => {
    for (const event of [run, delivery, connector]) {
      const wire = changeEventToWire(event);
      expect(wireChangeEvent.parse(wire)).toEqual(wire);
    }
  });
});
