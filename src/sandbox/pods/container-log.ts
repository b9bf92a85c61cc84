/** A line in the container runtime's log. */
export interface LogEntry {
  /** Epoch milliseconds, and the nanoseconds within them: no two lines of a log share a stamp. */
  readonly at: number;
  readonly nanos: number;
  /** Without its line end. */
  readonly text: string;
}

/** The log of a container. It keeps the newest lines, as log rotation does. */
export interface ContainerLog {
  /** Each line of `text` becomes an entry. `at` may be in the past. */
  write(text: string, at?: number): void;
  entries(): readonly LogEntry[];
  /** Calls the listener for every new entry, then for the end. Call the result to stop. */
  follow(listener: LogListener): () => void;
  /** Ends the log, because the container has ended. */
  end(): void;
  readonly ended: boolean;
}

export interface LogListener {
  line(entry: LogEntry): void;
  end(): void;
}

/** How many lines of a container are kept. */
const KEPT = 200_000;

export function containerLog(now: () => number): ContainerLog {
  let entries: LogEntry[] = [];
  let ended = false;
  let lastAt = 0;
  let lastNanos = 0;
  const listeners = new Set<LogListener>();
  return {
    write(text, at = now()) {
      for (const line of text.split('\n')) {
        lastNanos = at > lastAt ? 120_000 + ((line.length * 977) % 500_000) : lastNanos + 1_700;
        lastAt = Math.max(at, lastAt);
        if (lastNanos > 999_999) {
          lastAt += 1;
          lastNanos = 0;
        }
        const entry: LogEntry = { at: lastAt, nanos: lastNanos, text: line };
        entries.push(entry);
        if (entries.length > KEPT * 1.1) entries = entries.slice(-KEPT);
        for (const listener of [...listeners]) listener.line(entry);
      }
    },
    entries: () => entries,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end() {
      ended = true;
      for (const listener of [...listeners]) listener.end();
      listeners.clear();
    },
    get ended() {
      return ended;
    },
  };
}

/** The kubelet's RFC 3339 stamp with nanoseconds. */
export const entryStamp = ({ at, nanos }: LogEntry): string =>
  `${new Date(at).toISOString().slice(0, 23)}${String(nanos).padStart(6, '0')}Z`;
