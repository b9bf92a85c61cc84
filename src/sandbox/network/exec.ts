import type { WebSocket } from 'ws';
import type { ApiObject } from '../api/objects.ts';
import type { ObjectReader } from '../api/store.ts';
import { isShell, runInPod, runScript, type Output } from '../pods/toy-shell.ts';

/** Newest first: v5 can close stdin, v4 cannot. Source: k8s.io/apimachinery util/remotecommand. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const CLOSE = 255;

export interface ExecOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** Runs a command of the toy shell over the channels of a WebSocket. */
export function serveExec(socket: WebSocket, objects: ObjectReader, pod: ApiObject, { command, stdin, tty }: ExecOptions): void {
  const send = (channel: number, text: string): void => {
    if (text !== '' && socket.readyState === socket.OPEN)
      socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(tty ? text.replaceAll('\n', '\r\n') : text)]));
  };
  const show = ({ stdout, stderr }: Output): void => {
    send(STDOUT, stdout);
    send(tty ? STDOUT : STDERR, stderr);
  };
  const exit = (exitCode: number): void => {
    const status =
      exitCode === 0
        ? { metadata: {}, status: 'Success' }
        : {
            metadata: {},
            status: 'Failure',
            message: `command terminated with non-zero exit code: exit status ${exitCode}`,
            reason: 'NonZeroExitCode',
            details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
          };
    if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([ERROR]), Buffer.from(JSON.stringify(status))]));
    socket.close(1000);
  };

  const [program = ''] = command;
  const interactive = isShell(program) && command.length === 1;
  const copies = program === 'cat' && command.length === 1;
  if (!stdin || (!interactive && !copies)) {
    const output = runInPod(objects, pod, command);
    show(output);
    return exit(output.exitCode);
  }

  const prompt = (): void => (tty ? send(STDOUT, '$ ') : undefined);
  let line = '';
  let last = 0;
  const typed = (text: string): void => {
    if (copies) return send(STDOUT, text);
    if (tty) send(STDOUT, text.replaceAll('\r', '\n'));
    line += text.replaceAll('\r', '\n');
    for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
      const script = line.slice(0, end);
      line = line.slice(end + 1);
      const output = runScript(objects, pod, script);
      show(output);
      last = output.exitCode;
      if (/^\s*exit\b/.test(script)) return exit(last);
      prompt();
    }
    if (text.includes('\x04')) exit(last);
  };
  prompt();
  socket.on('message', (message) => {
    const bytes = message as Buffer;
    if (bytes[0] === STDIN) typed(bytes.toString('utf8', 1));
    else if (bytes[0] === CLOSE && bytes[1] === STDIN) {
      if (line !== '') typed('\n');
      exit(last);
    }
  });
}
