import { qualified, type Resource } from './resources.ts';

/** An error that the API server answers with, as a `Status` object. Reasons and sentences as in k8s.io/apimachinery api/errors. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export function statusOf(error: ApiError): Readonly<Record<string, unknown>> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason: error.reason,
    ...(error.details === undefined ? {} : { details: error.details }),
    code: error.code,
  };
}

const about = (of: Resource, name: string): Record<string, unknown> => ({
  name,
  ...(of.group === '' ? {} : { group: of.group }),
  kind: of.plural,
});

export const notFound = (of: Resource, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${qualified(of)} "${name}" not found`, about(of, name));

export const alreadyExists = (of: Resource, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${qualified(of)} "${name}" already exists`, about(of, name));

export const conflict = (of: Resource, name: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(of)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    about(of, name),
  );

export const uidConflict = (of: Resource, name: string, expected: string, actual: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(of)} "${name}": the UID in the precondition (${expected}) does not match the UID in record (${actual}). The object might have been deleted and then recreated`,
    about(of, name),
  );

/** `field`, `cause` and `sentence` as in field.Error: `spec.replicas`, `FieldValueInvalid`, `Invalid value: -1: must be ...`. */
export const invalid = (of: Resource, name: string, field: string, cause: string, sentence: string): ApiError =>
  new ApiError(422, 'Invalid', `${of.kind}${of.group === '' ? '' : `.${of.group}`} "${name}" is invalid: ${field}: ${sentence}`, {
    ...about(of, name),
    kind: of.kind,
    causes: [{ reason: cause, message: sentence, field }],
  });

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);
export const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);
export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');
export const noRoute = (): ApiError => new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const forbidden = (of: { readonly group: string; readonly resource: string; readonly name: string }, message: string): ApiError =>
  new ApiError(403, 'Forbidden', message, {
    ...(of.name === '' ? {} : { name: of.name }),
    ...(of.group === '' ? {} : { group: of.group }),
    kind: of.resource,
  });
