import { bodyOf, sendJson, type Call } from '../api/call.ts';
import { isRecord } from '../api/objects.ts';
import { ApiError, badRequest } from '../api/status.ts';
import type { ControlAnswer, ControlCommand } from './command.ts';

/** `POST /sandbox/control`: one command as JSON. Errors are `{"error": …}`. */
export const controlRoute =
  (perform: (command: ControlCommand) => Promise<ControlAnswer>) =>
  async ({ request, response, path }: Call): Promise<void> => {
    try {
      const command: unknown = path === '/sandbox/control' ? JSON.parse((await bodyOf(request)).toString('utf8')) : undefined;
      if (!isRecord(command)) throw badRequest('POST one command as JSON to /sandbox/control');
      sendJson(response, 200, await perform(command as unknown as ControlCommand));
    } catch (error) {
      const status = error instanceof ApiError ? error.code : error instanceof SyntaxError ? 400 : 500;
      sendJson(response, status, { error: error instanceof Error ? error.message : String(error) });
    }
  };
