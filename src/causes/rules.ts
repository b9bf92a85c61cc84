import type { PodRole } from '../native/pod.ts';
import { checkpointFailed, checkpointTimeout } from './rules/checkpoints.ts';
import { askedToEnd, heartbeat, lostConnection, lostJob, thrown } from './rules/jobs-and-workers.ts';
import { jobSignatures } from './rules/jobs.ts';
import { memoryLimit, memorySignatures } from './rules/memory.ts';
import { deleted, image, imageAdvice, lastWords, removed, schedulerAdvice, slowStart, told, unschedulable } from './rules/pods.ts';
import { refused, slotLimit, tooFewSlots, unregistered } from './rules/slots.ts';
import { startSignatures } from './rules/start.ts';
import type { Rule } from './rule.ts';
import { adviceIn, signatureRule } from './signature.ts';

const signatures = [...memorySignatures, ...startSignatures, ...jobSignatures];

/** In their order: of one matter, the first rule that proves something is its cause. What is known exactly comes before what is only told. */
export const rules: readonly Rule[] = [
  memoryLimit,
  removed,
  deleted,
  image,
  ...signatures.map(signatureRule),
  unschedulable,
  slowStart,
  checkpointTimeout,
  checkpointFailed,
  lostJob,
  unregistered,
  refused,
  slotLimit,
  lastWords,
  thrown,
  told,
  heartbeat,
  lostConnection,
  askedToEnd,
  tooFewSlots,
];

const lasting = new Set(signatures.flatMap((signature) => (signature.lasting === true ? [signature.id] : [])));

/** Whether the same happens again if the job or the process is started again as it is. */
export const isLasting = (rule: string | undefined): boolean => rule !== undefined && lasting.has(rule);

/** What helps against what this text says, as far as that is known without asking for more. */
export const adviceFor = (text: string, role: PodRole): readonly string[] => [
  ...adviceIn(signatures, text, role),
  ...schedulerAdvice(text, role),
  ...imageAdvice(text),
];
