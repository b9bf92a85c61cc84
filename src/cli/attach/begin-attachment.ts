import type { CommandContext, FrontEnd } from '../../commands/model/types.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { timelineEntry } from '../../session/draft.ts';
import type { SessionStore } from '../../session/types.ts';
import { recordingsFolder } from '../../session/recording/places.ts';
import type { ShownStore } from '../../session/recording/shown-store.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { AttachRequest } from './attach-request.ts';
import { stateFolder } from '../process/folders.ts';
import type { CliIo } from '../process/io.ts';
import { type Attachment, type LogSettings, openAttachment } from './open-attachment.ts';
import { ownSandbox, remoteSandbox } from '../wiring/sandbox-control.ts';
import { connect } from '../wiring/services.ts';

/**
 * Connects and opens the requested session; with the sandbox, first starts it unless the caller keeps one. Everything opened here is closed
 * with the attachment.
 */
export async function beginAttachment(
  request: AttachRequest,
  pieces: {
    readonly store: SessionStore;
    readonly shown?: ShownStore;
    readonly record?: boolean;
    readonly front: FrontEnd;
    readonly mode: CommandContext['mode'];
    readonly logs?: LogSettings | undefined;
    readonly sandbox?: () => Promise<Sandbox>;
  },
  io: CliIo,
  signal: AbortSignal,
): Promise<Attachment> {
  await using opening = new AsyncDisposableStack();
  const start = pieces.sandbox ?? (async () => opening.use(await (await import('../../sandbox/start.ts')).startSandbox()));
  const sandbox = request.sandbox ? await start() : undefined;
  // The user may have left while it was starting.
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
  // Disposed after the session: leaving heals what a drill broke.
  const remote = sandbox === undefined ? opening.use(remoteSandbox(connection.kubernetes)) : undefined;
  const attachment = opening.use(
    await openAttachment({
      ...pieces,
      // Nothing of a sandbox outlives the session that started it.
      logs: sandbox === undefined || pieces.logs === undefined ? pieces.logs : { ...pieces.logs, keep: false },
      recordings: recordingsFolder(sandbox?.folder ?? stateFolder(io)),
      connection,
      clusterId: request.clusterId ?? sandbox?.clusterId ?? '',
      readOnly: request.front.readOnly,
      sandbox: sandbox === undefined ? remote?.control : () => ownSandbox(sandbox),
      mustExist: request.mustExist,
      io,
      signal,
    }),
  );
  const lifetime = opening.move();
  return { ...attachment, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

/**
 * Shows the notes of a credential plug-in on the screen: below the panels until a key is pressed, and permanently in the timeline. Never
 * the same note twice in a row.
 */
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
