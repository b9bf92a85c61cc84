import type { Calls } from './calls.ts';
import { jobPath } from './job-calls.ts';
import { exceptionHistory } from './schemas/exceptions.ts';
import type { ExceptionCalls } from './exception-types.ts';

export function exceptionCalls(calls: Calls): ExceptionCalls {
  return {
    exceptionHistory: (id, most, call) => calls.get(`${jobPath(id)}/exceptions?maxExceptions=${most}`, exceptionHistory, call),
  };
}
