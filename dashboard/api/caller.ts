import type { WireCaller } from '../../src/api/contract/caller.ts';
import { request } from './request.ts';

/** The user that the token belongs to. */
export function fetchCaller(token: string): Promise<WireCaller> {
  return request<WireCaller>('/me', { token });
}
