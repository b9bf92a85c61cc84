import type { ControlAnswer, ControlCommand } from './control/command.ts';
import { ended, refusal } from './problems.ts';

/** The control of a sandbox in another process. Disposing waits for pending commands and leaves the sandbox running. */
export interface RemoteControl extends AsyncDisposable {
  /** Throws a fault switch. Rejects with a `Problem` if the command makes no sense now, or if the sandbox has ended. */
  control(command: ControlCommand): Promise<ControlAnswer>;
}

/** `address` is that of its control. */
export function remoteControl(address: string): RemoteControl {
  const asked = new Set<Promise<unknown>>();
  return {
    control(command) {
      const answer = ask(address, command);
      const over = answer.catch(() => undefined).finally(() => asked.delete(over));
      asked.add(over);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(asked);
    },
  };
}

async function ask(address: string, command: ControlCommand): Promise<ControlAnswer> {
  const { ok, answer } = await post(`${address}/sandbox/control`, JSON.stringify(command));
  if (!ok) throw refusal(String(answer['error']));
  return answer;
}

async function post(url: string, body: string): Promise<{ readonly ok: boolean; readonly answer: ControlAnswer }> {
  try {
    const response = await fetch(url, { method: 'POST', body, redirect: 'error' });
    return { ok: response.ok, answer: (await response.json()) as ControlAnswer };
  } catch (error) {
    // No connection, or no JSON: another program may have taken the port since.
    throw ended(error);
  }
}
