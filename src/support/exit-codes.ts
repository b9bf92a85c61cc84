/**
 * Exit codes of every command line: `ok`; `failed`: an action did not succeed, or was refused; `usage`: the command line was not
 * understood; `unknown`: no problem is known, but not everything could be checked; `interrupted`: Ctrl+C or a signal ended it (128 +
 * SIGINT).
 */
export const exitCodes = { ok: 0, failed: 1, usage: 2, unknown: 3, interrupted: 130 } as const;
