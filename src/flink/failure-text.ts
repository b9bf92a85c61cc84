import { asSentence } from '../support/problem.ts';
/** A Java stack trace in words: its first message and its deepest reason, without class names and frames. */
export interface FailureText {
  readonly headline: string;
  /** The message of the deepest cause; the same as `headline` if there is only one. */
  readonly reason: string;
}

const className = /^(?:[a-z_][\w$]*\.)+[A-Z][\w$]*/;
const frame = /^\s+(?:at |\.\.\. \d+ more)/;
const envelope = /^<Exception on server side:\n|\n?End of exception on server side>\s*$/g;

/** `text` is a stack trace as Java prints it, or a plain message. */
export function failureText(text: string): FailureText {
  const causes: string[][] = [[]];
  for (const line of text.replace(envelope, '').split('\n')) {
    if (frame.test(line)) continue;
    if (line.startsWith('Caused by: ')) causes.push([line.slice('Caused by: '.length)]);
    else causes.at(-1)?.push(line);
  }
  const messages = causes.map((lines) => lines.join(' ').replace(/\s+/g, ' ').trim()).filter((message) => message !== '');
  return { headline: withoutClasses(messages[0] ?? ''), reason: withoutClasses(messages.at(-1) ?? '') };
}

/**
 * The message of a wrapping exception begins with the wrapped one's class, so several classes may come in a row. An exception without a
 * message is shown as its class. A message of one word (a missing class, a host, a file) means nothing without the class of its exception.
 */
function withoutClasses(message: string): string {
  let [rest, last] = [message, ''];
  for (;;) {
    const name = className.exec(rest)?.[0];
    if (rest === name && !missingClass.test(last) && (last === '' || throwable.test(name))) return simple(name);
    if (name === undefined || !rest.startsWith(`${name}: `)) return last === '' || /\s/.test(rest) ? rest : `${simple(last)}: ${rest}`;
    [rest, last] = [rest.slice(name.length + 2), name];
  }
}

const throwable = /(?:Exception|Error|Throwable)$/;
const missingClass = /\.(?:ClassNotFoundException|NoClassDefFoundError)$/;

const simple = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Flink's wrappers, which add nothing once the reason is known. */
const emptyWords = [
  'Internal server error',
  'Could not execute application',
  'Job execution failed',
  'Recovery is suppressed by',
  'The main method caused an error',
  'An Exception occurred while triggering the checkpoint',
];

/** Source: `ResourceManager.requestTaskManagerDetailsInfo` and `requestThreadDump`, Flink 2.3. */
const unknownTaskManager = /No TaskExecutor registered under (\S+?)\.?$/;

/** One sentence: the headline and the reason, or whichever of the two says something. */
export function failureSentence(text: string): string {
  const { headline, reason } = failureText(text);
  const unknownJob = /Could not find Flink job \(([0-9a-f]{32})\)/.exec(reason)?.[1];
  if (unknownJob !== undefined) return `Job ${unknownJob} is not known to this cluster.`;
  const taskManager = unknownTaskManager.exec(reason)?.[1];
  if (taskManager !== undefined) return `TaskManager ${taskManager} is not registered with the JobManager.`;
  if (reason === '' || headline.includes(reason)) return asSentence(headline.trim());
  if (reason.includes(bare(headline)) || emptyWords.some((words) => headline.startsWith(words))) return asSentence(reason.trim());
  const word = /^\w+: (\S+)$/.exec(reason)?.[1];
  // The JVM writes the name of a missing class with slashes.
  if (word !== undefined && headline.replaceAll('/', '.').includes(word.replaceAll('/', '.'))) return asSentence(headline.trim());
  return asSentence(`${bare(headline)}: ${reason}`.trim());
}

const bare = (text: string): string => text.replace(/[.:\s]+$/, '');
