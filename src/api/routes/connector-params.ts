import { z } from '@hono/zod-openapi';

export const connectorParams = z.object({ id: z.string().meta({ description: 'Connector id.' }) });
