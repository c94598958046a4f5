import { type GatewayResponseOptions, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** An error that the gateway itself returns. */
interface OwnError {
  /** Construct id. */
  readonly id: string;
  readonly type: ResponseType;
  /** Absent for the gateway's default. */
  readonly statusCode?: string;
  readonly detail: string;
  readonly code: string;
}

const busy = {
  detail: 'The service is busy or unavailable. Try again later.',
  code: 'unavailable',
  statusCode: '503',
};

/** A body over 10 MB is not listed: API Gateway answers 413 with a fixed body. */
const ownErrors: readonly OwnError[] = [
  {
    id: 'UnknownPath',
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    detail: 'Path not found.',
    code: 'not-found',
  },
  {
    id: 'Throttled',
    type: ResponseType.THROTTLED,
    detail: 'Too many requests. Try again later.',
    code: 'rate-limited',
  },
  {
    id: 'OtherRefusal',
    type: ResponseType.DEFAULT_4XX,
    detail: 'The request is malformed.',
    code: 'malformed',
  },
  { id: 'FunctionAway', type: ResponseType.INTEGRATION_FAILURE, ...busy },
  { id: 'FunctionLate', type: ResponseType.INTEGRATION_TIMEOUT, ...busy },
  { id: 'OtherFailure', type: ResponseType.DEFAULT_5XX, ...busy },
];

/** Gives the gateway's own errors the product's format. */
export function answerInOurShape(api: RestApi): void {
  for (const { id, ...error } of ownErrors) api.addGatewayResponse(id, answerTo(error));
}

/** Answers in the format of the product's errors, with `Retry-After` if callers may retry. */
function answerTo({ type, statusCode, detail, code }: Omit<OwnError, 'id'>): GatewayResponseOptions {
  const mayTryAgain = code === 'unavailable' || code === 'rate-limited';
  return {
    type,
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(mayTryAgain ? { responseHeaders: { 'Retry-After': "'1'" } } : {}),
    templates: { 'application/json': JSON.stringify({ detail, code }) },
  };
}
