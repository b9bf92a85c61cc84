/** Whose code a frame of a stack is. Libraries of a job count as the user's: they come with its jar. */
export type Origin = 'user' | 'flink' | 'jdk';

export interface StackFrame {
  /** `drey.FailAfter.chain(FailAfter.java:69)` */
  readonly text: string;
  readonly origin: Origin;
}

/** One exception of a chain. */
export interface Cause {
  /** `java.io.IOException` */
  readonly className: string;
  readonly message: string;
  readonly frames: readonly StackFrame[];
  /** Frames that Java leaves out, because they are those of the exception around it. */
  readonly shared: number;
  /** How many exceptions of clean-up were put aside for this one. */
  readonly suppressed: number;
}

const flink = /^(?:org\.apache\.flink|org\.apache\.pekko|akka|scala)\./;
const jdk = /^(?:java|javax|jdk|sun|com\.sun)\./;

function originOf(method: string): Origin {
  if (flink.test(method)) return 'flink';
  return jdk.test(method) ? 'jdk' : 'user';
}

/** The class loader and the module before a method: `app//`, `java.base/`, `java.base@17/`. */
const loader = /^(?:[\w.@-]*\/){1,2}/;

const frameLine = /^\tat (.+)$/;
const sharedLine = /^\t\.\.\. (\d+) (?:more|common frames omitted)$/;
const suppressedLine = /^\t+Suppressed: /;
const causedBy = 'Caused by: ';
const envelope = /^<Exception on server side:\n|\n?End of exception on server side>\s*$/g;
/** A class name as Java writes it before a message: a package in lower case, then a class. */
const className = /^(?:[\p{Ll}_][\w$]*\.)+[\p{Lu}][\w$]*(?=:|$)/u;

interface Draft {
  head: string[];
  frames: StackFrame[];
  shared: number;
  suppressed: number;
}

const begun = (head: string): Draft => ({ head: [head], frames: [], shared: 0, suppressed: 0 });

function headOf(lines: readonly string[]): Pick<Cause, 'className' | 'message'> {
  const text = lines.join('\n').trim();
  const name = className.exec(text)?.[0];
  if (name === undefined) return { className: '', message: text };
  return { className: name, message: text.slice(name.length).replace(/^:\s*/, '') };
}

/**
 * The chain of a stack trace as `Throwable.printStackTrace` writes it, the outermost exception first. A text that is no stack trace is one
 * exception without a class.
 */
export function parseStack(text: string): readonly Cause[] {
  const drafts: Draft[] = [];
  for (const line of text.replace(envelope, '').split('\n')) {
    const current = drafts.at(-1);
    if (current === undefined) drafts.push(begun(line));
    else if (line.startsWith(causedBy)) drafts.push(begun(line.slice(causedBy.length)));
    else readLine(current, line);
  }
  return drafts.map(({ head, frames, shared, suppressed }) => ({ ...headOf(head), frames, shared, suppressed }));
}

function readLine(current: Draft, line: string): void {
  if (suppressedLine.test(line)) {
    current.suppressed += 1;
    return;
  }
  // The frames of an exception come before those that it suppresses: what is indented after them is theirs.
  if (current.suppressed > 0 && line.startsWith('\t')) return;
  const frame = frameLine.exec(line)?.[1];
  const shared = sharedLine.exec(line)?.[1];
  if (frame !== undefined) {
    const method = frame.replace(loader, '');
    current.frames.push({ text: method, origin: originOf(method) });
  } else if (shared !== undefined) current.shared = Number(shared);
  else if (current.frames.length === 0) current.head.push(line);
}

const nothing: Cause = { className: '', message: '', frames: [], shared: 0, suppressed: 0 };

/** The deepest exception: what happened first. */
export const rootOf = (causes: readonly Cause[]): Cause => causes.at(-1) ?? nothing;

/** `IOException: disk quota exceeded`; the class alone if there is no message. */
export function causeWords({ className: name, message }: Pick<Cause, 'className' | 'message'>): string {
  const simple = name.slice(name.lastIndexOf('.') + 1);
  if (simple === '') return message;
  return message === '' ? simple : `${simple}: ${message}`;
}
