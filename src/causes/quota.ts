import { parseQuantity } from '../kubernetes/model/quantity.ts';
import type { PodRole } from '../native/pod.ts';
import { formatMemory } from '../support/format.ts';

/** What a quota has too little of for a pod, in the words of the API server. */
export interface Shortage {
  /** `limits.memory`, `requests.cpu`, `pods`. */
  readonly resource: string;
  readonly requested: string;
  readonly used: string;
  readonly limit: string;
}

/** `limits.cpu=1,limits.memory=1Gi` by resource. */
const amounts = (list: string): ReadonlyMap<string, string> =>
  new Map(
    list
      .split(',')
      .flatMap((pair) => [/^([^=]+)=(.+)$/.exec(pair)].flatMap((found) => (found === null ? [] : [[found[1] ?? '', found[2] ?? '']]))),
  );

/**
 * `requested: limits.cpu=1,limits.memory=1728Mi, used: limits.cpu=3,limits.memory=1Gi, limited: limits.cpu=3,limits.memory=2Gi`; empty: the text is
 * about something else, such as a limit range. Source: `CheckRequest` of the plug-in ResourceQuota, Kubernetes 1.34.
 */
export function shortagesIn(text: string): readonly Shortage[] {
  const [, requested, used, limited] = /requested: (\S+), used: (\S+), limited: (\S+)/.exec(text) ?? [];
  if (requested === undefined || used === undefined || limited === undefined) return [];
  const [needs, taken] = [amounts(requested), amounts(used)];
  return [...amounts(limited)].flatMap(([resource, limit]) => {
    const [need, now] = [needs.get(resource), taken.get(resource)];
    return need === undefined || now === undefined ? [] : [{ resource, requested: need, used: now, limit }];
  });
}

const written = (resource: string, amount: number): string =>
  /memory|storage/.test(resource) ? formatMemory(amount) : String(Number(amount.toFixed(3)));

/** A shortage as a sentence, with what is missing. */
export function shortageWords({ resource, requested, used, limit }: Shortage): string {
  const [need, now, most] = [requested, used, limit].map(parseQuantity);
  const missing = need === undefined || now === undefined || most === undefined ? undefined : now + need - most;
  const lack = missing === undefined || missing <= 0 ? '' : `, so ${written(resource, missing)} ${missing === 1 ? 'is' : 'are'} missing`;
  return `${resource} may be ${limit} in this namespace; ${used} of that is used, and the pod needs ${requested}${lack}.`;
}

/** The option that decides how much of it a pod asks for; undefined: none does. */
function optionFor(resource: string, role: PodRole): string | undefined {
  if (/(?:^|\.)memory$/.test(resource)) return `${role}.memory.process.size`;
  return /(?:^|\.)cpu$/.test(resource) ? `kubernetes.${role}.cpu.amount` : undefined;
}

/** What helps if a quota or a limit range leaves no room: options only for what it is about, if that is known. */
export function roomAdvice(text: string, role: PodRole): string {
  const resources = shortagesIn(text).map(({ resource }) => resource);
  const about = resources.length > 0 ? resources : ['cpu', 'memory'];
  const options = [...new Set(about.flatMap((resource) => optionFor(resource, role) ?? []))];
  return options.length === 0 ? 'a larger quota, or fewer pods.' : `a larger quota, or a smaller request: ${options.join(', ')}.`;
}
