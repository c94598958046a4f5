export const healthStatuses = ['ok', 'failing', 'idle', 'paused', 'disabled'] as const;

/**
 * `ok`: events come in or results go out; `idle`: nothing has yet, or nobody is linked; `failing`: its source or its
 * receiver does not work; `disabled`: switched off, by an operator or by the product.
 */
export type HealthStatus = (typeof healthStatuses)[number];
