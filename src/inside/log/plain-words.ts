import { briefName } from '../../native/pod-names.ts';

/** What the ids in a log stand for. */
export interface KnownNames {
  readonly clusterId: string;
  /** Names of jobs by their ids. */
  readonly jobs: ReadonlyMap<string, string>;
}

const id = '[0-9a-f]{32}';
/** The id of an attempt: execution graph, vertex, subtask, attempt. Source: `ExecutionAttemptID.toString`, Flink 1.16 to 2.3. */
const attempt = `${id}_${id}_\\d{1,9}_(\\d{1,9})`;
const everyAttempt = new RegExp(String.raw`(#\d{1,9})? ?\(${attempt}\)|(?<![0-9a-f_])${attempt}(?![0-9a-f_])`, 'g');
const everyId = new RegExp(`(?<![0-9a-f])(${id})(?![0-9a-f])`, 'g');

/** No message without one of these has an id or the name of a pod: most are not looked at twice. */
const shortestId = 32;
/** A message of 64 KiB is not searched to its end: what is seen of it is at its beginning. */
const mostSearched = 4_096;

/**
 * A message in the words of its reader: a job by its name, an attempt by its number, a pod as in its column. An id that stands beside its
 * name, or that nobody knows, becomes its first six digits, by which it can be recognised.
 */
export function plainWords(message: string, names: KnownNames): string {
  if (message.length > mostSearched) return plainWords(message.slice(0, mostSearched), names) + message.slice(mostSearched);
  return shortPods(message.length < shortestId ? message : shortIds(message, names), names);
}

function shortIds(message: string, { jobs }: KnownNames): string {
  if (!/[0-9a-f]{32}/.test(message)) return message;
  return message
    .replace(everyAttempt, (_, number: string | undefined, inBrackets: string | undefined, bare: string | undefined) =>
      number !== undefined ? number : inBrackets !== undefined ? ` (#${inBrackets})` : `#${bare}`,
    )
    .replace(everyId, (found) => {
      const name = jobs.get(found);
      return name === undefined || name === '' || message.includes(name) ? found.slice(0, 6) : name;
    });
}

function shortPods(message: string, { clusterId }: KnownNames): string {
  const start = `${clusterId}-taskmanager-`;
  if (!message.includes(start)) return message;
  let words = '';
  let from = 0;
  for (let at = message.indexOf(start); at >= 0; at = message.indexOf(start, at + start.length)) {
    const end = at + start.length;
    const number = /^\d{1,9}-\d{1,9}(?![\w-])/.exec(message.slice(end, end + longestNumber))?.[0];
    if (number === undefined || /[\w-]/.test(message[at - 1] ?? '')) continue;
    words += message.slice(from, at) + briefName(`taskmanager-${number}`, false);
    from = end + number.length;
  }
  return words + message.slice(from);
}

/** Two numbers, the hyphen between them, and what follows. */
const longestNumber = 20;
