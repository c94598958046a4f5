import { refusalReasons } from '../connectors/refusal-reason.ts';

/** Why a request to a connector started no run: it was refused, or it repeats an earlier one. */
export const unstartedReasons = [...refusalReasons, 'repeated'] as const;
