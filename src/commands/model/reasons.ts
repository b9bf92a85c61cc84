import type { Session } from '../../session/types.ts';
import { isRunning } from './find-subject.ts';

/** Why a command is not available now; undefined if this does not prevent it. */
type Reason = (session: Session) => string | undefined;

export const noRunningJob: Reason = ({ jobs, jobsKnown }) => (!jobsKnown || jobs.some(isRunning) ? undefined : 'No job is running.');

/**
 * The server does not enforce this, but whoever set it wants no jobs to be cancelled from outside. Source: `WebOptions.CANCEL_ENABLE`,
 * Flink 2.3.
 */
export const cancelForbidden: Reason = ({ config }) =>
  config?.webCancel === false ? 'This cluster does not allow it: web.cancel.enable is false.' : undefined;

/** Without it the server has no endpoint for jars. Source: `WebOptions.SUBMIT_ENABLE`, Flink 2.3. */
export const submitForbidden: Reason = ({ config }) =>
  config?.webSubmit === false ? 'This cluster accepts no jars: web.submit.enable is false.' : undefined;
