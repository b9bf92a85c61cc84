import { isRecord, type ApiObject, type Labels } from './objects.ts';
import { ApiError } from './status.ts';

export type Test = (object: ApiObject) => boolean;

/** A label selector in its text form: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Source: k8s.io/apimachinery labels.Parse. */
export function labelTest(selector: string | undefined): Test {
  if (selector === undefined || selector.trim() === '') return () => true;
  const tests = splitOutsideParentheses(selector).map(labelRequirement);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

/** A field selector: `metadata.name=x,status.phase!=Running`. Unknown fields of events and pods are compared by path, as text. */
export function fieldTest(selector: string | undefined): Test {
  if (selector === undefined || selector.trim() === '') return () => true;
  const tests = selector.split(',').map((part): Test => {
    const match = /^([^!=]+)(==|!=|=)(.*)$/.exec(part);
    if (match === null)
      throw new ApiError(
        400,
        'BadRequest',
        `Unable to find field label in selector: invalid selector: '${selector}'; can't understand '${part}'`,
      );
    const [, path = '', operator, value = ''] = match;
    return (object) => (fieldText(object, path) === value) === (operator !== '!=');
  });
  return (object) => tests.every((test) => test(object));
}

function fieldText(object: ApiObject, path: string): string {
  let found: unknown = object;
  for (const member of path.split('.')) found = isRecord(found) ? found[member] : undefined;
  return found === undefined || found === null ? '' : String(found);
}

function labelRequirement(text: string): (labels: Labels) => boolean {
  const part = text.trim();
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    return (labels) => (labels[key] !== undefined && values.has(labels[key])) === (operator === 'in');
  }
  const equal = /^([^!=\s]+)\s*(==|!=|=)\s*(\S*)$/.exec(part);
  if (equal !== null) {
    const [, key = '', operator, value = ''] = equal;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  if (/^![^\s=]+$/.test(part)) return (labels) => labels[part.slice(1)] === undefined;
  if (/^[^\s=!()]+$/.test(part)) return (labels) => labels[part] !== undefined;
  throw new ApiError(400, 'BadRequest', `unable to parse requirement: found '${part}', expected: ',' or 'end of string'`);
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

/** `matchLabels` of a Deployment or ReplicaSet. */
export const matchesLabels = (wanted: Labels, labels: Labels | undefined): boolean =>
  Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
