/** Finds deliveries of operational events that are old enough to be removed. */
export const eventsByTime =
  'CREATE INDEX deliveries_of_events ON deliveries (created_at) WHERE event IS NOT NULL';
