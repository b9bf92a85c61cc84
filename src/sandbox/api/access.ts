import type { IncomingMessage } from 'node:http';
import { isRecord, recordOf, textOf } from './objects.ts';
import { ApiError, forbidden, unauthorized } from './status.ts';

/** A right that is taken away; `*` or an absent member matches everything. */
export interface Denial {
  readonly verb?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

export interface AskedRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** The rights. Everybody is `sandbox-user` and may do everything until a fault takes a right away. */
export interface Access {
  deny(denial: Denial): void;
  allowAll(): void;
  /** From now on requests need this bearer token; undefined: they need none. */
  requireToken(token: string | undefined): void;
  /** Throws 401 if a token is required and missing. */
  authenticate(request: IncomingMessage): void;
  /** Throws 403 as RBAC does. */
  authorize(asked: AskedRight): void;
  /** Answers a SelfSubjectAccessReview, or a SubjectAccessReview. Other users have all rights. */
  review(body: unknown): Record<string, unknown>;
  /** Answers a SelfSubjectReview. */
  whoAmI(body: unknown): Record<string, unknown>;
}

const USER = 'sandbox-user';

export function openAccess(): Access {
  let denials: Denial[] = [];
  let token: string | undefined;

  const denied = (asked: AskedRight): boolean =>
    denials.some(
      (denial) =>
        covers(denial.verb, asked.verb) &&
        covers(denial.resource, asked.resource) &&
        covers(denial.namespace, asked.namespace) &&
        (denial.subresource === undefined ? true : denial.subresource === '*' || denial.subresource === asked.subresource),
    );

  return {
    deny: (denial) => void denials.push(denial),
    allowAll: () => {
      denials = [];
    },
    requireToken: (wanted) => {
      token = wanted;
    },
    authenticate(request) {
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) throw unauthorized();
    },
    authorize(asked) {
      if (denied(asked)) throw refusal(asked);
    },
    review(body) {
      const spec = isRecord(body) ? body['spec'] : undefined;
      const attributes = recordOf(spec, 'resourceAttributes');
      const asked: AskedRight = {
        verb: textOf(attributes, 'verb') ?? '*',
        group: textOf(attributes, 'group') ?? '',
        resource: textOf(attributes, 'resource') ?? '',
        subresource: textOf(attributes, 'subresource') ?? '',
        namespace: textOf(attributes, 'namespace') ?? '',
        name: textOf(attributes, 'name') ?? '',
      };
      if (!isRecord(body)) throw new ApiError(400, 'BadRequest', 'the body is not an access review');
      const allowed = (textOf(spec, 'user') ?? USER) !== USER || !denied(asked);
      return {
        ...body,
        metadata: {},
        status: allowed ? { allowed, reason: 'the sandbox allows everything that no fault denies' } : { allowed },
      };
    },
    whoAmI: (body) => ({
      ...(isRecord(body) ? body : {}),
      metadata: {},
      status: { userInfo: { username: USER, groups: ['system:authenticated'] } },
    }),
  };
}

const covers = (rule: string | undefined, asked: string): boolean => rule === undefined || rule === '*' || rule === asked;

function refusal(asked: AskedRight): ApiError {
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const shown =
    asked.group === '' ? resource : `${asked.resource}.${asked.group}${asked.subresource === '' ? '' : `/${asked.subresource}`}`;
  const scope = asked.namespace === '' ? 'at the cluster scope' : `in the namespace "${asked.namespace}"`;
  const name = asked.name === '' ? '' : ` "${asked.name}"`;
  const message = `${shown}${name} is forbidden: User "${USER}" cannot ${asked.verb} resource "${resource}" in API group "${asked.group}" ${scope}`;
  return forbidden({ group: asked.group, resource: asked.resource, name: asked.name }, message);
}
