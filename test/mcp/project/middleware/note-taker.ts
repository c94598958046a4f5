interface Visit {
  payload: { visitor?: string };
  visitor?: string | undefined;
}

/** Says who the visitor is. */
export async function before(_content: unknown, context: Visit) {
  context.visitor = context.payload.visitor;
}
