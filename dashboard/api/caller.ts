import type { WireCaller } from '../../src/api/contract/caller.ts';
import { request } from './request.ts';

/** Who calls with the token. */
export function fetchCaller(token: string): Promise<WireCaller> {
  return request<WireCaller>('/me', { token });
}
