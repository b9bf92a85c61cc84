import type { Doubt } from '../commands/model/types.ts';
import type { Plan } from '../commands/runner.ts';
import type { LineOutput } from './line-output.ts';
import type { LineReader } from './line-reader.ts';
import { doubtLines, isAgreement, isYes, questionLines, unchanged } from './question.ts';

/** Questions on a terminal from which commands are read: the line after one is its answer. */
export interface LineQuestions {
  /** Call once lines are read. */
  readonly useReader: (reader: LineReader) => void;
  /** The next line that answers no question; undefined at the end of the input, or when the session ends. */
  readonly next: () => Promise<string | undefined>;
  /** Asks before a command. False: its plan needs a confirmation, and the next line is not one. */
  readonly confirms: (plan: Plan) => Promise<boolean>;
  /** Asks in the middle of a command, while others can be typed. No: another question is open, as it would get the answer. */
  readonly agrees: (doubt: Doubt) => Promise<boolean>;
}

export function lineQuestions({ diagnostics }: Pick<LineOutput, 'diagnostics'>, ending: AbortSignal): LineQuestions {
  const inputs = Promise.withResolvers<LineReader>();
  /** Takes the answer to the question that is open. */
  let answer: ((line: string | undefined) => void) | undefined;
  let over = false;
  const read = async (): Promise<string | undefined> => {
    const line = await (await inputs.promise).next(ending);
    over = line === undefined;
    return line;
  };
  return {
    useReader: inputs.resolve,
    async next() {
      for (;;) {
        const line = await read();
        if (answer === undefined) return line;
        answer(line);
        if (line === undefined) return undefined;
      }
    },
    async confirms(plan) {
      if (plan.kind !== 'confirm') return true;
      // One that was asked meanwhile is answered first.
      answer?.(await read());
      questionLines(plan).forEach(diagnostics);
      // Until it is answered, no other question is open.
      answer = () => undefined;
      const line = await read();
      answer = undefined;
      if (isAgreement(line, plan)) return true;
      diagnostics(unchanged(plan));
      return false;
    },
    async agrees(doubt) {
      if (answer !== undefined || over) return false;
      doubtLines(doubt).forEach(diagnostics);
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      answer = (line) => {
        answer = undefined;
        resolve(line);
      };
      return isYes((await promise) ?? '');
    },
  };
}
