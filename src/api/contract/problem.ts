import * as z from 'zod';

/** One problem with a request. */
export const fieldProblem = z
  .object({
    field: z.string().meta({ description: 'Dot path of the field; empty for the request as a whole.' }),
    message: z.string().meta({ description: 'What was expected.' }),
  })
  .meta({ id: 'FieldProblem' });

/** The body of every error response. */
export const errorBody = z
  .object({
    detail: z.string().meta({ description: 'A sentence for people.' }),
    code: z.string().meta({ description: 'A stable kebab-case code for programs.', examples: ['not-found'] }),
    problems: z.array(fieldProblem).optional().meta({ description: 'Every invalid field of the request.' }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorBody>;
