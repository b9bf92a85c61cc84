import { briefName } from '../../native/pod-names.ts';
import { selectTroubledPods } from '../../session/selectors/pods.ts';
import type { Session } from '../../session/types.ts';

export const shortNameOf = ({ pods, gone }: Pick<Session, 'pods' | 'gone'>, pod: string): string =>
  pods.get(pod)?.shortName ?? gone.findLast(({ name }) => name === pod)?.shortName ?? pod;

/** The names of pods next to their lines. */
export function briefNames(session: () => Session): (pod: string) => string {
  const names = new Map<string, string>();
  return (pod) => {
    let name = names.get(pod);
    if (name === undefined) {
      name = briefName(shortNameOf(session(), pod), selectTroubledPods(session()).masters.length > 1);
      names.set(pod, name);
    }
    return name;
  };
}
