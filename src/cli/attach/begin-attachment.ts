import type { CommandContext, FrontEnd } from '../../commands/model/types.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { timelineEntry } from '../../session/draft.ts';
import type { SessionStore } from '../../session/types.ts';
import { oneLine } from '../../session/words.ts';
import type { AttachRequest } from './attach-request.ts';
import type { CliIo } from '../process/io.ts';
import { type Attachment, openAttachment } from './open-attachment.ts';
import { ownSandbox, remoteSandbox } from '../wiring/sandbox-control.ts';
import { connect } from '../wiring/services.ts';

/** Connects and opens what was asked for; with the sandbox, starts that first unless somebody else keeps it. What was opened is closed with the attachment. */
export async function beginAttachment(
  request: AttachRequest,
  pieces: {
    readonly store: SessionStore;
    readonly front: FrontEnd;
    readonly mode: CommandContext['mode'];
    readonly logLines?: number | undefined;
    readonly sandbox?: () => Promise<Sandbox>;
  },
  io: CliIo,
  signal: AbortSignal,
): Promise<Attachment> {
  await using opening = new AsyncDisposableStack();
  const start = pieces.sandbox ?? (async () => opening.use(await (await import('../../sandbox/start.ts')).startSandbox()));
  const sandbox = request.sandbox ? await start() : undefined;
  // Starting it takes a moment in which the user may have left.
  signal.throwIfAborted();
  const options =
    sandbox === undefined
      ? request.connection
      : {
          ...request.connection,
          kubeconfig: sandbox.kubeconfig,
          ...(request.moved ?? { context: undefined, namespace: sandbox.namespace }),
        };
  const connection = opening.use(
    await connect(
      options,
      io,
      pieces.mode === 'tui' ? credentialNotes(pieces, io) : (note) => io.stderr(`${note}\n`),
      (work) => pieces.front.letAsk?.(work) ?? Promise.resolve(false),
    ),
  );
  signal.throwIfAborted();
  // Disposed after the session: what a drill broke is healed on leaving.
  const remote = sandbox === undefined ? opening.use(await remoteSandbox(connection.kubernetes)) : undefined;
  const attachment = opening.use(
    await openAttachment({
      ...pieces,
      connection,
      clusterId: request.clusterId ?? sandbox?.clusterId ?? '',
      readOnly: request.front.readOnly,
      sandbox: sandbox === undefined ? remote : await ownSandbox(sandbox),
      mustExist: request.mustExist,
      io,
      signal,
    }),
  );
  const lifetime = opening.move();
  return { ...attachment, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

/** What a credential plug-in says, for who looks at a screen: below the panels until a key is pressed, and in the timeline for good. Nothing twice in a row. */
function credentialNotes(
  { store, front }: { readonly store: SessionStore; readonly front: FrontEnd },
  { clock }: CliIo,
): (note: string) => void {
  let last: string | undefined;
  return (note) => {
    const text = oneLine(note);
    if (text === last) return;
    last = text;
    const at = clock.now();
    store.tell([{ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'info', undefined, text) }]);
    front.print([text]);
  };
}
