import type { ThreadInfo } from '../../flink/process-types.ts';
import type { Thread, ThreadFrame } from './thread.ts';

/** What follows the name: `Id=27 BLOCKED on java.lang.Object@1f owned by "flink-4" Id=12 (suspended) (in native)`. */
const head =
  /^Id=(?<id>\d+) (?<state>\w+)(?: on (?<lock>\S+))?(?: owned by "(?<owner>.*)" Id=(?<ownerId>\d+))?(?<marks>(?: \([a-z ]+\))*)$/s;

/**
 * Reads one thread of a dump. Source: `JvmUtils.stringifyThreadInfo`, Flink 1.20 to 2.3, which writes what `ThreadInfo.toString` of Java
 * does, with more frames. What cannot be read has no state and no frames: its name is still shown.
 */
export function parseThread({ name, text }: ThreadInfo): Thread {
  // A name may hold anything, line feeds and quotes as well, and it is known.
  const opening = `"${name}" `;
  const begun = text.startsWith(opening) ? text.slice(opening.length) : text;
  const end = endOfHead(begun);
  const found = head.exec(begun.slice(0, end))?.groups;
  return {
    name,
    id: found === undefined ? undefined : Number(found.id),
    state: found?.state ?? 'UNKNOWN',
    native: found?.marks?.includes('(in native)') ?? false,
    suspended: found?.marks?.includes('(suspended)') ?? false,
    waitsFor: found?.lock,
    owner: found?.owner === undefined ? undefined : { name: found.owner, id: Number(found.ownerId) },
    ...stackOf(begun.slice(end)),
  };
}

/** The name of an owner may hold line feeds: the head ends where the first frame begins, or at the empty line behind it. */
function endOfHead(text: string): number {
  const end = text.search(/\n(?:\tat |\n|\t\.\.\.|$)/);
  return end === -1 ? text.length : end;
}

function stackOf(text: string): Pick<Thread, 'frames' | 'cut' | 'synchronizers'> {
  const frames: { readonly call: string; readonly locked: string[] }[] = [];
  const synchronizers: string[] = [];
  let cut = false;
  for (const line of text.split('\n')) {
    const frame = /^\tat (.*)$/.exec(line)?.[1];
    const locked = /^\t- {2}locked (.*)$/.exec(line)?.[1];
    const synchronizer = /^\t- (?! )(.*)$/.exec(line)?.[1];
    if (frame !== undefined) frames.push({ call: plainCall(frame), locked: [] });
    else if (locked !== undefined) frames.at(-1)?.locked.push(locked);
    else if (synchronizer !== undefined) synchronizers.push(synchronizer);
    else if (line === '\t...') cut = true;
  }
  return { frames: frames satisfies readonly ThreadFrame[], cut, synchronizers };
}

/**
 * Without the loader and the module that `StackTraceElement` puts before a call: `app//`, `java.base@17.0.15/`. The slash in the name of a
 * lambda (`X$$Lambda$189/0x00007f81af14eef0`) comes behind a `$`.
 */
const plainCall = (call: string): string => call.replace(/^(?:[\w.-]+\/\/|(?:[\w.-]+\/)?[\w.]+(?:@[\w.+-]+)?\/)/, '');
