import { badRequest } from './status.ts';

/** `kubectl auth can-i` sends its review as protobuf. It is the only protobuf message that the sandbox reads. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** A SelfSubjectAccessReview from its protobuf envelope. Field numbers: k8s.io/api authorization/v1 generated.proto. */
export function reviewFromProtobuf(body: Buffer): unknown {
  // Four bytes of magic, then runtime.Unknown: type 1, raw 2.
  if (body.toString('latin1', 0, 4) !== 'k8s\0') throw badRequest('the body is not a protobuf message of Kubernetes');
  const review = fields(field(body.subarray(4), 2)).get(2) ?? Buffer.alloc(0);
  const attributes = fields(field(review, 1));
  const names = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'];
  const resourceAttributes = Object.fromEntries(names.map((name, index) => [name, attributes.get(index + 1)?.toString('utf8') ?? '']));
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
}

const field = (message: Buffer, number: number): Buffer => fields(message).get(number) ?? Buffer.alloc(0);

/** The length-delimited fields of a message by number; numbers are skipped. */
function fields(message: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < message.length; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const key = varint();
    if ((key & 7) === 0) varint();
    else if ((key & 7) === 2) {
      const length = varint();
      found.set(key >>> 3, message.subarray(at, at + length));
      at += length;
    } else throw badRequest('the protobuf message has a field of a kind that the sandbox does not read');
  }
  return found;
}
