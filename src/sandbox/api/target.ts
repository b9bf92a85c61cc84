import { resourceOf, type Resource } from './resources.ts';

/** The object or list that an API path points to. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string;
}

/** `/api/v1/namespaces/default/pods/x/log` and its like; undefined for anything else. */
export function targetOf(path: string): Target | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const core = parts[0] === 'api' && parts[1] === 'v1';
  if (!core && !(parts[0] === 'apis' && parts.length >= 4)) return undefined;
  const group = core ? '' : (parts[1] ?? '');
  const rest = parts.slice(core ? 2 : 3);
  // `/namespaces/x` alone is the namespace itself; followed by more, it is a scope.
  const scoped = rest[0] === 'namespaces' && rest.length >= 3 && rest[2] !== 'status';
  const namespace = scoped ? rest[1] : undefined;
  const [plural = '', name, subresource = ''] = scoped ? rest.slice(2) : rest;
  const resource = resourceOf(group, plural);
  return resource === undefined ? undefined : { resource, namespace, name, subresource };
}

/** The verb that RBAC sees. */
export function verbOf(method: string, target: Target, watch: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return watch ? 'watch' : target.name === undefined ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return target.name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}
