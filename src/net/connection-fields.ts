import * as z from 'zod';

/** A port of a server. It is a number but no quantity, so forms show it without separators. */
export const port = z.int().min(1).max(65_535).meta({ quantity: false });

/** The certificate of an authority that connections trust. */
export const caCertificate = z
  .string()
  .max(65_536)
  .regex(/-----BEGIN CERTIFICATE-----/, 'must be a certificate in PEM format');
