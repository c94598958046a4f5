import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { TriedFilter, WireConnector } from '../../src/api/contract/connector.ts';
import { useTryFilter } from '../api/connectors.ts';
import { ApiFailure } from '../api/request.ts';
import { problemAt } from '../forms/server-problems.ts';
import { type ReadPayload, readPayload } from '../parts/payload-editor.tsx';
import type { Conditions } from './conditions.ts';
import { type StoredSubject, type SubjectsOf, useStoredSubjects } from './use-stored-subjects.ts';

const typingPauseMs = 300;

/** The choice of a typed payload over a stored event or result. */
export const ownPayload = 'own';

export interface Trial {
  /** Events or results to try the conditions on, newest first. */
  readonly subjects: readonly StoredSubject[];
  /** The id of one, or `ownPayload`. */
  readonly subject: string;
  readonly choose: (subject: string) => void;
  /** The typed payload. */
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly tried: TriedFilter | undefined;
  readonly error: Error | null;
  /** What is wrong with a condition, and where. @param field `filter`, or `when.` with the agent's name */
  readonly problemOf: (field: string) => string | undefined;
  readonly isInvalid: boolean;
}

/** Whose conditions are tried out: a connector, or one that is not created yet. */
export interface Tried extends SubjectsOf {
  /** In the API. */
  readonly path: string;
  readonly name: string;
  /** A payload that its agents can read. */
  readonly sample: unknown;
}

/** A connector whose conditions are tried out. */
export function triedConnector({ id, mode, name, agents, sample_payload: sample }: WireConnector): Tried {
  const path = `/connectors/${encodeURIComponent(id)}`;
  return { path, id, mode, name, agents: agents.map(agentOf), sample: sample ?? {} };
}

/** Tries conditions out after each pause in typing. */
export function useTrial(
  { path, id, mode, name, agents, sample }: Tried,
  conditions: Conditions,
  isEnabled: boolean,
): Trial {
  const subjects = useStoredSubjects({ id, mode, agents });
  const [chosen, choose] = useState<string | null>(null);
  const [typed, setText] = useState<string | null>(null);
  const text = typed ?? JSON.stringify(mode === 'outbound' ? sampleResult : sample, null, 2);
  const subject = subjects?.find((one) => one.id === chosen)?.id ?? firstSubject(chosen, subjects);
  const payload = useMemo(() => readPayload(text), [text]);
  const isReady = subjects !== undefined && (subject !== ownPayload || payload.outcome === 'valid');
  const body = useMemo(
    () => ({
      ...(id === null ? { mode, name } : {}),
      filter: conditions.filter,
      when: conditions.links,
      ...triedOn(mode, subject, payload),
    }),
    [id, mode, name, conditions, subject, payload],
  );
  const [settled] = useDebouncedValue(body, typingPauseMs);
  const answer = useTryFilter(path, settled, isEnabled && isReady && settled === body);
  return {
    subjects: subjects ?? [],
    subject,
    choose,
    text,
    setText,
    tried: isReady && answer.error === null ? answer.data : undefined,
    error: answer.error,
    problemOf: (field) => problemAt(answer.error, field, 'The condition'),
    isInvalid: answer.error instanceof ApiFailure && answer.error.problems.length > 0,
  };
}

function firstSubject(chosen: string | null, subjects: readonly StoredSubject[] | undefined): string {
  return chosen === ownPayload ? ownPayload : (subjects?.[0]?.id ?? ownPayload);
}

function triedOn(mode: WireConnector['mode'], subject: string, payload: ReadPayload) {
  if (subject === ownPayload) return { payload: payload.outcome === 'valid' ? payload.value : null };
  return mode === 'outbound' ? { run_id: subject } : { trigger_id: subject };
}

const sampleResult = { output: {}, status: 'completed', input: {}, context: {} };
