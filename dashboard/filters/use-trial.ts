import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { TriedFilter, WireConnector } from '../../src/api/contract/connector.ts';
import { useTryFilter } from '../api/connectors.ts';
import { ApiFailure } from '../api/request.ts';
import { problemAt } from '../forms/server-problems.ts';
import { type ReadPayload, readPayload } from '../parts/payload-editor.tsx';
import type { Conditions } from './conditions.ts';
import { type StoredSubject, useStoredSubjects } from './use-stored-subjects.ts';

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

/** Tries conditions out after each pause in typing. */
export function useTrial(connector: WireConnector, conditions: Conditions, isEnabled: boolean): Trial {
  const subjects = useStoredSubjects(connector);
  const [chosen, choose] = useState<string | null>(null);
  const [text, setText] = useState(() => JSON.stringify(examplePayload(connector), null, 2));
  const subject = chosen ?? subjects?.[0]?.id ?? ownPayload;
  const payload = useMemo(() => readPayload(text), [text]);
  const isReady = subjects !== undefined && (subject !== ownPayload || payload.outcome === 'valid');
  const body = useMemo(
    () => ({
      filter: conditions.filter,
      when: conditions.links,
      ...triedOn(connector.mode, subject, payload),
    }),
    [connector.mode, conditions, subject, payload],
  );
  const [settled] = useDebouncedValue(body, typingPauseMs);
  const answer = useTryFilter(connector.id, settled, isEnabled && isReady && settled === body);
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

function triedOn(mode: WireConnector['mode'], subject: string, payload: ReadPayload) {
  if (subject === ownPayload) return { payload: payload.outcome === 'valid' ? payload.value : null };
  return mode === 'outbound' ? { run_id: subject } : { trigger_id: subject };
}

function examplePayload({ mode, sample_payload: sample }: WireConnector): unknown {
  return mode === 'outbound' ? { output: {}, status: 'completed', input: {}, context: {} } : (sample ?? {});
}
