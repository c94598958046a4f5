export const healthStatuses = ['ok', 'failing', 'idle', 'paused', 'disabled'] as const;

/**
 * `ok`: events arrive or results are delivered; `idle`: none so far, or no agent is linked; `failing`: its source or
 * its receiver does not work; `paused`: what it brings or delivers waits; `disabled`: by an operator or by the product.
 */
export type HealthStatus = (typeof healthStatuses)[number];
