import { javaTrace } from '../flink/failures.ts';

/** An error of Flink's REST API: `{"errors": [...]}`. */
export class RestError extends Error {
  readonly status: number;
  readonly causes: readonly string[];
  /** The exception that the first line begins with; undefined: an internal server error. */
  readonly exceptionName: string | undefined;

  constructor(
    status: number,
    message: string,
    { causes = [], exceptionName }: { readonly causes?: readonly string[]; readonly exceptionName?: string | undefined } = {},
  ) {
    super(message);
    this.name = 'RestError';
    this.status = status;
    this.causes = causes;
    this.exceptionName = exceptionName;
  }
}

const HANDLER = 'org.apache.flink.runtime.rest.handler.RestHandlerException';

/** A handler refused: one element, a stack trace that begins with the message. */
export const refused = (status: number, message: string, causes: readonly string[] = []): RestError =>
  new RestError(status, message, { causes, exceptionName: HANDLER });

/** `NotFoundException`, 404. */
export const restNotFound = (message: string, causes: readonly string[] = []): RestError =>
  new RestError(404, message, { causes, exceptionName: 'org.apache.flink.runtime.rest.NotFoundException' });

/** Anything else: 500 with two elements. `exception` is `class: message`. */
export const internal = (exception: string, causes: readonly string[] = []): RestError => new RestError(500, exception, { causes });

/** One plain sentence. */
export const plain = (status: number, message: string): RestError => new RestError(status, message, { exceptionName: '' });

/** The wrong method, or no such path. A GET falls through to the files of the web interface, where a POST is refused. Measured, Flink 2.3.0. */
export class NotARoute extends RestError {
  constructor(method: string, url: string, pathExists: boolean) {
    if (pathExists) super(404, `Not found: ${url}`, { exceptionName: '' });
    else if (method === 'POST') super(400, 'POST request not allowed', { exceptionName: '' });
    else super(404, `Unable to load requested file ${url.split('?')[0]}.`, { exceptionName: '' });
  }
}

export function errorBody(error: RestError): { readonly errors: readonly string[] } {
  if (error.exceptionName === '') return { errors: [error.message] };
  if (error.exceptionName !== undefined) return { errors: [javaTrace(`${error.exceptionName}: ${error.message}`, error.causes)] };
  return {
    errors: [
      'Internal server error.',
      `<Exception on server side:\n${javaTrace(error.message, error.causes)}\nEnd of exception on server side>`,
    ],
  };
}
