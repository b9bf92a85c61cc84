import type { AccessQuestion } from '../../kubernetes/model/types.ts';
import type { Session } from '../../session/types.ts';

/** The right to run something in a container. Over SPDY it is the only one that is needed. */
export const mayExec = ({ target: { namespace } }: Pick<Session, 'target'>): readonly AccessQuestion[] => [
  { verb: 'create', resource: 'pods', subresource: 'exec', namespace },
];
