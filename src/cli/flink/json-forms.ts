import type { Action } from './option-tables.ts';

/** One field of the document that an action prints with `-o json`. Fields are never removed or renamed. */
export interface JsonMember {
  readonly name: string;
  readonly type: 'text' | 'number' | 'boolean' | 'object' | 'list';
  /** When the field is present; absent: always. */
  readonly when?: string;
  readonly summary: string;
}

const jobId: JsonMember = { name: 'jobId', type: 'text', summary: 'Id of the job, 32 hex digits' };
const triggerId: JsonMember = { name: 'triggerId', type: 'text', summary: 'Id under which Flink keeps the operation for some minutes' };

/** The fields of the documents. The reference is generated from this, and a test checks the actions against it. */
export const jsonForms: Readonly<Record<Action | 'savepoint -d', readonly JsonMember[]>> = {
  run: [
    jobId,
    { name: 'jar', type: 'object', summary: '`id` and `name` on the cluster, and whether it was `uploaded` now' },
    { name: 'state', type: 'text', when: 'attached, or with `--wait`', summary: 'State of the job at the end of the waiting' },
    { name: 'netRuntimeMs', type: 'number', when: 'attached', summary: 'How long the job ran, in milliseconds' },
    { name: 'accumulators', type: 'object', when: 'attached', summary: 'Results of the program, as text by name' },
  ],
  info: [{ name: 'plan', type: 'object', summary: 'The plan as the JobManager draws it: `jid`, `name`, `type`, `nodes`' }],
  list: [
    {
      name: 'jobs',
      type: 'list',
      summary:
        'Of each job `id`, `name`, `state`, `startTime` and `endTime` (ISO 8601, absent if there is none yet), `durationMs`, `tasks` (`total` and the number in each state)',
    },
  ],
  stop: [
    jobId,
    triggerId,
    { name: 'savepoint', type: 'text', when: 'not with `-detached`', summary: 'Path of the savepoint' },
    { name: 'state', type: 'text', when: 'with `--wait`', summary: 'State in which the job ended' },
  ],
  cancel: [
    jobId,
    {
      name: 'state',
      type: 'text',
      when: 'not with `-s`',
      summary: '`CANCELLING` when it was accepted; with `--wait` the state in which the job ended',
    },
    { ...triggerId, when: 'with `-s`' },
    { name: 'savepoint', type: 'text', when: 'with `-s`', summary: 'Path of the savepoint' },
  ],
  savepoint: [jobId, triggerId, { name: 'savepoint', type: 'text', when: 'not with `-detached`', summary: 'Path of the savepoint' }],
  'savepoint -d': [{ name: 'disposed', type: 'text', summary: 'Path of the savepoint that was deleted' }],
  checkpoint: [
    jobId,
    triggerId,
    { name: 'checkpointId', type: 'number', summary: 'Number of the checkpoint' },
    { name: 'full', type: 'boolean', summary: 'Whether a full one was asked for' },
  ],
};
