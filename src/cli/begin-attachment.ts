import type { CommandContext, FrontEnd } from '../commands/types.ts';
import type { SessionStore } from '../session/types.ts';
import type { AttachRequest } from './attach-request.ts';
import type { CliIo } from './io.ts';
import { type Attachment, openAttachment } from './open-attachment.ts';
import { connect } from './services.ts';

/** Connects and opens what was asked for; with the sandbox, starts that first. What was opened is closed with the attachment. */
export async function beginAttachment(request: AttachRequest, pieces: { readonly store: SessionStore; readonly front: FrontEnd; readonly mode: CommandContext['mode']; readonly logLines?: number | undefined }, io: CliIo, signal: AbortSignal): Promise<Attachment> {
  await using opening = new AsyncDisposableStack();
  const sandbox = request.sandbox ? opening.use(await (await import('../sandbox/start.ts')).startSandbox()) : undefined;
  // Starting it takes a moment in which the user may have left.
  signal.throwIfAborted();
  const options = sandbox === undefined ? request.connection : { ...request.connection, kubeconfig: sandbox.kubeconfig, context: undefined, namespace: sandbox.namespace };
  const connection = opening.use(await connect(options, io));
  signal.throwIfAborted();
  const attachment = opening.use(await openAttachment({
    ...pieces, connection, clusterId: request.clusterId ?? sandbox?.clusterId ?? '', readOnly: request.front.readOnly,
    sandbox: sandbox === undefined ? undefined : { examples: sandbox.examples }, mustExist: request.mustExist, io, signal,
  }));
  const lifetime = opening.move();
  return { ...attachment, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}
