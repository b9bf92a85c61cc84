import type { WebSocket } from 'ws';
import type { ApiObject } from '../api/objects.ts';
import type { ObjectReader } from '../api/store.ts';
import { opensShell, runInPod, runScript, type Output } from '../pods/toy-shell.ts';
import { typedLines } from './typed-lines.ts';

/** Newest first: v5 can close stdin, v4 cannot. Source: k8s.io/apimachinery util/remotecommand. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
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
  const interactive = opensShell(command);
  const copies = program === 'cat' && command.length === 1;
  if (!stdin || (!interactive && !copies)) {
    const output = runInPod(objects, pod, command);
    show(output);
    return exit(output.exitCode);
  }

  let size = '0 0';
  let last = 0;
  const prompt = (): void => (tty ? send(STDOUT, `flink@${pod.metadata.name}:~$ `) : undefined);
  const runLine = (script: string): void => {
    const output = /^\s*stty size\s*$/.test(script) ? { stdout: `${size}\n`, stderr: '', exitCode: 0 } : runScript(objects, pod, script);
    show(output);
    last = output.exitCode;
    if (/^\s*exit\b/.test(script)) exit(last);
    else prompt();
  };
  const lines = typedLines({ tty, echo: (text) => send(STDOUT, text), line: runLine, interrupted: prompt, ended: () => exit(last) });
  prompt();
  socket.on('message', (message) => {
    const bytes = message as Buffer;
    if (bytes[0] === STDIN) {
      if (copies) send(STDOUT, bytes.toString('utf8', 1));
      else lines.typed(bytes.toString('utf8', 1));
    } else if (bytes[0] === RESIZE) {
      const { Width, Height } = JSON.parse(bytes.toString('utf8', 1)) as { readonly Width: number; readonly Height: number };
      size = `${Height} ${Width}`;
    } else if (bytes[0] === CLOSE && bytes[1] === STDIN) lines.end();
  });
}
